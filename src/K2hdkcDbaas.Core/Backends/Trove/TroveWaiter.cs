using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>Waits for Trove's tasks.</summary>
internal sealed class TroveWaiter(OpenStackConnection cloud, TimeProvider time)
{
    /// <summary>Waits until no task is under way and the members that it is about are ready.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="aside">Members that the task is not about: whatever becomes of them, it is not its doing.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="report">Is told how far it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DbaasException"><c>NodeFailed</c>; <c>TaskStuck</c> with what an administrator can do.</exception>
    public async Task<DatabaseCluster> IdleAsync(string id, IReadOnlySet<string> aside, FlowOptions options, Action<string> report,
        CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        while (true)
        {
            var cluster = await cloud.Database.Clusters.GetAsync(id, cancellationToken).ConfigureAwait(false);
            var members = cluster.Instances.Where(i => !aside.Contains(i.Id)).ToList();
            if (members.Where(i => IsFailed(i.Status)).ToList() is { Count: > 0 } failed)
                throw await FailedAsync(failed, cancellationToken).ConfigureAwait(false);
            var ready = members.Count(i => IsReady(i.Status));
            report($"{cluster.Task.Name}, {ready} of {members.Count} members ready");
            if (cluster.IsIdle && ready == members.Count) return cluster;
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw Stuck(cluster, $"after {poll.Elapsed.TotalSeconds:0} s", "Wait longer, or have");
        }
    }

    /// <summary>Waits until instances are ready; the time-out is that of all together.</summary>
    /// <exception cref="DbaasException"><c>NodeFailed</c>; <c>TaskStuck</c> with what an administrator can do.</exception>
    public async Task<IReadOnlyList<DatabaseInstance>> ReadyAsync(IReadOnlyList<string> ids, FlowOptions options, Action<string> report,
        CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        var ready = new Dictionary<string, DatabaseInstance>();
        while (true)
        {
            var late = await Together.ForEachAsync(ids.Where(i => !ready.ContainsKey(i)).ToList(),
                id => cloud.Database.Instances.GetAsync(id, cancellationToken)).ConfigureAwait(false);
            if (late.FirstOrDefault(i => IsFailed(i.Status)) is { } failed) throw Failed(failed);
            foreach (var instance in late.Where(i => IsReady(i.Status))) ready[instance.Id] = instance;
            var left = late.FirstOrDefault(i => !ready.ContainsKey(i.Id));
            if (left is null) return [.. ids.Select(i => ready[i])];
            report(ids.Count == 1 ? $"{left.Name} {left.Status}" : $"{ready.Count} of {ids.Count} nodes ready, {left.Name} {left.Status}");
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(ErrorKind.Timeout, ErrorIds.TaskStuck,
                $"After {poll.Elapsed.TotalSeconds:0} s Trove's instance '{left.Name}' ({left.Id}) is still {left.Status}.",
                $"Wait longer, or have an administrator look at the task manager and free the instance: Reset-K2hdkcClusterStatus "
                    + $"{left.Id} -Node {left.Id}.")
            { Service = "trove", Target = left.Name };
        }
    }

    /// <summary>Waits until something is gone.</summary>
    public Task GoneAsync(string what, Func<CancellationToken, Task> look, FlowOptions options, CancellationToken cancellationToken) =>
        GoneAsync([(what, look)], options, cancellationToken);

    /// <summary>Waits until things are gone; the time-out is that of all together.</summary>
    /// <param name="things">Each with what it is called, and how it is looked at: not found means gone.</param>
    /// <param name="options">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task GoneAsync(IReadOnlyList<(string What, Func<CancellationToken, Task> Look)> things, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        var left = new Queue<(string What, Func<CancellationToken, Task> Look)>(things);
        while (left.TryPeek(out var first))
        {
            if (!await IsThereAsync(first.Look, cancellationToken).ConfigureAwait(false))
            {
                left.Dequeue();
                continue;
            }
            options.Observer.Progress(new FlowProgress($"Removing {first.What}", "waiting until it is gone"));
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(ErrorKind.Timeout, ErrorIds.RemoveWaitTimeout,
                $"After {poll.Elapsed.TotalSeconds:0} s {string.Join(", ", left.Select(l => l.What))} {(left.Count == 1 ? "is" : "are")} "
                    + $"still not gone.",
                "Look at it in Trove; an administrator can free it with Reset-K2hdkcClusterStatus, then run the same command again.")
            { Service = "trove", Target = first.What };
        }
    }

    /// <summary>The error of a task that has not ended.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="when">Since when, or why.</param>
    /// <param name="advice">The beginning of the next step, up to <c>have</c>.</param>
    public static DbaasException Stuck(DatabaseCluster cluster, string when, string advice = "Have") =>
        new(ErrorKind.Timeout, ErrorIds.TaskStuck,
            $"Trove's cluster '{cluster.Name}' ({cluster.Id}) is still at {cluster.Task.Name} {when}: {cluster.Task.Description}",
            $"{advice} an administrator look at the task manager and free the cluster: Reset-K2hdkcClusterStatus {cluster.Id}.")
        { Service = "trove", Target = cluster.Name };

    public static bool IsFailed(string? status) => status is "ERROR" or "FAILED";

    // A node that is to be restarted for its configuration runs.
    private static bool IsReady(string? status) => status is "ACTIVE" or "HEALTHY" or "RESTART_REQUIRED";

    private static async Task<bool> IsThereAsync(Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        try
        {
            await look(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    // With one member Trove gives all up; only the one at fault says why.
    private async Task<DbaasException> FailedAsync(List<ClusterMember> members, CancellationToken cancellationToken)
    {
        var failed = await Together.ForEachAsync(members,
            m => cloud.Database.Instances.GetAsync(m.Id, cancellationToken)).ConfigureAwait(false);
        return Failed(failed.FirstOrDefault(f => f.Fault is not null) ?? failed[0]);
    }

    private static DbaasException Failed(DatabaseInstance instance) => new(ErrorKind.ServiceFailure, ErrorIds.NodeFailed,
        $"Trove could not run node '{instance.Name}' ({instance.Id}): {Sentence.End(instance.Fault?.Message ?? "it gives no reason")}",
        "Choose another flavor, zone or network, or ask the cloud's administrator.")
    { Service = "trove", Target = instance.Name };
}
