using System.Management.Automation;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Commands;

/// <summary>Restarts single members of a cluster that Trove runs.</summary>
[Cmdlet(VerbsLifecycle.Restart, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class RestartK2hdkcNodeCommand : MemberOperationCmdlet
{
    private protected override string Action => "Restart member";

    private protected override Task DoAsync(IServiceOperations service, string node, FlowOptions options, CancellationToken cancellationToken) =>
        service.RestartAsync(Cluster.Key, node, options, cancellationToken);
}
