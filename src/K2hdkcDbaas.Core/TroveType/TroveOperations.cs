using K2hdkcDbaas.Faults;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core;

/// <summary>What Trove alone can do with a cluster or node: restart it, put its configuration on and off, free it from a stuck task.</summary>
internal sealed class TroveOperations(OpenStackConnection cloud, TroveSlaves slaves, ConfigurationGroups groups, TimeProvider time) : ITroveOperations
{
    private readonly TroveFinder _finder = new(cloud);
    private readonly TroveWaiter _waiter = new(cloud, time);

    /// <inheritdoc/>
    public async Task RestartAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (node is null && found.Bulk is { } bulk)
        {
            await cloud.Database.Clusters.RestartAsync(bulk.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await _waiter.IdleAsync(bulk.Id, options, s => Report(options, $"Restarting {found.Name}", s), cancellationToken).ConfigureAwait(false);
            return;
        }
        foreach (var member in node is null ? found.Instances : [found.Member(node)])
        {
            await cloud.Database.Instances.RestartAsync(member.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await _waiter.ReadyAsync(member.Id, options, s => Report(options, $"Restarting {found.Name}", s), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task AttachConfigurationAsync(string? cluster, string? node, string? group, FlowOptions options, CancellationToken cancellationToken)
    {
        group ??= cluster is null ? null : (await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false)).GroupId;
        if (group is null)
            throw new DbaasException(FaultKind.InvalidInput, ErrorIds.InvalidRequest, $"'{cluster ?? node}' has no configuration group now, so it must be said which to attach.", "Give -ConfigurationGroup.") { Target = cluster ?? node };
        var configuration = await groups.FindAsync(group, cancellationToken).ConfigureAwait(false);
        if (cluster is not null && node is null)
        {
            var bulk = NeedBulk(await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false));
            await cloud.Database.Clusters.AttachConfigurationAsync(bulk.Id, configuration.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await _waiter.IdleAsync(bulk.Id, options, s => Report(options, $"Configuring {bulk.Name}", s), cancellationToken).ConfigureAwait(false);
            return;
        }
        var id = await InstanceAsync(cluster, node ?? "", cancellationToken).ConfigureAwait(false);
        await ChangeAsync(id, ct => cloud.Database.Instances.AttachConfigurationAsync(id, configuration.Id, ct), options, cancellationToken).ConfigureAwait(false);
        if (options.Wait) await _waiter.ReadyAsync(id, options, s => Report(options, "Attaching the configuration", s), cancellationToken).ConfigureAwait(false);
        if (cluster is not null) await slaves.FollowAsync(await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false), options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DetachConfigurationAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (node is null)
        {
            var bulk = NeedBulk(found);
            await cloud.Database.Clusters.DetachConfigurationAsync(bulk.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await _waiter.IdleAsync(bulk.Id, options, s => Report(options, $"Configuring {bulk.Name}", s), cancellationToken).ConfigureAwait(false);
            return;
        }
        var member = found.Member(node);
        await ChangeAsync(member.Id, ct => cloud.Database.Instances.DetachConfigurationAsync(member.Id, ct), options, cancellationToken).ConfigureAwait(false);
        if (options.Wait) await _waiter.ReadyAsync(member.Id, options, s => Report(options, "Detaching the configuration", s), cancellationToken).ConfigureAwait(false);
        await slaves.FollowAsync(found.Without(member.Id), options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ResetStatusAsync(string cluster, string? node, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (node is null) await cloud.Database.Clusters.ResetStatusAsync(NeedBulk(found).Id, cancellationToken).ConfigureAwait(false);
        else await cloud.Database.Instances.ResetStatusAsync(found.Member(node).Id, cancellationToken).ConfigureAwait(false);
    }

    // Trove refuses to change the group of an instance that has not been restarted since the last change. The guest says that it
    // wants a restart a while after it was changed, so a change can also be refused between our look and our request.
    private async Task ChangeAsync(string id, Func<CancellationToken, Task> change, FlowOptions options, CancellationToken cancellationToken)
    {
        await TakeUpAsync(id, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await change(cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException) when (!cancellationToken.IsCancellationRequested)
        {
            if (!await TakeUpAsync(id, options, cancellationToken).ConfigureAwait(false)) throw;
            await change(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Whether it was restarted.</returns>
    private async Task<bool> TakeUpAsync(string id, FlowOptions options, CancellationToken cancellationToken)
    {
        var instance = await cloud.Database.Instances.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (instance.Status != "RESTART_REQUIRED") return false;
        options.Observer.Verbose($"{instance.Name} is restarted first, as its last change of configuration requires.");
        await cloud.Database.Instances.RestartAsync(id, cancellationToken).ConfigureAwait(false);
        await _waiter.ReadyAsync(id, options, s => Report(options, $"Restarting {instance.Name}", s), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static DatabaseCluster NeedBulk(TroveCluster cluster) => cluster.Bulk ?? throw new DbaasException(FaultKind.NotSupported, ErrorIds.BackendNotSupported,
        $"'{cluster.Name}' is no cluster of Trove's own, but single instances with one configuration group.", "Name the node with -Node.")
    { Target = cluster.Name };

    private async Task<string> InstanceAsync(string? cluster, string node, CancellationToken cancellationToken)
    {
        var members = cluster is null ? null : await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (members?.Instances.Any(i => TroveCluster.Means(i, node)) == true) return members.Member(node).Id;
        // An instance that has left its cluster belongs to none: it is found among all.
        var all = await cloud.Database.Instances.ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new TroveCluster(members?.Name ?? "(none)", null, null, [.. all.Where(i => i.ClusterId is null)]).Member(node).Id;
    }

    private static void Report(FlowOptions options, string activity, string status) => options.Observer.Progress(new FlowProgress(activity, status));
}
