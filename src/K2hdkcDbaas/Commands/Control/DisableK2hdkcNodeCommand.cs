using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Takes server nodes out of service (SERVICEOUT); their data moves to the other nodes with the merge that follows.</summary>
[Cmdlet(VerbsLifecycle.Disable, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class DisableK2hdkcNodeCommand : NodeServiceCmdlet
{
    /// <summary>Takes a node out though no other one serves, or one that does is down.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string Action => "Take out of service";

    private protected override Protocol.Ring.RingMembership Wanted => Protocol.Ring.RingMembership.ServiceOut;

    private protected override Task ChangeAsync(RingNodes ring, Protocol.Configuration.RingNode node, CancellationToken cancellationToken) => ring.DisableAsync(node, Force, cancellationToken);
}
