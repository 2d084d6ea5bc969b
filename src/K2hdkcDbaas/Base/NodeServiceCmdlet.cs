using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Model;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that brings nodes in or out of service, one after the other.</summary>
public abstract class NodeServiceCmdlet : ControlCmdlet
{
    /// <summary>The nodes: name, address, cuk, tag or name:controlport, or an object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("ControlAddress", "Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>
    /// Changes the ring the plain way: at once, without copying keys to their new holders first. Keys are hidden by that.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>With -Force, waits until the merge that follows is complete. Without -Force the change always ends with that.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>
    /// How long to wait for the ring at each step: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 900 seconds when not given.
    /// </summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(900);

    /// <summary>Returns the node's status afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done, for ShouldProcess.</summary>
    private protected abstract string Action { get; }

    /// <summary>Where a node is when it is done.</summary>
    private protected abstract RingMembership Wanted { get; }

    /// <summary>Does it.</summary>
    private protected abstract Task ChangeAsync(RingController ring, RingNode node, FlowOptions options,
        CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var source = Source;
        foreach (var reference in Node)
        {
            // What is to be decided on is read first, so that -WhatIf and -Confirm tell the steps and what the plain way would hide.
            if (!TryRun(reference.Name, (_, token) => ForeseeAsync(source, reference, token), out var plan)) continue;
            if (!ShouldProcess($"{reference} of {RingName}", $"{Action}: {plan!.Describe(Force)}")) continue;
            Run(reference.Name, (output, token) => ChangeAsync(source, reference, output, token));
        }
    }

    private async Task<RingPlan> ForeseeAsync(IRingSource source, NodeReference reference, CancellationToken cancellationToken)
    {
        var ring = await NodesAsync(source, cancellationToken).ConfigureAwait(false);
        return await ring.ForeseeAsync(reference.In(ring), Wanted == RingMembership.ServiceIn, cancellationToken).ConfigureAwait(false);
    }

    private async Task ChangeAsync(IRingSource source, NodeReference reference, CommandOutput output, CancellationToken cancellationToken)
    {
        var ring = await NodesAsync(source, cancellationToken).ConfigureAwait(false);
        var node = reference.In(ring);
        var options = new FlowOptions { Wait = Wait, Force = Force, Timeout = Timeout, Observer = output.Observer };
        await ChangeAsync(ring, node, options, cancellationToken).ConfigureAwait(false);
        if (!PassThru) return;
        var status = (await ring.GetStatusAsync(cancellationToken).ConfigureAwait(false))
            .First(s => s.Control == RingController.ControlOf(node));
        await output.WriteAsync(new K2hdkcNodeStatus(status), cancellationToken).ConfigureAwait(false);
    }
}
