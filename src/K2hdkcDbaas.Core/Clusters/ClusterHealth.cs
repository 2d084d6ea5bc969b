using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Clusters;

/// <summary>Says how a cluster is as a whole.</summary>
internal static class ClusterHealth
{
    private const int Named = 3;

    /// <summary>The cluster with the status that its missing parts and nodes give it.</summary>
    public static Cluster Judged(this Cluster cluster)
    {
        if (cluster.MissingParts.Count > 0) return cluster with { Status = ClusterStatus.Incomplete };
        var nodes = cluster.Nodes;
        var bad = nodes.Where(n => n.Health is NodeHealth.Failed or NodeHealth.Stopped).ToList();
        if (bad.Count > 0)
        {
            var servers = nodes.Where(n => n.Role == NodeRole.Server).DefaultIfEmpty(bad[0]);
            var failed = servers.All(bad.Contains);
            var names = bad.Take(Named).Select(n => $"{n.Name} {n.Status}{(n.Fault is null ? "" : ": " + n.Fault)}");
            return cluster with
            {
                Status = failed ? ClusterStatus.Failed : ClusterStatus.Degraded,
                StatusDetail = string.Join("; ", names) + (bad.Count > Named ? $"; and {bad.Count - Named} more" : ""),
            };
        }
        var changing = nodes.Where(n => n.Health == NodeHealth.Changing && n.Status != "DELETING").ToList();
        if (changing.Count > 0)
            return cluster with
            {
                Status = ClusterStatus.Creating,
                StatusDetail = $"{changing.Count} of {nodes.Count} nodes {changing[0].Status}"
            };
        var waiting = nodes.Count(n => n is { Registered: false, Status: not "DELETING" });
        return waiting > 0
            ? cluster with { Status = ClusterStatus.Creating, StatusDetail = $"{waiting} of {nodes.Count} nodes not registered yet" }
            : cluster with { Status = ClusterStatus.Ready };
    }
}
