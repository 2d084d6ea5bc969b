using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// Recreates nodes in place without losing keys: each server's keys go to the others, it ends, the node that takes its place joins as a
/// new one would, and only then comes the next.
/// </summary>
public static class RingRenewal
{
    /// <summary>Recreates nodes, the slaves first, then the servers, one after the other.</summary>
    /// <param name="session">The session.</param>
    /// <param name="backend">How the cluster is run; it has <see cref="INodeRenewal"/>.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="options">How long to wait for each, and who watches. With <see cref="FlowOptions.Force"/> nothing is done for the
    /// data.</param>
    /// <param name="done">Told of each node that took another's place.</param>
    /// <param name="cancellationToken">Stops between two nodes, or in the middle of one; run again, it goes on.</param>
    public static async Task RunAsync(IDbaasSession session, IClusterBackend backend, string cluster, IReadOnlyList<ClusterNode> nodes,
        FlowOptions options, Func<ClusterNode, Task> done, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(done);
        var renewal = backend.Feature<INodeRenewal>()!;
        RingPass? pass = null;
        try
        {
            var renewed = 0;
            foreach (var node in nodes.OrderByDescending(n => n.Role == NodeRole.Slave)
                .ThenByDescending(n => n.Name, NaturalOrder.Instance))
            {
                options.Observer.Progress(new FlowProgress($"Recreating nodes of {cluster}", node.Name, renewed++ * 100 / nodes.Count));
                Task<ClusterNode> ReplaceAsync(CancellationToken ct) => renewal.ReplaceAsync(cluster, node, options, ct);
                var ring = options.Force || node is not { Role: NodeRole.Server, Registered: true }
                    ? null
                    : await OpenAsync().ConfigureAwait(false);
                // The only one has nobody to give its keys to; what it keeps it brings back.
                if (ring is null
                    || (ring.Nodes.Count == 1 && await renewal.KeepsDataAsync(cluster, cancellationToken).ConfigureAwait(false)))
                {
                    await done(await ReplaceAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
                    continue;
                }

                var leaving = ring.Nodes.FirstOrDefault(n => n.Name == node.IPAddress)
                    ?? throw new DbaasException(ErrorKind.Conflict, ErrorIds.DataAtRisk,
                        $"Node '{node.Name}' was not changed: the configuration of ring '{cluster}' does not name it.",
                        "Wait until it is registered (Wait-K2hdkcNode); -Force goes on without moving the data.")
                    { Target = node.Name };
                // One membership for all of them: a server that reads its configuration between two would turn this host away.
                pass ??= await ring.AdmitAsync(options, cancellationToken).ConfigureAwait(false);
                await ring.LeaveAsync(leaving, node.Name, pass, options, cancellationToken).ConfigureAwait(false);
                await done(await ring.GrowAsync(ReplaceAsync, made => made.IPAddress, pass, options, cancellationToken, leaving)
                    .ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        finally
        {
            if (pass is not null) await pass.DisposeAsync().ConfigureAwait(false);
        }

        Task<RingController> OpenAsync() =>
            RingController.OpenAsync(new ClusterRing(session, backend, cluster), TimeProvider.System, cancellationToken);
    }
}
