using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Stops sandboxes; all that they held is gone.</summary>
[Cmdlet(VerbsLifecycle.Stop, "K2hdkcSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hdkcSandbox))]
public sealed class StopK2hdkcSandboxCommand : DbaasCmdlet
{
    /// <summary>The sandboxes to stop; every one that this process has started when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public K2hdkcSandbox[]? Sandbox { get; set; }

    /// <summary>Returns what was stopped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Sandbox ?? SandboxTable.Running)
        {
            if (!ShouldProcess(sandbox.ToString(), "Stop")) continue;
            if (Run(sandbox, (_, _) => SandboxProgram.StopAsync(sandbox.Process)) && PassThru) WriteObject(sandbox);
        }
    }
}
