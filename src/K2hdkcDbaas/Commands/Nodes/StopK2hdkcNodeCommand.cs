using System.Management.Automation;
using K2hdkcDbaas.Base;

namespace K2hdkcDbaas.Commands;

/// <summary>Stops the machines of nodes; they keep their disks and their entries in the role.</summary>
[Cmdlet(VerbsLifecycle.Stop, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class StopK2hdkcNodeCommand : NodeMachineCmdlet
{
    private protected override string Action => "Stop machine";

    private protected override Task DoAsync(string node, CommandOutput output, CancellationToken cancellationToken) =>
        Machines.StopAsync(Cluster.Key, node, Flow(output), cancellationToken);
}
