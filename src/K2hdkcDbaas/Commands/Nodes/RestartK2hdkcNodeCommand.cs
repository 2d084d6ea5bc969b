using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Backends;

namespace K2hdkcDbaas.Commands;

/// <summary>Restarts single nodes: the machines of Nova's, the database of Trove's members.</summary>
[Cmdlet(VerbsLifecycle.Restart, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class RestartK2hdkcNodeCommand : NodeMachineCmdlet
{
    /// <summary>Restarts a machine without asking its system to end first, as with the reset button (Nova: a hard reboot).</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string Action => "Restart node";

    // Where the service has operations of its own for members, they know better than a reset button what to do.
    private protected override Task DoAsync(string node, CommandOutput output, CancellationToken cancellationToken) =>
        BackendOf(Cluster).Features.OfType<IServiceOperations>().FirstOrDefault() is { } service
            ? service.RestartAsync(Cluster.Key, node, Flow(output, Force), cancellationToken)
            : Machines.RestartAsync(Cluster.Key, node, Flow(output, Force), cancellationToken);
}
