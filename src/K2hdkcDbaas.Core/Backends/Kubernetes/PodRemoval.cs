using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>Removes nodes and clusters. Whatever is already gone counts as removed, so every removal can be run again to finish.</summary>
internal sealed class PodRemoval(KubernetesConnection api, KubernetesBackend backend, ClusterRegistry registry, IRingControl rings,
    TimeProvider time)
{
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

    /// <summary>Removes a cluster: slaves, servers, what they share, and last its part in K2HR3, by which it is found again.</summary>
    public Task<IReadOnlyList<FlowItem>> ClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        RemovalRun.RunAsync($"Removing cluster {cluster}", options, async run =>
        {
            run.Report("looking for all that belongs to it", 0);
            // K2HR3 is asked before anything is deleted: without it the cluster's part there could not be removed.
            var trees = registry.TreesAsync(cancellationToken);
            var resource = registry.ResourceAsync(cluster, cancellationToken);
            var sets = api.GetSetsAsync(cancellationToken);
            var services = api.GetNamesAsync(ObjectKind.Service, null, cancellationToken);
            await Together.AllAsync(trees, resource, sets, services).ConfigureAwait(false);
            var own = sets.Result.Where(s => s.Cluster == cluster).ToList();
            if (own.Find(s => s.IsHelm) is { } helm) throw KubernetesBackend.RunByHelm(helm);
            var owner = ClusterRegistry.OwnerOf(resource.Result);
            if (own.Count == 0 && owner != KubernetesProvider.Mark)
                throw owner is { Length: > 0 } ? ClusterErrors.RunByAnother(cluster, owner) : backend.NotFound(cluster);
            var parts = await registry.OwnPartsAsync(cluster, await trees.ConfigureAwait(false), await resource.ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);

            foreach (var isServer in (bool[])[false, true])
            {
                var (service, set) = (KubernetesNames.Service(cluster, isServer), KubernetesNames.Set(cluster, isServer));
                if (own.Exists(s => s.IsServer == isServer))
                    await run.RemoveAsync(new FlowItem("stateful set", set),
                        () => api.DeleteAsync(ObjectKind.StatefulSet, set, cancellationToken)).ConfigureAwait(false);
                if (services.Result.Contains(service))
                    await run.RemoveAsync(new FlowItem("service", service),
                        () => api.DeleteAsync(ObjectKind.Service, service, cancellationToken)).ConfigureAwait(false);
            }

            // Their last act is to leave their roles: those must be there until then.
            run.Report("waiting until the pods are gone", 30);
            await GoneAsync(cluster,
                p => KubernetesNames.Ordinal(cluster, true, p.Name) is not null
                    || KubernetesNames.Ordinal(cluster, false, p.Name) is not null, options, cancellationToken)
                .ConfigureAwait(false);

            run.Report("removing volumes, secrets and configuration", 60);
            foreach (var claim in await ClaimsAsync(cluster, cancellationToken).ConfigureAwait(false))
                await run.RemoveAsync(new FlowItem("volume claim", claim),
                    () => api.DeleteAsync(ObjectKind.PersistentVolumeClaim, claim, cancellationToken)).ConfigureAwait(false);
            await BudgetAsync(cluster, cancellationToken).ConfigureAwait(false);
            foreach (var secret in (string[])[KubernetesNames.Certificates(cluster), KubernetesNames.Tokens(cluster),
                KubernetesNames.Authority(cluster)])
            {
                if (await api.GetSecretAsync(secret, cancellationToken).ConfigureAwait(false) is null) continue;
                await run.RemoveAsync(new FlowItem("secret", secret),
                    () => api.DeleteAsync(ObjectKind.Secret, secret, cancellationToken)).ConfigureAwait(false);
            }

            var map = KubernetesNames.ConfigMap(cluster);
            if (await api.HasConfigMapAsync(map, cancellationToken).ConfigureAwait(false))
                await run.RemoveAsync(new FlowItem("config map", map),
                    () => api.DeleteAsync(ObjectKind.ConfigMap, map, cancellationToken)).ConfigureAwait(false);
            await registry.RemoveAsync(run, cluster, parts, cancellationToken).ConfigureAwait(false);
            run.Report("done", 100);
        }, cancellationToken);

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
        var set = await api.GetSetAsync(cluster, isServer, cancellationToken).ConfigureAwait(false) ?? throw backend.NotFound(cluster);
        if (set.IsHelm) throw KubernetesBackend.RunByHelm(set);
        var last = Enumerable.Range(0, set.Replicas).Reverse().Take(pods.Count).Select(i => KubernetesNames.Pod(cluster, isServer, i))
            .ToList();
        if (pods.FirstOrDefault(p => !last.Contains(p.Name)) is { } other)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.BackendNotSupported,
                $"Kubernetes takes away the pods with the highest numbers first, so '{other.Name}' cannot go; nothing was changed.",
                $"Remove {string.Join(", ", last)} instead: which server goes makes no difference to the data.")
            { Target = other.Name };

        var count = set.Replicas;
        foreach (var name in last)
        {
            var pod = pods.First(p => p.Name == name);
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
                () => api.ScaleAsync(KubernetesNames.Set(cluster, isServer), count, cancellationToken)).ConfigureAwait(false);
            run.Note = null;
            if (options.Wait || isServer) await GoneAsync(cluster, p => p.Name == name, options, cancellationToken).ConfigureAwait(false);
            await LinesAsync(run, cluster, role, h => h.Tag == name, cancellationToken).ConfigureAwait(false);
            if (isServer) await ClaimAsync(run, cluster, name, isMoved: isSafe, options, cancellationToken).ConfigureAwait(false);
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

    private async Task<IReadOnlyList<string>> ClaimsAsync(string cluster, CancellationToken cancellationToken) =>
        await api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, ClusterObjects.Selector(cluster),
            cancellationToken).ConfigureAwait(false);

    private async Task BudgetAsync(string cluster, CancellationToken cancellationToken)
    {
        try
        {
            await api.DeleteAsync(ObjectKind.PodDisruptionBudget, KubernetesNames.Set(cluster, true),
                cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.Forbidden)
        {
            // An account without the right has made none.
        }
    }

    private async Task GoneAsync(string cluster, Func<NodePod, bool> which, FlowOptions options, CancellationToken cancellationToken)
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
}
