using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Brings server nodes into service (SERVICEIN); data moves to them with the merge that follows.</summary>
[Cmdlet(VerbsLifecycle.Enable, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class EnableK2hdkcNodeCommand : NodeServiceCmdlet
{
    private protected override string Action => "Bring into service";

    private protected override Protocol.Ring.RingMembership Wanted => Protocol.Ring.RingMembership.ServiceIn;

    private protected override Task ChangeAsync(RingNodes ring, Protocol.Configuration.RingNode node, CancellationToken cancellationToken) => ring.EnableAsync(node, cancellationToken);
}
