using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Asks every server node of a ring for its status, over the control ports. A node that does not answer is listed with the reason.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcNodeStatus")]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class GetK2hdkcNodeStatusCommand : ControlCmdlet
{
    /// <summary>Only these nodes: names, addresses, cuks, tags or name:controlport; wildcards are allowed.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public NodeReference[] Node { get; set; } = [new("*")];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var source = Source;
        Run(RingName, async (output, token) =>
        {
            var ring = await NodesAsync(source, token).ConfigureAwait(false);
            var wanted = Node.SelectMany(n => WildcardPattern.ContainsWildcardCharacters(n.Name) ? ring.Nodes.Where(r => Bears(r, n.Name)) : Found(ring, n)).ToHashSet();
            var all = await ring.GetStatusAsync(token).ConfigureAwait(false);
            for (var i = 0; i < all.Count; i++)
                if (wanted.Contains(ring.Nodes[i])) await output.WriteAsync(new K2hdkcNodeStatus(all[i]), token).ConfigureAwait(false);
        });
    }

    // A name that several nodes of one host share means all of them here.
    private static List<Protocol.Configuration.RingNode> Found(RingNodes ring, NodeReference node)
    {
        var found = ring.Nodes.Where(n => Bears(n, node.Name)).ToList();
        return found.Count > 0 ? found : [Pick(ring, node)];
    }
}
