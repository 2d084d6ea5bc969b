using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>
/// What Trove alone can do with a cluster or node: restart it, put its configuration on and off, free it from a stuck task.
/// </summary>
internal sealed class TroveOperations(OpenStackConnection cloud, TroveSlaves slaves, ConfigurationGroups groups, TimeProvider time)
    : IServiceOperations
{
    // How long a node may take to say that it is to be restarted.
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(30);

    private readonly TroveFinder _finder = new(cloud);
    private readonly TroveWaiter _waiter = new(cloud, time);

    /// <inheritdoc/>
    public async Task RestartAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        var members = node is null ? found.Instances : [found.Member(node)];
        if (node is null && found.Bulk is { } bulk)
        {
            await cloud.Database.Clusters.RestartAsync(bulk.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await IdleAsync(found, options, $"Restarting {found.Name}", cancellationToken).ConfigureAwait(false);
            members = [.. found.Singles];
        }
        foreach (var member in members)
        {
            await cloud.Database.Instances.RestartAsync(member.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await ReadyAsync(member.Id, options, $"Restarting {found.Name}", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task AttachConfigurationAsync(string? cluster, string? node, string? group, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var found = cluster is null ? null : await TryFindAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (found is null && cluster is not null && node is null) throw ClusterErrors.NotFound(cluster);
        var configuration = (group ?? found?.GroupId) is { } wanted
            ? await groups.FindAsync(wanted, cancellationToken).ConfigureAwait(false)
            : await GroupOfAsync(cluster, found is not null, node, cancellationToken).ConfigureAwait(false);
        if (found is not null && node is null)
        {
            var bulk = NeedBulk(found);
            await cloud.Database.Clusters.AttachConfigurationAsync(bulk.Id, configuration.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await IdleAsync(found, options, $"Configuring {bulk.Name}", cancellationToken).ConfigureAwait(false);
            return;
        }
        var id = await InstanceAsync(found, node ?? "", cancellationToken).ConfigureAwait(false);
        await ChangeAsync(id, ct => cloud.Database.Instances.AttachConfigurationAsync(id, configuration.Id, ct), options,
            cancellationToken).ConfigureAwait(false);
        if (options.Wait)
            await SettleAsync(id, configuration, options, "Attaching the configuration", cancellationToken).ConfigureAwait(false);
        if (await TryFindAsync(found?.Bulk?.Id ?? configuration.Id, cancellationToken).ConfigureAwait(false) is { } now)
            await slaves.FollowAsync(now, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DetachConfigurationAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken)
    {
        var found = await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (node is null)
        {
            var bulk = NeedBulk(found);
            await cloud.Database.Clusters.DetachConfigurationAsync(bulk.Id, cancellationToken).ConfigureAwait(false);
            if (options.Wait) await IdleAsync(found, options, $"Configuring {bulk.Name}", cancellationToken).ConfigureAwait(false);
            return;
        }
        var member = found.Member(node);
        await ChangeAsync(member.Id, ct => cloud.Database.Instances.DetachConfigurationAsync(member.Id, ct), options,
            cancellationToken).ConfigureAwait(false);
        if (options.Wait && found.Group is { } group)
            await SettleAsync(member.Id, group, options, "Detaching the configuration", cancellationToken).ConfigureAwait(false);
        await slaves.FollowAsync(found.Without(member.Id), options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ResetStatusAsync(string cluster, string? node, CancellationToken cancellationToken)
    {
        // What is stuck is mostly another project's, where an administrator can act by id but not look around.
        if (node is null && Guid.TryParse(cluster, out _))
            await cloud.Database.Clusters.ResetStatusAsync(cluster, cancellationToken).ConfigureAwait(false);
        else if (node is not null && Guid.TryParse(node, out _))
            await cloud.Database.Instances.ResetStatusAsync(node, cancellationToken).ConfigureAwait(false);
        else if (node is null)
            await cloud.Database.Clusters.ResetStatusAsync(
                NeedBulk(await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false)).Id,
                cancellationToken).ConfigureAwait(false);
        else await cloud.Database.Instances.ResetStatusAsync((await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false))
            .Member(node).Id, cancellationToken).ConfigureAwait(false);
    }

    // With all its nodes out of it a cluster is not to be found any more; its group is, by the name that it gives.
    private async Task<ConfigurationGroup> GroupOfAsync(string? cluster, bool isThere, string? node, CancellationToken cancellationToken)
    {
        var named = cluster is null || isThere ? []
            : await groups.GetAsync("*", cancellationToken)
                .Where(g => g.Values.GetValueOrDefault(ConfigurationGroups.NameKey) as string == cluster)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
        return named switch
        {
            [var only] => only,
            [_, ..] =>
                throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.ReferenceAmbiguous,
                    $"{named.Count} configuration groups are for a cluster '{cluster}': "
                        + $"{string.Join(", ", named.Select(g => $"{g.Name} ({g.Id})"))}.",
                    "Choose one with -ConfigurationGroup.")
                { Target = cluster },
            _ when cluster is not null && !isThere => throw ClusterErrors.NotFound(cluster),
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"'{cluster ?? node}' has no configuration group now, so the one to attach must be given.",
                "Give -ConfigurationGroup.")
            { Target = cluster ?? node },
        };
    }

    private async Task<TroveCluster?> TryFindAsync(string cluster, CancellationToken cancellationToken)
    {
        try
        {
            return await _finder.OneAsync(cluster, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.ErrorId == ErrorIds.ClusterNotFound)
        {
            return null;
        }
    }

    // Trove refuses to change the group of an instance that has not been restarted since the last change. The guest says that it
    // wants a restart a while after it was changed, so a change can also be refused between our look and our request.
    private async Task ChangeAsync(string id, Func<CancellationToken, Task> change, FlowOptions options,
        CancellationToken cancellationToken)
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

    // A node is only ready for the next change, or a backup, when it has taken this one up.
    private async Task SettleAsync(string id, ConfigurationGroup group, FlowOptions options, string activity,
        CancellationToken cancellationToken)
    {
        await ReadyAsync(id, options, activity, cancellationToken).ConfigureAwait(false);
        var parameters = await groups.GetParametersAsync(group.DatastoreVersion, cancellationToken).ConfigureAwait(false);
        if (!parameters.Any(p => p.RestartRequired && group.Values.ContainsKey(p.Name))) return;
        var poll = new Poll(time, AskLimit);
        while (!await TakeUpAsync(id, options, cancellationToken).ConfigureAwait(false))
        {
            Report(options, activity, "waiting until the node says that it is to be restarted");
            if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false)) return;
        }
    }

    /// <returns>Whether it was restarted.</returns>
    private async Task<bool> TakeUpAsync(string id, FlowOptions options, CancellationToken cancellationToken)
    {
        var instance = await cloud.Database.Instances.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (instance.Status != "RESTART_REQUIRED") return false;
        options.Observer.Verbose($"{instance.Name} is restarted, as its last change of configuration requires.");
        await cloud.Database.Instances.RestartAsync(id, cancellationToken).ConfigureAwait(false);
        await ReadyAsync(id, options, $"Restarting {instance.Name}", cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static DatabaseCluster NeedBulk(TroveCluster cluster) =>
        cluster.Bulk ?? throw new DbaasException(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
            $"'{cluster.Name}' is not a Trove cluster, but single instances with one configuration group.", "Name the node with -Node.")
        { Target = cluster.Name };

    private async Task<string> InstanceAsync(TroveCluster? cluster, string node, CancellationToken cancellationToken)
    {
        if (cluster?.Instances.Any(i => TroveCluster.Means(i, node)) == true) return cluster.Member(node).Id;
        // An instance that has left its cluster belongs to none: it is found among all.
        var all = await cloud.Database.Instances.ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new TroveCluster(cluster?.Name ?? "(none)", null, null, [.. all.Where(i => i.ClusterId is null)]).Member(node).Id;
    }

    // Members that were broken before are not this task's doing.
    private async Task IdleAsync(TroveCluster cluster, FlowOptions options, string activity, CancellationToken cancellationToken)
    {
        var broken = cluster.Instances.Where(i => TroveWaiter.IsFailed(i.Status)).Select(i => i.Id).ToHashSet();
        await _waiter.IdleAsync(cluster.Bulk!.Id, broken, options, s => Report(options, activity, s),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadyAsync(string id, FlowOptions options, string activity, CancellationToken cancellationToken) =>
        await _waiter.ReadyAsync([id], options, s => Report(options, activity, s), cancellationToken).ConfigureAwait(false);

    private static void Report(FlowOptions options, string activity, string status) =>
        options.Observer.Progress(new FlowProgress(activity, status));
}
