using System.Globalization;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>Brings together releases and what they have made.</summary>
internal static class HelmReleases
{
    /// <summary>A cluster's release, in its newest revision; null when Helm has no record of one.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="sets">Its StatefulSets.</param>
    /// <param name="releases">What Helm keeps, the newest of each release first.</param>
    public static HelmRelease? Of(string cluster, IReadOnlyList<NodeSet> sets, IReadOnlyList<HelmRelease> releases) =>
        sets.Select(s => s.Release).FirstOrDefault(r => r is not null) is { } name
            ? releases.FirstOrDefault(r => r.Name == name)
            : releases.FirstOrDefault(r => r.ChartName == HelmRelease.K2hdkcChart && r.Cluster == cluster);

    /// <summary>How many nodes of a kind a revision wants; null when it does not say.</summary>
    public static int? Count(HelmRelease release, bool isServer) => release.Number("dbaas", isServer ? "server" : "slave", "count");

    /// <summary>The cluster with what its release has to say about it.</summary>
    public static Cluster Judge(Cluster cluster, IReadOnlyList<NodeSet> sets, HelmRelease? release)
    {
        if (release is null) return With(cluster, ClusterStatus.Degraded, "Helm has no record of its release");
        if (release.Status.StartsWith("pending-", StringComparison.Ordinal) || release.Status == "uninstalling")
            return With(cluster, ClusterStatus.Creating, $"revision {Number(release.Revision)} of its release is {release.Status}");
        if (release.Status != "deployed")
            return With(cluster, ClusterStatus.Degraded,
                $"revision {Number(release.Revision)} of its release is {release.Status}: {release.Description}");
        var other = sets.FirstOrDefault(s => Count(release, s.IsServer) is { } count && count != s.Replicas);
        return other is null
            ? cluster
            : With(cluster, cluster.Status,
                $"{KubernetesNames.Set(other.Cluster, other.IsServer)} has {Number(other.Replicas)} pods, and its release wants "
                    + $"{Number(Count(release, other.IsServer)!.Value)}: the next change brings it to that");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Cluster With(Cluster cluster, ClusterStatus status, string detail) => cluster with
    {
        Status = cluster.Status == ClusterStatus.Ready ? status : cluster.Status,
        StatusDetail = cluster.StatusDetail is null ? detail : $"{cluster.StatusDetail}; {detail}",
    };
}
