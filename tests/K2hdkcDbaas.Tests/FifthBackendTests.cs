using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Sessions;

namespace K2hdkcDbaas.Tests;

/// <summary>
/// A back end that only this project knows, used through every cmdlet that asks one: nothing else in the house needs to know it.
/// </summary>
public sealed class FifthBackendTests : IAsyncLifetime
{
    private static readonly Assembly Skin = typeof(DbaasCmdlet).Assembly;

    /// <summary>One call per cmdlet, in an order in which each finds what it needs, with what it puts out as text.</summary>
    private static readonly (string Script, string Output)[] Calls =
    [
        ("(New-K2hdkcCluster demo -ServerCount 2 -SlaveCount 1 -Colour red -Folded) | % { $_.Backend; $_.RunUser; $_.ServerCount }",
            "Paper folded 2"),
        ("(Get-K2hdkcCluster d*).Name", "demo"),
        ("(Get-K2hdkcClusterConfiguration demo -Role Slave).Text.Split([char]10)[1]", "GROUP = demo"),
        // Expands a template with what K2HR3 holds, which this session does not have.
        ("try { Test-K2hdkcClusterConfiguration demo -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }",
            "K2hr3NotConfigured"),
        ("(Wait-K2hdkcCluster demo -Timeout 5).Name; (Wait-K2hdkcNode demo demo-Server-1 -Timeout 5).Name", "demo demo-Server-1"),
        ("(Get-K2hdkcNode demo).Flavor", "red red"),
        ("(Get-K2hdkcCluster demo | Add-K2hdkcNode -Name extra, more -Colour green -Writer anna).Flavor", "green green"),
        ("(Start-K2hdkcSlave demo -Count 2).Name", "demo-Slave-2 demo-Slave-3"),
        ("@(Get-K2hdkcSlave demo).Count", "3"),
        ("Stop-K2hdkcSlave demo demo-Slave-3 -Confirm:$false; @(Get-K2hdkcSlave demo).Count", "2"),
        ("Remove-K2hdkcNode demo extra, more -Confirm:$false; (Get-K2hdkcNode demo).Name", "demo-Server-1 demo-Server-2"),
        ("(Backup-K2hdkcCluster demo -SetName night).Name", "night-demo-Server-1 night-demo-Server-2"),
        ("(Backup-K2hdkcNode demo demo-Server-1 -SetName noon).Node", "demo-Server-1"),
        ("(Get-K2hdkcBackup night).Count", "2"),
        ("(Restore-K2hdkcNode demo noon-demo-Server-1 again -Colour green).Flavor", "green"),
        ("(Restore-K2hdkcCluster other night -Colour red).ServerCount", "2"),
        ("Remove-K2hdkcBackup noon -Confirm:$false; @(Get-K2hdkcBackup).Count", "2"),
        ("Restart-K2hdkcCluster demo; Restart-K2hdkcNode demo again; 'done'", "done"),
        ("try { Update-K2hdkcCertificate demo -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }", "BackendNotSupported"),
        ("try { Update-K2hdkcNodeImage demo -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }", "BackendNotSupported"),
        ("Stop-K2hdkcNode demo again -Confirm:$false; Start-K2hdkcNode demo again; Get-K2hdkcNodeConsole demo again -Tail 2",
            "again 1 again 2"),
        ("Register-K2hdkcNode demo again -ConfigurationGroup g; Unregister-K2hdkcNode demo again -Confirm:$false; 'done'", "done"),
        ("Set-K2hdkcCluster demo -ConfigurationGroup g; Reset-K2hdkcClusterStatus demo -Confirm:$false; 'done'", "done"),
        ("Get-K2hdkcQuota | % { $_.Service; $_.Resource }", "Paper sheets"),
        // Of what Helm and Kubernetes keep there is nothing on paper.
        .. new[] { "Get-K2hdkcHelmRevision demo", "Get-K2hdkcHelmDrift demo", "Restore-K2hdkcHelmRevision demo -Confirm:$false",
            "ConvertTo-K2hdkcHelmValues demo", "Export-K2hdkcCluster demo",
            "New-K2hr3Deployment https://login.example web ([securestring]::new())",
            "Remove-K2hr3Deployment r3 -Confirm:$false" }.Select(c =>
            ($"try {{ {c} -Backend Paper }} catch {{ $_.FullyQualifiedErrorId.Split(',')[0] }}", "BackendNotSupported")),
        ("Remove-K2hdkcCluster demo -Confirm:$false; (Get-K2hdkcCluster).Name", "other"),
    ];

    private readonly Runspace _runspace = RunspaceFactory.CreateRunspace(Cmdlets());
    private IDbaasSession? _session;

    public static TheoryData<string> Asking => new(Skin.GetExportedTypes()
        .Where(t => typeof(IBackendChoice).IsAssignableFrom(t) && !t.IsAbstract)
        .Select(t => t.GetCustomAttribute<CmdletAttribute>()!).Select(a => $"{a.VerbName}-{a.NounName}").Order());

    public async ValueTask InitializeAsync()
    {
        var environment =
            new SessionEnvironment(new CloudEnvironment { Variable = _ => null, CurrentFolder = "/nosuch", HomeFolder = "/nosuch" },
                "/nosuch");
        var factory = new SessionFactory(environment, TimeProvider.System, null, null, [.. BackendProviders.All, new PaperProvider()]);
        _session = await factory.ConnectAsync(new SessionOptions { Backend = "sheet" }, SilentObserver.Instance, CancellationToken.None);
        _runspace.Open();
        var former = Runspace.DefaultRunspace;
        Runspace.DefaultRunspace = _runspace;
        SessionTable.Here.Add(new K2hdkcSession(_session));
        Runspace.DefaultRunspace = former;
    }

    public async ValueTask DisposeAsync()
    {
        _runspace.Dispose();
        if (_session is not null) await _session.DisposeAsync();
    }

    [Fact]
    public void It_is_used_through_every_cmdlet()
    {
        Assert.Equal(("Paper", "Pencil"), (_session!.Backend, _session.Authentication));
        foreach (var (script, output) in Calls) Assert.Equal(output, string.Join(' ', Run(script)));
        var notes = ((PaperBackend)_session.Clusters).Notes;
        Assert.Equal(
            ["removed together: demo-Slave-3", "removed together: extra, more", "restarted: demo", "restarted: demo again",
                "stopped: demo again", "started: demo again",
                "attached g: demo again", "detached: demo again", "attached g: demo", "reset: demo"],
            notes);
    }

    [Theory]
    [MemberData(nameof(Asking))]
    public void No_cmdlet_is_left_out(string cmdlet) => Assert.Contains(Calls, c => c.Script.Contains(cmdlet, StringComparison.Ordinal));

    [Fact]
    public void What_it_does_not_offer_names_those_that_do()
    {
        var error = ErrorOf("Get-K2hdkcConfigurationGroup");
        Assert.StartsWith("BackendNotSupported", error.FullyQualifiedErrorId);
        Assert.Contains("Trove", error.Exception.Message);
        Assert.StartsWith("CloudNotConfigured", ErrorOf("Get-K2hdkcCluster -Backend Nova").FullyQualifiedErrorId);
        Assert.Contains("Paper", ErrorOf("Get-K2hdkcCluster -Backend stone").ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Its_parameters_are_described_checked_and_completed()
    {
        var parameters = (IDictionary<string, ParameterMetadata>)((PSObject)Run("(Get-Command Add-K2hdkcNode).Parameters")[0]!).BaseObject;
        Assert.Equal("Who writes.", parameters["Writer"].Attributes.OfType<ParameterAttribute>().Single().HelpMessage);
        Assert.Equal(typeof(Reference), parameters["Writer"].ParameterType);
        Assert.StartsWith("ParameterArgumentValidationError", ErrorOf("Add-K2hdkcNode demo -Colour blue").FullyQualifiedErrorId);
        using var shell = Shell();
        var line = "Add-K2hdkcNode demo -Writer b";
        Assert.Equal(["bert"],
            CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches.Select(m => m.CompletionText));
        line = "Get-K2hdkcCluster -Backend P";
        Assert.Equal(["Paper"],
            CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches.Select(m => m.CompletionText));
    }

    private static InitialSessionState Cmdlets()
    {
        var state = InitialSessionState.CreateDefault2();
        foreach (var type in Skin.GetExportedTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, null));
        }

        return state;
    }

    private ErrorRecord ErrorOf(string script)
    {
        using var shell = Shell();
        shell.AddScript(script).Invoke();
        return Assert.Single(shell.Streams.Error);
    }

    private PowerShell Shell() => PowerShell.Create(_runspace);

    private List<object?> Run(string script)
    {
        using var shell = Shell();
        var output = shell.AddScript(script).Invoke().Select(o => (object?)o).ToList();
        Assert.Empty(shell.Streams.Error);
        return output;
    }
}
