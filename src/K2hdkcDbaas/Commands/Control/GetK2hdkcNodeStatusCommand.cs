using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Asks every server node of a ring for its status, over the control ports. A node that does not answer is listed with the reason.
/// </summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcNodeStatus", DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class GetK2hdkcNodeStatusCommand : ControlCmdlet
{
    /// <summary>Only these nodes: names, addresses, cuks, tags or name:controlport; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NodeArgument(TakesCluster = true)]
    public NodeReference[] Node { get; set; } = [new("*")];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // A cluster that was piped as a node means all nodes of that cluster.
        var clusters = Node.Select(n => n.Of).OfType<ClusterReference>().ToList();
        if (clusters.Count == 0) Show(Source, RingName);
        foreach (var cluster in clusters) Show(SourceOf(cluster), cluster.Name);
    }

    private void Show(IRingSource source, string name)
    {
        Run(name, async (output, token) =>
        {
            var ring = await NodesAsync(source, token).ConfigureAwait(false);
            var wanted = Node.SelectMany(
                n => WildcardPattern.ContainsWildcardCharacters(n.Name) ? ring.Nodes.Where(r => r.Bears(n.Name)) : Found(ring, n))
                .ToHashSet();
            var all = await ring.GetStatusAsync(token).ConfigureAwait(false);
            for (var i = 0; i < all.Count; i++)
                if (wanted.Contains(ring.Nodes[i])) await output.WriteAsync(new K2hdkcNodeStatus(all[i]), token).ConfigureAwait(false);
        });
    }

    // A name that several nodes of one host share means all of them here.
    private static List<Protocol.Configuration.RingNode> Found(RingController ring, NodeReference node)
    {
        var found = ring.Nodes.Where(n => n.Bears(node.Name)).ToList();
        return found.Count > 0 ? found : [node.In(ring)];
    }
}
