using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that removes nodes of one role from their cluster.</summary>
public abstract class RemoveNodeCmdlet : FlowCmdlet
{
    private readonly List<(IClusterBackend Backend, string Cluster, NodeReference Node)> _later = [];
    private bool _force;

    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>Puts out what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract NodeRole Role { get; }

    /// <summary>Removes one node after the other, so that each one's data can move; where the service takes them all in one task, at the end.</summary>
    private protected void Remove(NodeReference[] nodes, string action, bool force)
    {
        var backend = BackendOf(Cluster);
        foreach (var node in nodes.SelectMany(n => Meant(backend, n)))
        {
            if (!ShouldProcess($"{node.Name} of {Cluster.Name}", action)) continue;
            if (Role == NodeRole.Server ? backend.Capabilities.RemovesNodesTogether : backend.Capabilities.RemovesSlavesTogether) _later.Add((backend, Cluster.Key, node));
            else Remove(backend, Cluster.Key, [node], force);
        }
        _force = force;
    }

    /// <summary>The nodes that a name or pattern means, so that the question names them; what is not there is an error before any question.</summary>
    private IReadOnlyList<NodeReference> Meant(IClusterBackend backend, NodeReference node)
    {
        if (node.Node is not null) return [node];
        var found = TryRun(node.Name, async (_, token) =>
        {
            var all = await backend.GetNodesAsync(Cluster.Key, Role, node.Name, token).ToListAsync(token).ConfigureAwait(false);
            if (all.Count > 0 || WildcardPattern.ContainsWildcardCharacters(node.Name)) return all;
            throw new DbaasException(
                ErrorKind.NotFound, ErrorIds.NodeNotFound, $"Cluster '{Cluster.Name}' has no {(Role == NodeRole.Server ? "server" : "slave")} node '{node.Name}'.",
                $"See its nodes with Get-{(Role == NodeRole.Server ? "K2hdkcNode" : "K2hdkcSlave")} {Cluster.Name}.")
            { Target = node.Name };
        }, out var nodes);
        if (!found) return [];
        // A name that several nodes bear is the back end's to refuse.
        return WildcardPattern.ContainsWildcardCharacters(node.Name) ? [.. nodes!.Select(n => new NodeReference(n))] : [node];
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var cluster in _later.GroupBy(l => (l.Backend, l.Cluster))) Remove(cluster.Key.Backend, cluster.Key.Cluster, [.. cluster.Select(c => c.Node)], _force);
    }

    private void Remove(IClusterBackend backend, string cluster, List<NodeReference> nodes, bool force)
    {
        if (TryRun(string.Join(", ", nodes.Select(n => n.Name)), (output, token) => backend.RemoveNodesAsync(cluster, Role, [.. nodes.Select(n => n.Key)], Flow(output, force), token), out var removed) && PassThru)
            WriteObject(removed, enumerateCollection: true);
    }
}
