using System.Management.Automation;
using K2hdkcDbaas.Base;

namespace K2hdkcDbaas.Commands;

/// <summary>Starts the machines of nodes that were stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class StartK2hdkcNodeCommand : NodeMachineCmdlet
{
    private protected override string Action => "Start machine";

    private protected override Task DoAsync(string node, CommandOutput output, CancellationToken cancellationToken) =>
        Machines.StartAsync(Cluster.Key, node, Flow(output), cancellationToken);
}
