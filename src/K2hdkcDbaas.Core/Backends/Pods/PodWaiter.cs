using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>Waits until pods run and are registered.</summary>
internal sealed class PodWaiter(PodBackend backend, TimeProvider time)
{
    /// <summary>Waits. A pod that joins a ring may have to be let in first, and is ready only later.</summary>
    /// <param name="run">The flow; what it has made is left when the time is over.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="names">The pods' names.</param>
    public Task<IReadOnlyList<ClusterNode>> WaitAsync(FlowRun run, string cluster, IReadOnlyList<string> names) =>
        WaitAsync(run, cluster, names, null, isReadyWanted: false);

    /// <summary>Waits until the pods are also ready: servers in service.</summary>
    /// <param name="run">The flow.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="names">The pods' names.</param>
    public Task<IReadOnlyList<ClusterNode>> ReadyAsync(FlowRun run, string cluster, IReadOnlyList<string> names) =>
        WaitAsync(run, cluster, names, null, isReadyWanted: true);

    /// <summary>Waits until the pod that takes another's place runs and is registered.</summary>
    /// <param name="run">The flow.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="former">The pod that was deleted.</param>
    public async Task<ClusterNode> SuccessorAsync(FlowRun run, string cluster, ClusterNode former) =>
        (await WaitAsync(run, cluster, [former.Name], former.Id, isReadyWanted: false).ConfigureAwait(false))[0];

    private async Task<IReadOnlyList<ClusterNode>> WaitAsync(FlowRun run, string cluster, IReadOnlyList<string> names, string? former,
        bool isReadyWanted)
    {
        var poll = new Poll(time, run.Options.Timeout);
        while (true)
        {
            IReadOnlyList<ClusterNode> nodes;
            try
            {
                nodes = await backend.NodesAsync(cluster, run.Token).ConfigureAwait(false);
            }
            catch (DbaasException e) when (IsPassing(e))
            {
                run.Options.Observer.Verbose($"Waiting on: {e.Message}");
                if (await poll.NextAsync(run.Token).ConfigureAwait(false)) continue;
                throw;
            }

            var wanted = names.Select(n => nodes.FirstOrDefault(m => m.Name == n && m.Id is not null && m.Id != former)).ToList();
            await ForgetAsync(run, cluster, nodes, wanted).ConfigureAwait(false);
            var waiting = names.Zip(wanted)
                .Where(p => p.Second is not { Registered: true, Status: "Running" } || (isReadyWanted && p.Second.Ready == false)).ToList();
            if (waiting.Count == 0) return wanted!;
            var aim = isReadyWanted ? "run, are registered and ready" : "run and are registered";
            run.Report($"{names.Count - waiting.Count} of {names.Count} pods {aim}",
                30 + ((names.Count - waiting.Count) * 70 / names.Count));
            if (await poll.NextAsync(run.Token).ConfigureAwait(false)) continue;
            var late = nodes.Where(n => n is { Id: not null, Ready: false } && !names.Contains(n.Name)).ToList();
            var list = string.Join("; ",
                waiting.Select(w => $"{w.First} {Why(w.Second, late.Find(n => SetOf(n.Name) == SetOf(w.First)))}"));
            throw FlowRun.Keeping(
                new DbaasException(ErrorKind.Timeout, ErrorIds.NodeWaitTimeout,
                    $"After {poll.Elapsed.TotalSeconds:0} s not all pods of '{cluster}' {aim}: {list}.",
                    $"See 'kubectl describe pod {waiting[0].First}' and 'kubectl logs {waiting[0].First} --all-containers'; "
                        + $"Wait-K2hdkcCluster {cluster} waits on.")
                { Target = waiting[0].First });
        }
    }

    // A pod that was lost meanwhile, as with its host, has left its line; with two of one name no ring forms.
    private async Task ForgetAsync(FlowRun run, string cluster, IReadOnlyList<ClusterNode> nodes, List<ClusterNode?> pods)
    {
        foreach (var line in nodes.Where(n => n.Status == "GONE" && pods.Exists(p => p is { Registered: true } && p.Name == n.Name)))
        {
            run.Options.Observer.Verbose($"A former pod {line.Name} has left {line.IPAddress} in K2HR3; that is removed.");
            await backend.ForgetAsync(run, cluster, line).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a wait goes on after an error: an API server that is restarted, as with each upgrade, is back soon.</summary>
    public static bool IsPassing(DbaasException error) => error is
    {
        Service: "kubernetes",
        Kind: ErrorKind.Unreachable or ErrorKind.Timeout or ErrorKind.ServiceFailure
    };

    private static string SetOf(string pod) => pod[..pod.LastIndexOf('-')];

    // A StatefulSet makes no pod while one with a lower number is not ready.
    private static string Why(ClusterNode? node, ClusterNode? before) => node switch
    {
        null when before is not null => $"is not made yet, as {before.Name} is not ready",
        null => "is not made yet",
        { Status: "Running", Registered: true } => "runs and is not ready",
        { Status: "Running" } => "runs and is not registered in K2HR3",
        _ => $"is {node.Status}{(node.Fault is { } fault ? $" ({fault.TrimEnd('.')})" : "")}",
    };
}
