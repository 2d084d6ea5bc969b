using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>Removes clusters. Whatever is already gone counts as removed, so every removal can be run again to finish.</summary>
internal sealed class ClusterRemoval(KubernetesConnection api, KubernetesBackend backend, PodRemoval pods, ClusterRegistry registry,
    CommandLineFolder folder)
{
    /// <summary>Removes a cluster: slaves, servers, what they share, and last its part in K2HR3, by which it is found again.</summary>
    public Task<IReadOnlyList<FlowItem>> RunAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
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
            var isRest = own.Count == 0 && owner is null && await HasRestAsync(cluster, cancellationToken).ConfigureAwait(false);
            if (own.Count == 0 && owner != KubernetesProvider.Mark && !isRest)
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
            await pods.GoneAsync(cluster,
                p => KubernetesNames.Ordinal(cluster, true, p.Name) is not null
                    || KubernetesNames.Ordinal(cluster, false, p.Name) is not null, options, cancellationToken)
                .ConfigureAwait(false);

            run.Report("removing volumes, secrets and configuration", 60);
            foreach (var claim in await pods.ClaimsAsync(cluster, cancellationToken).ConfigureAwait(false))
                await run.RemoveAsync(new FlowItem("volume claim", claim),
                    () => api.DeleteAsync(ObjectKind.PersistentVolumeClaim, claim, cancellationToken)).ConfigureAwait(false);
            await BudgetAsync(cluster, cancellationToken).ConfigureAwait(false);
            await FolderAsync(run, cluster, options, cancellationToken).ConfigureAwait(false);
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
            if (!isRest) await registry.RemoveAsync(run, cluster, parts, cancellationToken).ConfigureAwait(false);
            run.Report("done", 100);
        }, cancellationToken);

    // The command line's delete passes over what it does not make itself: the volume claims and the authority.
    private async Task<bool> HasRestAsync(string cluster, CancellationToken cancellationToken) =>
        (await pods.ClaimsAsync(cluster, cancellationToken).ConfigureAwait(false)).Count > 0
            || await api.GetSecretAsync(KubernetesNames.Authority(cluster), cancellationToken).ConfigureAwait(false) is { } kept
                && CertificateAuthority.IsKeptIn(kept);

    // The command line's own delete would do so; with it still there that tool makes no cluster of the name. By the tokens it is known.
    private async Task FolderAsync(RemovalRun run, string cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        if (!File.Exists(folder.SettingsOf(cluster))) return;
        var tokens = await api.GetSecretAsync(KubernetesNames.Tokens(cluster), cancellationToken).ConfigureAwait(false);
        var path = folder.Of(cluster);
        try
        {
            if (!folder.IsOf(cluster, tokens)) return;
            Directory.Delete(path, recursive: true);
            run.Removed([new FlowItem("folder", path)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Observer.Warning($"The command line's folder '{path}' stays: {e.Message}");
        }
    }

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
}
