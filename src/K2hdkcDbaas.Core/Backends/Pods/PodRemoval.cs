using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>Removes nodes. Whatever is already gone counts as removed, so every removal can be run again to finish.</summary>
internal sealed class PodRemoval(KubernetesConnection api, PodBackend backend, ClusterRegistry registry, IRingControl rings,
    TimeProvider time)
{
    // A server is not ready while the ring changes; one that stays so is out of service.
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(2);

    /// <summary>Removes nodes, the highest first: a StatefulSet gives up no others.</summary>
    public Task<IReadOnlyList<FlowItem>> NodesAsync(string cluster, NodeRole? role, IReadOnlyList<string> names, FlowOptions options,
        CancellationToken cancellationToken) =>
        RemovalRun.RunAsync($"Removing {string.Join(", ", names)} of {cluster}", options, async run =>
        {
            var nodes = await backend.NodesAsync(cluster, cancellationToken).ConfigureAwait(false);
            var meant = names.Select(n => One(cluster, role, n, nodes)).DistinctBy(n => (n.Name, n.IPAddress)).ToList();
            var pods = meant.Where(n => n.Id is not null).ToList();
            foreach (var group in pods.GroupBy(n => n.Role))
                await PodsAsync(run, cluster, group.Key, [.. group], options, cancellationToken).ConfigureAwait(false);
            // What is no pod is a line alone: one that a pod left behind, or a slave from elsewhere.
            foreach (var line in meant.Except(pods))
                await LinesAsync(run, cluster, line.Role, h => h.Host == line.IPAddress && h.Cuk == (line.Cuk ?? ""),
                    cancellationToken).ConfigureAwait(false);
        }, cancellationToken);

    /// <summary>The volume claims of a cluster.</summary>
    public async Task<IReadOnlyList<string>> ClaimsAsync(string cluster, CancellationToken cancellationToken) =>
        await api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, ClusterObjects.Selector(cluster),
            cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until pods are gone.</summary>
    public async Task GoneAsync(string cluster, Func<NodePod, bool> which, FlowOptions options, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        while (true)
        {
            DbaasException? silence = null;
            string? left = null;
            try
            {
                left = (await api.GetPodsAsync(cluster, cancellationToken).ConfigureAwait(false)).FirstOrDefault(which)?.Name;
                if (left is null) return;
                options.Observer.Progress(new FlowProgress($"Removing pods of {cluster}", $"waiting until {left} is gone"));
            }
            catch (DbaasException e) when (PodWaiter.IsPassing(e))
            {
                silence = e;
                options.Observer.Verbose($"Waiting on: {e.Message}");
            }

            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw silence ?? new DbaasException(ErrorKind.Timeout, ErrorIds.RemoveWaitTimeout,
                $"After {poll.Elapsed.TotalSeconds:0} s the pod {left} is not gone.",
                $"See 'kubectl describe pod {left}', and run the same command again.")
            { Target = left };
        }
    }

    private static ClusterNode One(string cluster, NodeRole? role, string name, IReadOnlyList<ClusterNode> nodes)
    {
        var found = nodes.Where(
            n => (role is null || n.Role == role)
                && (n.Name == name || n.Id == name || n.Cuk == name || n.Tag == name || n.IPAddress == name)).ToList();
        // A line of a former pod bears the name of the pod that took its place.
        if (found.Count > 1 && found.Where(n => n.Id is not null).ToList() is [var pod]) return pod;
        return found switch
        {
            [var one] => one,
            [] => throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound, $"Cluster '{cluster}' has no node '{name}'.",
                $"See its nodes with Get-K2hdkcNode {cluster} and Get-K2hdkcSlave {cluster}.")
            { Target = name },
            _ => throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.NodeAmbiguous,
                $"'{name}' means several nodes of cluster '{cluster}'.", "Give an address or a cuk.")
            { Target = name },
        };
    }

    private async Task PodsAsync(RemovalRun run, string cluster, NodeRole role, IReadOnlyList<ClusterNode> pods, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var isServer = role == NodeRole.Server;
        var set = await backend.SetAsync(cluster, isServer, cancellationToken).ConfigureAwait(false);
        var last = Enumerable.Range(0, set.Replicas).Reverse().Take(pods.Count).Select(i => KubernetesNames.Pod(cluster, isServer, i))
            .ToList();
        if (pods.FirstOrDefault(p => !last.Contains(p.Name)) is { } other)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.BackendNotSupported,
                $"Kubernetes takes away the pods with the highest numbers first, so '{other.Name}' cannot go; nothing was changed.",
                $"Remove {string.Join(", ", last)} instead: which server goes makes no difference to the data.")
            { Target = other.Name };

        await backend.CheckScaleAsync(set, options, cancellationToken).ConfigureAwait(false);
        var count = set.Replicas;
        foreach (var name in last)
        {
            var pod = pods.First(p => p.Name == name);
            await LowerReadyAsync(cluster, isServer, name, count - 1, options, cancellationToken).ConfigureAwait(false);
            var isSafe = isServer && !options.Force && pod.Registered;
            if (isSafe)
            {
                run.Note = $"Node {name} may be out of service: Get-K2hdkcNodeStatus shows it, Enable-K2hdkcNode takes it back in.";
                var now = await backend.NodesAsync(cluster, cancellationToken).ConfigureAwait(false);
                await rings.LeaveAsync(await backend.RingAsync(cluster, now, cancellationToken).ConfigureAwait(false), pod, options,
                    cancellationToken).ConfigureAwait(false);
            }

            count--;
            await run.RemoveAsync(new FlowItem("pod", name, pod.Id),
                () => backend.ScaleAsync(set with { Replicas = count + 1 }, count, options, cancellationToken)).ConfigureAwait(false);
            run.Note = null;
            if (options.Wait || isServer) await GoneAsync(cluster, p => p.Name == name, options, cancellationToken).ConfigureAwait(false);
            await LinesAsync(run, cluster, role, h => h.Tag == name, cancellationToken).ConfigureAwait(false);
            if (isServer) await ClaimAsync(run, cluster, name, isMoved: isSafe, options, cancellationToken).ConfigureAwait(false);
        }
    }

    // A StatefulSet gives up no pod while one with a lower number is not ready: that is told before the node's data moves.
    private async Task LowerReadyAsync(string cluster, bool isServer, string leaving, int below, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout < ReadyLimit ? options.Timeout : ReadyLimit);
        while ((await backend.NodesAsync(cluster, cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(
                n => n is { Id: not null, Ready: false } && KubernetesNames.Ordinal(cluster, isServer, n.Name) < below) is { } late)
        {
            options.Observer.Progress(new FlowProgress($"Removing pods of {cluster}", $"waiting until {late.Name} is ready"));
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.NodeNotReady,
                $"{late.Name} is not ready, and Kubernetes takes away no pod before those with lower numbers are; {leaving} was left as it "
                    + "is.",
                (isServer
                    ? $"Where Get-K2hdkcNodeStatus {cluster} shows it out of service, Enable-K2hdkcNode {cluster} {late.Name} brings it "
                        + "back. "
                    : "") + $"'kubectl describe pod {late.Name}' tells more.")
            { Target = late.Name };
        }
    }

    // The node's data is with the others by now; a claim that stays would bring old values back with the next node of the name.
    private async Task ClaimAsync(RemovalRun run, string cluster, string pod, bool isMoved, FlowOptions options,
        CancellationToken cancellationToken)
    {
        foreach (var claim in (await ClaimsAsync(cluster, cancellationToken).ConfigureAwait(false))
            .Where(c => c.EndsWith("-" + pod, StringComparison.Ordinal)))
        {
            if (isMoved)
                await run.RemoveAsync(new FlowItem("volume claim", claim),
                    () => api.DeleteAsync(ObjectKind.PersistentVolumeClaim, claim, cancellationToken)).ConfigureAwait(false);
            else options.Observer.Warning(
                $"The data of {pod} was not moved, so its volume claim {claim} stays: Add-K2hdkcNode brings the node back with it, "
                    + $"'kubectl delete pvc {claim}' gives it up.");
        }
    }

    private async Task LinesAsync(RemovalRun run, string cluster, NodeRole role, Func<K2hr3.RoleHost, bool> which,
        CancellationToken cancellationToken)
    {
        foreach (var line in (await registry.HostsAsync(cluster, role, cancellationToken).ConfigureAwait(false)).Where(which))
        {
            var item = new FlowItem("role host", $"{line.Host} of {ClusterNames.Child(cluster, role)}");
            await run.RemoveAsync(item, () => registry.RemoveHostAsync(cluster, role, line, cancellationToken)).ConfigureAwait(false);
        }
    }
}
