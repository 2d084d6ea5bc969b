using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Brings server nodes into service (SERVICEIN) after keys were copied to where the larger ring looks for them.</summary>
[Cmdlet(VerbsLifecycle.Enable, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class EnableK2hdkcNodeCommand : NodeServiceCmdlet
{
    private protected override string Action => "Bring into service";

    private protected override Protocol.Ring.RingMembership Wanted => Protocol.Ring.RingMembership.ServiceIn;

    private protected override Task ChangeAsync(RingController ring, Protocol.Configuration.RingNode node, FlowOptions options,
        CancellationToken cancellationToken) =>
        ring.EnableAsync(node, options, cancellationToken);
}
