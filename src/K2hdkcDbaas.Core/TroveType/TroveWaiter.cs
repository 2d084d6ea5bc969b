using K2hdkcDbaas.Faults;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core;

/// <summary>Waits for Trove's tasks.</summary>
internal sealed class TroveWaiter(OpenStackConnection cloud, TimeProvider time)
{
    /// <summary>Waits until no task is under way and every member is ready.</summary>
    /// <exception cref="DbaasException"><c>NodeFailed</c>; <c>TaskStuck</c> with what an administrator can do.</exception>
    public async Task<DatabaseCluster> IdleAsync(string id, FlowOptions options, Action<string> report, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        while (true)
        {
            var cluster = await cloud.Database.Clusters.GetAsync(id, cancellationToken).ConfigureAwait(false);
            if (cluster.Instances.FirstOrDefault(i => i.Status is "ERROR" or "FAILED") is { } failed) throw await FailedAsync(failed.Id, failed.Name, cancellationToken).ConfigureAwait(false);
            var ready = cluster.Instances.Count(i => i.Status is "ACTIVE" or "HEALTHY" or "RESTART_REQUIRED");
            report($"{cluster.Task.Name}, {ready} of {cluster.Instances.Count} members ready");
            if (cluster.IsIdle && ready == cluster.Instances.Count) return cluster;
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(FaultKind.Timeout, ErrorIds.TaskStuck, $"After {poll.Elapsed.TotalSeconds:0} s Trove's cluster '{cluster.Name}' ({id}) is still at {cluster.Task.Name}: {cluster.Task.Description}",
                "Wait longer, or have an administrator look at the task manager and free the cluster with reset-status.")
            { Service = "trove", Target = cluster.Name };
        }
    }

    /// <summary>Waits until an instance is ready.</summary>
    public async Task<DatabaseInstance> ReadyAsync(string id, FlowOptions options, Action<string> report, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        while (true)
        {
            var instance = await cloud.Database.Instances.GetAsync(id, cancellationToken).ConfigureAwait(false);
            if (instance.Status is "ERROR" or "FAILED") throw await FailedAsync(id, instance.Name, cancellationToken).ConfigureAwait(false);
            report($"{instance.Name} {instance.Status}");
            if (instance.IsReady) return instance;
            if (instance.Status == "RESTART_REQUIRED") return instance;
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(FaultKind.Timeout, ErrorIds.TaskStuck, $"After {poll.Elapsed.TotalSeconds:0} s Trove's instance '{instance.Name}' ({id}) is still {instance.Status}.",
                "Wait longer, or have an administrator look at the task manager and free the instance with reset-status.")
            { Service = "trove", Target = instance.Name };
        }
    }

    /// <summary>Waits until something is gone.</summary>
    public async Task GoneAsync(string what, Func<CancellationToken, Task> read, FlowOptions options, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        while (true)
        {
            try
            {
                await read(cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException e) when (e.Kind == FaultKind.NotFound)
            {
                return;
            }
            options.Observer.Progress(new FlowProgress($"Removing {what}", "waiting until it is gone"));
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(FaultKind.Timeout, ErrorIds.RemoveWaitTimeout, $"After {poll.Elapsed.TotalSeconds:0} s {what} is still not gone.",
                "Look at it in Trove; an administrator can free it with reset-status, then run the same command again.")
            { Service = "trove", Target = what };
        }
    }

    private async Task<DbaasException> FailedAsync(string id, string name, CancellationToken cancellationToken)
    {
        var fault = (await cloud.Database.Instances.GetAsync(id, cancellationToken).ConfigureAwait(false)).Fault?.Message;
        return new DbaasException(FaultKind.ServiceFailure, ErrorIds.NodeFailed, $"Trove could not run node '{name}' ({id}): {fault ?? "it gives no reason"}.",
            "Choose another flavor, zone or network, or ask the cloud's administrator.")
        { Service = "trove", Target = name };
    }
}
