using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes server nodes from a cluster: out of service first, then, when their data has moved, out of the cloud.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(FlowItem))]
public sealed class RemoveK2hdkcNodeCommand : RemoveNodeCmdlet
{
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

    private protected override NodeRole Role => NodeRole.Server;

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Remove(Node, Force ? "Remove server node without moving its data" : "Remove server node", Force);
}
