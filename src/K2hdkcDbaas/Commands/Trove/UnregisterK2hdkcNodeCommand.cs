using System.Management.Automation;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Commands;

/// <summary>Lets a Trove instance leave its cluster and run on: detaches its configuration group.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class UnregisterK2hdkcNodeCommand : MemberOperationCmdlet
{
    private protected override string Action => "Let leave the cluster by detaching its configuration group";

    private protected override Task DoAsync(IServiceOperations service, string node, FlowOptions options, CancellationToken cancellationToken) =>
        service.DetachConfigurationAsync(Cluster.Key, node, options, cancellationToken);
}
