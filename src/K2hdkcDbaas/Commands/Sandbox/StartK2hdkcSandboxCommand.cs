using System.Globalization;
using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Starts a sandbox: Keystone, Nova, Glance, Neutron, Trove, K2HR3 and a Kubernetes API on this machine's loopback, for trying and testing.
/// It keeps nothing and is no product database.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "K2hdkcSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(K2hdkcSandbox))]
public sealed class StartK2hdkcSandboxCommand : DbaasCmdlet
{
    /// <summary>The folder to write clouds.yaml and kubeconfig to; a temporary one, removed at the end, when not given.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Sandbox seconds per real second; 1 when not given.</summary>
    [Parameter]
    [ValidateRange(0.01, 10000)]
    public double Speed { get; set; } = 1;

    /// <summary>
    /// How long a server takes from BUILD to ACTIVE, in the sandbox's time: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 0.8
    /// seconds when not given.
    /// </summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan BuildTime { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>
    /// How long a Keystone token lasts, in the sandbox's time: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 3600 seconds when not
    /// given.
    /// </summary>
    [Parameter]
    [Duration(AtMost = 864000)]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromSeconds(3600);

    /// <summary>The release of K2HR3 to behave as; 1.0.42 when not given.</summary>
    [Parameter]
    [ValidateSet("1.0.42", "2.0.3")]
    public string K2hr3Version { get; set; } = "1.0.42";

    /// <summary>
    /// How the members of a ring merge when one joins or leaves. Released: as chmpx is released, only that one fetches data, and keys whose
    /// new first holder has no copy read as missing. Patched: as a chmpx in which every member in service does; no key is hidden.
    /// </summary>
    [Parameter]
    [ValidateSet("Released", "Patched")]
    public string RingMerge { get; set; } = "Released";

    /// <summary>Servers become ACTIVE and nothing runs in them.</summary>
    [Parameter]
    public SwitchParameter NoGuest { get; set; }

    /// <summary>How long it may take to get ready: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 60 seconds when not given.</summary>
    [Parameter]
    [Duration(AtMost = 600)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess("loopback", "Start sandbox")) return;
        List<string> arguments =
        [
            "--speed", Speed.ToString(CultureInfo.InvariantCulture),
            "--build-time", BuildTime.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            "--token-lifetime", TokenLifetime.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            "--k2hr3-version", K2hr3Version,
            "--ring-merge", RingMerge,
        ];
        if (NoGuest) arguments.Add("--no-guests");
        if (Path is not null) arguments.AddRange(["--directory", SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path)]);
        if (!TryRun("sandbox", (_, token) => SandboxProgram.StartAsync(arguments, Timeout, token), out var sandbox)) return;
        SandboxTable.Add(sandbox!);
        WriteObject(sandbox);
    }
}
