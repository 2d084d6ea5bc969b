using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes server nodes from a cluster: out of service first, then, when their data has moved, out of the cloud.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(FlowItem))]
public sealed class RemoveK2hdkcNodeCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The nodes, by name, id, cuk, tag, address or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [NodeArgument]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>Removes at once, without moving the data, and even the last copy of it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private NodeRemoval Removal => field ??= new NodeRemoval(this, NodeRole.Server) { Force = Force, PassThru = PassThru };

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Removal.Remove(Cluster, Node, Force ? "Remove server node without moving its data" : "Remove server node");

    /// <inheritdoc/>
    protected override void EndProcessing() => Removal.End();
}
