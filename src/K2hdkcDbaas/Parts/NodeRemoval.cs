using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Parts;

/// <summary>Removes nodes of one role from their cluster.</summary>
/// <param name="cmdlet">The cmdlet that was called.</param>
/// <param name="role">The nodes' role.</param>
internal sealed class NodeRemoval(FlowCmdlet cmdlet, NodeRole role)
{
    private readonly List<(IClusterBackend Backend, string Cluster, NodeReference Node)> _later = [];

    // The clusters of nodes that are still there and will be gone when the next one goes; once for each.
    private readonly List<string> _foreseen = [];

    /// <summary>Whether nodes are removed without moving their data first, and even the last copy of it.</summary>
    public bool Force { get; init; }

    /// <summary>Whether what was removed is written.</summary>
    public bool PassThru { get; init; }

    /// <summary>
    /// Removes one node after the other, so that each one's data can move; where the service takes them all in one task, at the end.
    /// </summary>
    public void Remove(ClusterReference of, NodeReference[] nodes, string action)
    {
        var backend = cmdlet.BackendOf(of);
        foreach (var node in nodes.SelectMany(n => Meant(backend, of, n)))
        {
            if (!cmdlet.ShouldProcess($"{node.Name} of {of.Name}", action + Comes(backend, of, node)))
            {
                if (cmdlet.IsWhatIf) _foreseen.Add(of.Key);
                continue;
            }

            if (role == NodeRole.Server ? backend.Capabilities.RemovesNodesTogether : backend.Capabilities.RemovesSlavesTogether)
            {
                _later.Add((backend, of.Key, node));
                _foreseen.Add(of.Key);
            }
            else Remove(backend, of.Key, [node]);
        }
    }

    /// <summary>
    /// The nodes that a name or pattern means, so that the question names them; what is not there is an error before any question.
    /// </summary>
    private IReadOnlyList<NodeReference> Meant(IClusterBackend backend, ClusterReference of, NodeReference node)
    {
        if (node.Node is not null) return [node];
        var found = cmdlet.TryRun(node.Name, async (_, token) =>
        {
            var all = await backend.GetNodesAsync(of.Key, role, node.Name, token).ToListAsync(token).ConfigureAwait(false);
            if (all.Count > 0 || WildcardPattern.ContainsWildcardCharacters(node.Name)) return all;
            throw new DbaasException(
                ErrorKind.NotFound, ErrorIds.NodeNotFound,
                $"Cluster '{of.Name}' has no {(role == NodeRole.Server ? "server" : "slave")} node '{node.Name}'.",
                $"See its nodes with Get-{(role == NodeRole.Server ? "K2hdkcNode" : "K2hdkcSlave")} {of.Name}.")
            { Target = node.Name };
        }, out var nodes);
        if (!found) return [];
        // A name that several nodes bear is the back end's to refuse.
        return WildcardPattern.ContainsWildcardCharacters(node.Name) ? [.. nodes!.Select(n => new NodeReference(n))] : [node];
    }

    // Read for a decision alone. A node that the ring does not know has no keys to move.
    private string Comes(IClusterBackend backend, ClusterReference of, NodeReference node)
    {
        if (role != NodeRole.Server || !cmdlet.AsksFirst) return "";
        RingPlan? plan = null;
        cmdlet.Run(of.Name, async (_, token) =>
        {
            try
            {
                var ring = await RingController.OpenAsync(new ClusterRing(cmdlet.Connection, backend, of.Key), TimeProvider.System, token)
                    .ConfigureAwait(false);
                plan = await ring.ForeseeAsync(node.In(ring), joins: false, token).ConfigureAwait(false);
            }
            catch (DbaasException e) when (e.ErrorId is ErrorIds.NodeNotFound or ErrorIds.NodeAmbiguous or ErrorIds.ClusterHasNoServer
                or ErrorIds.ClusterNotRegistered)
            {
                // What is wrong with it the removal says.
            }
        });
        if (plan is null) return "";
        var left = plan with { Before = plan.Before - _foreseen.Count(c => c == of.Key) };
        return left switch
        {
            { IsDone: false, Before: < 2 } => "; it is the last one in service, and all data would be lost with it",
            _ => $": {left.Describe(Force)}",
        };
    }

    /// <summary>Removes those that were left for the end.</summary>
    public void End()
    {
        foreach (var cluster in _later.GroupBy(l => (l.Backend, l.Cluster)))
            Remove(cluster.Key.Backend, cluster.Key.Cluster, [.. cluster.Select(c => c.Node)]);
    }

    private void Remove(IClusterBackend backend, string cluster, List<NodeReference> nodes)
    {
        var removed = cmdlet.TryRun(
            string.Join(", ", nodes.Select(n => n.Name)),
            (output, token) => backend.RemoveNodesAsync(cluster, role, [.. nodes.Select(n => n.Key)], cmdlet.Flow(output, Force), token),
            out var items);
        if (removed && PassThru) cmdlet.WriteObject(items, enumerateCollection: true);
    }
}
