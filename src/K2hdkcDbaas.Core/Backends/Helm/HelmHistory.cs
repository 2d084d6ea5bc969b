using System.Globalization;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>The revisions of a cluster's release, the way back to one, and what is not as the newest has it.</summary>
internal sealed class HelmHistory(KubernetesConnection api, HelmBackend backend, HelmCommands helm)
{
    private const string Replicas = "spec.replicas";
    private const string Template = "spec.template";
    private const string Restart = "Data in the pods' memory is lost by that: -Force says that this is meant.";
    private const string MoveFirst =
        "Bring them to that number with Add-K2hdkcNode or Remove-K2hdkcNode first, which move keys; -Force goes without.";

    /// <summary>The revisions, the newest first.</summary>
    public async Task<IReadOnlyList<HelmRevision>> GetAsync(string cluster, CancellationToken cancellationToken) =>
        [.. (await AllAsync(cluster, cancellationToken).ConfigureAwait(false)).Select(r => Shown(cluster, r))];

    /// <summary>The newest revision.</summary>
    public async Task<HelmRelease> NewestAsync(string cluster, CancellationToken cancellationToken) =>
        (await AllAsync(cluster, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>What is not as Helm made it.</summary>
    public async Task<IReadOnlyList<HelmDrift>> DriftAsync(string cluster, CancellationToken cancellationToken)
    {
        var all = await AllAsync(cluster, cancellationToken).ConfigureAwait(false);
        var wanted = all.FirstOrDefault(r => r.Status == "deployed") ?? all[0];
        var found = await api.CompareAsync(HelmObjects.Parse(wanted.Manifest), cancellationToken).ConfigureAwait(false);
        return [.. found.Select(d => new HelmDrift(cluster, d.Kind, d.Name, d.Path, d.Expected, d.Actual))];
    }

    /// <summary>Goes back to a former revision.</summary>
    public async Task<HelmRevision> RestoreAsync(string cluster, int? revision, FlowOptions options, CancellationToken cancellationToken)
    {
        helm.Check();
        var all = await AllAsync(cluster, cancellationToken).ConfigureAwait(false);
        var target = revision is { } number
            ? all.FirstOrDefault(r => r.Revision == number)
            : all.Skip(1).FirstOrDefault(r => r.Status is "deployed" or "superseded");
        if (target is null)
            throw new DbaasException(ErrorKind.NotFound, HelmErrorIds.HelmReleaseNotFound,
                revision is null
                    ? $"Release '{all[0].Name}' has no revision before its newest one that was deployed."
                    : string.Create(CultureInfo.InvariantCulture, $"Release '{all[0].Name}' has no revision {revision}."),
                $"Get-K2hdkcHelmRevision {cluster} lists what there is.")
            { Target = cluster };

        if (!options.Force) await CheckAsync(cluster, target, cancellationToken).ConfigureAwait(false);
        options.Observer.Progress(new FlowProgress($"Going back to {target}", "helm is at work"));
        await helm.RollBackAsync(target, options.Timeout, cancellationToken).ConfigureAwait(false);
        return Shown(cluster, await NewestAsync(cluster, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Looks whether the next change of a release would restart or take away server pods, since it sets back what others have changed.
    /// </summary>
    /// <param name="set">What the change is meant for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DbaasException"><c>DataAtRisk</c>.</exception>
    public async Task CheckAsync(NodeSet set, CancellationToken cancellationToken)
    {
        var all = await AllAsync(set.Cluster, cancellationToken).ConfigureAwait(false);
        var held = all.FirstOrDefault(r => r.Status == "deployed") ?? all[0];
        foreach (var change in await ServerChangesAsync(set.Cluster, held, cancellationToken).ConfigureAwait(false))
        {
            // The change itself says how many pods of its own there are to be.
            if (change.Path == Replicas && !set.IsServer)
                throw AtRisk(set.Cluster,
                    $"The release wants {change.Expected} server nodes and there are {change.Actual}: its next change brings them to that",
                    MoveFirst);
            if (change.Path.StartsWith(Template, StringComparison.Ordinal))
                throw AtRisk(set.Cluster,
                    $"The server pods are not as the release has them ({change.Path}): its next change sets that back, and each restarts",
                    $"Get-K2hdkcHelmDrift {set.Cluster} shows all of it. {Restart}");
        }
    }

    private static HelmRevision Shown(string cluster, HelmRelease release) => new(cluster, release.Name, release.Revision)
    {
        Status = release.Status,
        Chart = release.ChartName,
        ChartVersion = release.ChartVersion,
        ServerCount = HelmReleases.Count(release, true),
        SlaveCount = HelmReleases.Count(release, false),
        Updated = release.Updated,
        Description = release.Description is { Length: > 0 } said ? said : null,
    };

    // Helm moves no keys, and pods of another template start with empty memory.
    private async Task CheckAsync(string cluster, HelmRelease target, CancellationToken cancellationToken)
    {
        foreach (var change in await ServerChangesAsync(cluster, target, cancellationToken).ConfigureAwait(false))
        {
            if (change.Path == Replicas)
                throw AtRisk(cluster, $"Revision {target.Revision} has {change.Expected} server nodes, but there are {change.Actual}",
                    MoveFirst);
            if (change.Path.StartsWith(Template, StringComparison.Ordinal))
                throw AtRisk(cluster, $"Revision {target.Revision} has other server pods ({change.Path}), so each would restart", Restart);
        }
    }

    private async Task<IEnumerable<ObjectDifference>> ServerChangesAsync(string cluster, HelmRelease release,
        CancellationToken cancellationToken)
    {
        var servers = KubernetesNames.Set(cluster, true);
        var changes = await api.CompareAsync(HelmObjects.Parse(release.Manifest), cancellationToken).ConfigureAwait(false);
        return changes.Where(c => c.Kind == "StatefulSet" && c.Name == servers);
    }

    private static DbaasException AtRisk(string cluster, string why, string next) =>
        new(ErrorKind.Conflict, ErrorIds.DataAtRisk, $"{why}; nothing was changed.", next) { Target = cluster };

    private async Task<IReadOnlyList<HelmRelease>> AllAsync(string cluster, CancellationToken cancellationToken)
    {
        var sets = (await api.GetSetsAsync(cancellationToken).ConfigureAwait(false)).Where(s => s.Cluster == cluster).ToList();
        if (sets.Exists(s => !s.IsHelm)) throw HelmErrors.NoRelease(cluster);
        var releases = await api.GetReleasesAsync(null, withFormer: false, cancellationToken).ConfigureAwait(false);
        if (HelmReleases.Of(cluster, sets, releases) is not { } newest)
            throw sets.Count > 0 ? HelmErrors.Lost(cluster, sets[0].Release) : backend.NotFound(cluster);
        return await api.GetReleasesAsync(newest.Name, withFormer: true, cancellationToken).ConfigureAwait(false);
    }
}
