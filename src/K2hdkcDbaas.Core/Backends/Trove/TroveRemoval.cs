using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>Removes members and clusters that Trove runs. A removal that broke off can be run again to finish.</summary>
internal sealed class TroveRemoval(OpenStackConnection cloud, TroveFinder finder, TroveWaiter waiter, TroveSlaves slaves,
    IRingControl rings)
{
    /// <summary>Removes a cluster; see <see cref="IClusterBackend.RemoveClusterAsync"/>.</summary>
    public Task<IReadOnlyList<FlowItem>> ClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        RemovalRun.RunAsync($"Removing Trove cluster {cluster}", options, async run =>
        {
            TroveCluster found;
            try
            {
                found = await finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException e) when (e.ErrorId == ErrorIds.ClusterNotFound)
            {
                await LeftoversAsync(run, cluster, options, cancellationToken).ConfigureAwait(false);
                if (run.Gone.Count == 0) throw;
                return;
            }
            await DeleteAsync(run, found, cancellationToken).ConfigureAwait(false);
            run.Removed(await slaves.RemoveAllAsync(TroveSlaves.NameOf(found), options, cancellationToken).ConfigureAwait(false));
            // A group that was made with the cluster goes with it; for that its instances must be gone.
            var own = found.Group is { Description: TroveBackend.MadeWithCluster } group ? group : null;
            if (options.Wait || own is not null)
                await waiter.GoneAsync([.. Things(found)], options, cancellationToken).ConfigureAwait(false);
            if (own is not null) await DeleteGroupAsync(run, own.Id, own.Name, options, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);

    /// <summary>Removes members; see <see cref="IClusterBackend.RemoveNodesAsync"/>.</summary>
    public Task<IReadOnlyList<FlowItem>> NodesAsync(TroveCluster cluster, IReadOnlyList<string> nodes, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var members = nodes.Select(cluster.Member).DistinctBy(m => m.Id).ToList();
        var names = string.Join(", ", members.Select(m => m.Name));
        if (members.Count == cluster.Instances.Count && !options.Force)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.DataAtRisk,
                $"'{names}' {(members.Count == 1 ? "is the last node" : "are all nodes")} of cluster '{cluster.Name}', and all data would "
                    + $"be lost with {(members.Count == 1 ? "it" : "them")}.",
                "Remove the cluster with Remove-K2hdkcCluster, or use -Force.")
            { Target = names };
        return RemovalRun.RunAsync($"Removing {names} of {cluster.Name}", options, async run =>
        {
            // One task for all, since Trove takes no other before it is over; their data moves before it, of one after the other.
            var bulk = members.Intersect(cluster.BulkMembers).ToList();
            foreach (var member in bulk) await LeaveAsync(cluster, member, options, cancellationToken).ConfigureAwait(false);
            if (bulk.Count > 0)
            {
                await run.RemoveAsync([.. bulk.Select(Item)],
                    () => cloud.Database.Clusters.ShrinkAsync(cluster.Bulk!.Id, [.. bulk.Select(m => m.Id)],
                        cancellationToken)).ConfigureAwait(false);
                var staying = cluster.BulkMembers.Except(bulk).Select(m => m.Id).ToHashSet();
                if (options.Wait)
                    await waiter.IdleAsync(cluster.Bulk!.Id, staying, options, s => run.Report(s, 50),
                        cancellationToken).ConfigureAwait(false);
            }
            // One after the other, so that each one's data can move.
            foreach (var member in members.Except(bulk))
            {
                await LeaveAsync(cluster, member, options, cancellationToken).ConfigureAwait(false);
                await run.RemoveAsync(Item(member),
                    () => cloud.Database.Instances.DeleteAsync(member.Id, cancellationToken)).ConfigureAwait(false);
                if (options.Wait) await waiter.GoneAsync([Thing(member)], options, cancellationToken).ConfigureAwait(false);
            }
            var left = cluster.Without(members.Select(m => m.Id));
            if (options.Wait) await slaves.FollowAsync(left, options, cancellationToken).ConfigureAwait(false);
            else await slaves.LaterAsync(left, $"that {names} {(members.Count == 1 ? "leaves" : "leave")}, since the data is still moving",
                options, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
    }

    // An instance that does not run has nothing to give; what it held alone is lost with it or without.
    private async Task LeaveAsync(TroveCluster cluster, DatabaseInstance member, FlowOptions options, CancellationToken cancellationToken)
    {
        if (options.Force) return;
        var described = cluster.Describe(null);
        var nodes = described.Nodes.Where(n => n is { Role: NodeRole.Server, IPAddress: not null })
            .Select(n => n with { Cuk = n.Id, Tag = Clusters.ClusterNames.Normal(n.Name) }).ToList();
        if (nodes.Find(n => n.Id == member.Id) is not { Status: "ACTIVE" or "HEALTHY" } node) return;
        await rings.LeaveAsync(new RingMembers(cluster.Name, nodes, described.Ports), node, options,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteAsync(RemovalRun run, TroveCluster cluster, CancellationToken cancellationToken)
    {
        // First what Trove may refuse: while a task is under way nothing is to be changed.
        if (cluster.Bulk is { } bulk)
            await run.RemoveAsync(new FlowItem("cluster", bulk.Name, bulk.Id),
                () => cloud.Database.Clusters.DeleteAsync(bulk.Id, cancellationToken)).ConfigureAwait(false);
        await Together.ForEachAsync(cluster.Singles.ToList(),
            i => run.RemoveAsync(Item(i), () => cloud.Database.Instances.DeleteAsync(i.Id, cancellationToken))).ConfigureAwait(false);
    }

    // What a removal that broke off has left: the group that was made with the cluster, and the cluster's part in K2HR3.
    private async Task LeftoversAsync(RemovalRun run, string cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        if ((await finder.ListAsync(new NamePattern("*"), cancellationToken).ConfigureAwait(false)).Any(c => TroveSlaves.NameOf(c) == name))
            return;
        run.Removed(await slaves.RemoveAllAsync(name, options, cancellationToken).ConfigureAwait(false));
        var groups = await cloud.Database.Configurations.ListAsync(cancellationToken)
            .Where(g => g.Name == cluster && g.Description == TroveBackend.MadeWithCluster && ConfigurationGroups.IsOurs(g))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var group in groups) await DeleteGroupAsync(run, group.Id, group.Name, options, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteGroupAsync(RemovalRun run, string id, string name, FlowOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await run.RemoveAsync(new FlowItem("configuration group", name, id),
                () => cloud.Database.Configurations.DeleteAsync(id, cancellationToken)).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.Conflict)
        {
            options.Observer.Warning(
                $"The configuration group '{name}' ({id}) was kept: other nodes use it. Remove-K2hdkcConfigurationGroup removes it when "
                    + $"they do not any more.");
        }
    }

    private IEnumerable<(string What, Func<CancellationToken, Task> Look)> Things(TroveCluster cluster)
    {
        if (cluster.Bulk is { } bulk) yield return ($"cluster {bulk.Name}", ct => cloud.Database.Clusters.GetAsync(bulk.Id, ct));
        foreach (var instance in cluster.Singles) yield return Thing(instance);
    }

    private (string What, Func<CancellationToken, Task> Look) Thing(DatabaseInstance instance) =>
        ($"instance {instance.Name}", ct => cloud.Database.Instances.GetAsync(instance.Id, ct));

    private static FlowItem Item(DatabaseInstance instance) => new("instance", instance.Name, instance.Id);
}
