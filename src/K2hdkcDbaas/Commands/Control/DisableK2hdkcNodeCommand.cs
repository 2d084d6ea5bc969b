using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Takes server nodes out of service (SERVICEOUT) after their keys were copied to where the smaller ring looks for them.</summary>
[Cmdlet(VerbsLifecycle.Disable, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class DisableK2hdkcNodeCommand : NodeServiceCmdlet
{
    private protected override string Action => "Take out of service";

    private protected override Protocol.Ring.RingMembership Wanted => Protocol.Ring.RingMembership.ServiceOut;

    private protected override Task ChangeAsync(RingController ring, Protocol.Configuration.RingNode node, FlowOptions options,
        CancellationToken cancellationToken) =>
        ring.DisableAsync(node, options, cancellationToken);
}
