using System.Text;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>
/// Removes clusters: the release, what the chart leaves behind, and what its last Job could not remove in K2HR3. Whatever is already gone
/// counts as removed, so every removal can be run again to finish.
/// </summary>
internal sealed class HelmRemoval(KubernetesConnection api, HelmBackend backend, PodRemoval pods, ClusterRegistry registry,
    HelmCommands helm, Func<CancellationToken, Task<string?>> token)
{
    private const string TokenKey = "unscopedToken";

    /// <summary>Removes a cluster.</summary>
    public Task<IReadOnlyList<FlowItem>> RunAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        RemovalRun.RunAsync($"Removing cluster {cluster}", options, async run =>
        {
            run.Report("looking for all that belongs to it", 0);
            helm.Check();
            var (secret, map) = (KubernetesNames.Tokens(cluster), KubernetesNames.ConfigMap(cluster));
            var sets = api.GetSetsAsync(cancellationToken);
            var releases = api.GetReleasesAsync(null, withFormer: false, cancellationToken);
            var held = api.GetSecretAsync(secret, cancellationToken);
            // K2HR3 is asked before anything is deleted: without it the cluster's part there could not be removed.
            var resource = registry.ResourceAsync(cluster, cancellationToken);
            await Together.AllAsync(sets, releases, held, resource).ConfigureAwait(false);
            var own = sets.Result.Where(s => s.Cluster == cluster).ToList();
            if (own.Exists(s => !s.IsHelm)) throw HelmErrors.NoRelease(cluster);
            var release = HelmReleases.Of(cluster, own, releases.Result);
            // The Secret stays when all else has gone with the release.
            var isLeft = held.Result?.ContainsKey(TokenKey) == true;
            if (release is null && own.Count > 0) throw HelmErrors.Lost(cluster, own[0].Release);
            if (release is null && !isLeft)
                throw ClusterRegistry.OwnerOf(resource.Result) is { Length: > 0 } owner
                    ? ClusterErrors.RunByAnother(cluster, owner)
                    : backend.NotFound(cluster);

            if (release is not null)
            {
                if (isLeft && await token(cancellationToken).ConfigureAwait(false) is { } good)
                    await api.AddToSecretAsync(secret, new Dictionary<string, byte[]> { [TokenKey] = Encoding.ASCII.GetBytes(good) },
                        cancellationToken).ConfigureAwait(false);
                run.Report("uninstalling the release", 10);
                await run.RemoveAsync(new FlowItem("Helm release", release.Name), () => UninstallAsync(release.Name, options,
                    cancellationToken)).ConfigureAwait(false);
            }

            run.Report("waiting until the pods are gone", 40);
            await pods.GoneAsync(cluster,
                p => KubernetesNames.Ordinal(cluster, true, p.Name) is not null
                    || KubernetesNames.Ordinal(cluster, false, p.Name) is not null, options, cancellationToken)
                .ConfigureAwait(false);

            run.Report("removing what the chart leaves", 70);
            var parts = await registry.OwnPartsAsync(cluster, await registry.TreesAsync(cancellationToken).ConfigureAwait(false),
                await registry.ResourceAsync(cluster, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            await registry.RemoveAsync(run, cluster, parts, cancellationToken).ConfigureAwait(false);
            if (await api.HasConfigMapAsync(map, cancellationToken).ConfigureAwait(false))
                await run.RemoveAsync(new FlowItem("config map", map),
                    () => api.DeleteAsync(ObjectKind.ConfigMap, map, cancellationToken)).ConfigureAwait(false);
            // By it the rest is found again: it goes last.
            if (isLeft)
                await run.RemoveAsync(new FlowItem("secret", secret),
                    () => api.DeleteAsync(ObjectKind.Secret, secret, cancellationToken)).ConfigureAwait(false);
            run.Report("done", 100);
        }, cancellationToken);

    // When only its last Job fails, helm has removed all else and its own record; what the Job should have done is done here.
    private async Task UninstallAsync(string release, FlowOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await helm.UninstallAsync(release, options.Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (!cancellationToken.IsCancellationRequested)
        {
            if ((await api.GetReleasesAsync(release, withFormer: false, cancellationToken).ConfigureAwait(false)).Count > 0) throw;
            options.Observer.Verbose($"The release is gone, though helm says: {e.Message}");
        }
    }
}
