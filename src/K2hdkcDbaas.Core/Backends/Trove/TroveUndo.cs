using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>
/// Undoes what a flow made in Trove, or asked for without ever getting an answer. Trove deletes nothing that it is still building, and
/// no group that is in use, so each waits for its turn.
/// </summary>
internal sealed class TroveUndo(OpenStackConnection cloud, TroveWaiter waiter, TimeProvider time)
{
    // The flow's own limit for undoing ends a wait before this does.
    private static readonly FlowOptions Long = FlowOptions.Default with { Timeout = TimeSpan.FromHours(1) };

    /// <summary>Deletes an instance.</summary>
    /// <param name="id">Its id; null when no answer told it: then it is found by its name among those that have the group.</param>
    /// <param name="groupId">Its configuration group.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task InstanceAsync(string? id, string groupId, string name, CancellationToken cancellationToken)
    {
        id ??= (await cloud.Database.Configurations.ListInstancesAsync(groupId, cancellationToken)
            .FirstOrDefaultAsync(i => i.Name == name, cancellationToken).ConfigureAwait(false))?.Id;
        if (id is not null)
            await WhenFreeAsync(ct => cloud.Database.Instances.DeleteAsync(id, ct), static _ => Task.FromResult(true),
                cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a configuration group that was made with its cluster, once the nodes that are going are gone.</summary>
    /// <param name="id">Its id; null when no answer told it: then it is found by what it says of itself.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its description.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task GroupAsync(string? id, string name, string description, CancellationToken cancellationToken)
    {
        id ??= (await cloud.Database.Configurations.ListAsync(cancellationToken)
            .FirstOrDefaultAsync(g => g.Name == name && g.Description == description, cancellationToken).ConfigureAwait(false))?.Id;
        if (id is not null)
            await WhenFreeAsync(ct => cloud.Database.Configurations.DeleteAsync(id, ct), ct => AreGoingAsync(id, ct),
                cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a cluster, and waits until it is gone.</summary>
    /// <param name="id">Its id; null when no answer told it.</param>
    /// <param name="name">Its name, which no other cluster of the project had.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ClusterAsync(string? id, string name, CancellationToken cancellationToken)
    {
        id ??= (await cloud.Database.Clusters.ListAsync(cancellationToken)
            .FirstOrDefaultAsync(c => c.Name == name, cancellationToken).ConfigureAwait(false))?.Id;
        if (id is null) return;
        await EndOfTaskAsync(id, static _ => true, cancellationToken).ConfigureAwait(false);
        if (!await cloud.Database.Clusters.DeleteAsync(id, cancellationToken).ConfigureAwait(false)) return;
        await waiter.GoneAsync($"cluster {name}", ct => cloud.Database.Clusters.GetAsync(id, ct), Long,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes the members that a growth has brought out of a cluster. Trove does not do this itself, whatever becomes of them.
    /// </summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="before">The members that it had.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task GrowthAsync(string id, IReadOnlySet<string> before, CancellationToken cancellationToken)
    {
        var cluster = await EndOfTaskAsync(id, m => !before.Contains(m.Id), cancellationToken).ConfigureAwait(false);
        var added = cluster.Instances.Select(i => i.Id).Where(i => !before.Contains(i)).ToList();
        if (added.Count == 0) return;
        await cloud.Database.Clusters.ShrinkAsync(id, added, cancellationToken).ConfigureAwait(false);
        await waiter.IdleAsync(id, before, Long, static _ => { }, cancellationToken).ConfigureAwait(false);
    }

    // While members are being built the task goes on. One that failed keeps it from ever ending.
    private async Task<DatabaseCluster> EndOfTaskAsync(string id, Func<ClusterMember, bool> concerned, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, Long.Timeout);
        while (true)
        {
            var cluster = await cloud.Database.Clusters.GetAsync(id, cancellationToken).ConfigureAwait(false);
            if (cluster.IsIdle || cluster.Task.Name == "DELETING") return cluster;
            var members = cluster.Instances.Where(concerned).ToList();
            if (members.Exists(i => TroveWaiter.IsFailed(i.Status)) && !members.Exists(i => i.Status == "BUILD"))
                throw TroveWaiter.Stuck(cluster, $"with {string.Join(", ", members.Select(m => $"{m.Name} ({m.Id}) {m.Status}"))}");
            if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false))
                throw TroveWaiter.Stuck(cluster, $"after {poll.Elapsed.TotalSeconds:0} s");
        }
    }

    // Nodes that stay would keep a group for good.
    private async Task<bool> AreGoingAsync(string groupId, CancellationToken cancellationToken)
    {
        var users = await cloud.Database.Configurations.ListInstancesAsync(groupId, cancellationToken).Select(i => i.Id)
            .ToHashSetAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await cloud.Database.Instances.ListAsync(cancellationToken).Where(i => users.Contains(i.Id))
            .AllAsync(i => i.Status == "SHUTDOWN", cancellationToken).ConfigureAwait(false);
    }

    private async Task WhenFreeAsync(Func<CancellationToken, Task> delete, Func<CancellationToken, Task<bool>> mayWait,
        CancellationToken cancellationToken)
    {
        var poll = new Poll(time, Long.Timeout);
        while (true)
        {
            try
            {
                await delete(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.Conflict)
            {
                if (!await mayWait(cancellationToken).ConfigureAwait(false)
                    || !await poll.NextAsync(cancellationToken).ConfigureAwait(false)) throw;
            }
        }
    }
}
