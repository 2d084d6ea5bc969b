using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>Brings together what Kubernetes and K2HR3 know of a cluster's nodes.</summary>
internal static class PodFinder
{
    /// <summary>The nodes: pods, and hosts of the roles that are no pods.</summary>
    public static IReadOnlyList<ClusterNode> Nodes(string cluster, IReadOnlyList<NodePod> pods,
        IReadOnlyDictionary<NodeRole, IReadOnlyList<RoleHost>> hosts)
    {
        var nodes = new List<ClusterNode>();
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            var lines = hosts.GetValueOrDefault(role, []).ToList();
            foreach (var pod in Of(cluster, role, pods))
            {
                var line = lines.FirstOrDefault(l => IsOf(l, pod));
                if (line is not null) lines.Remove(line);
                nodes.Add(Node(cluster, role, pod, line));
            }

            nodes.AddRange(lines.Select(l => new ClusterNode
            {
                Cluster = cluster,
                Role = role,
                Name = l.Tag.Length > 0 ? l.Tag.Split('.')[0] : l.Host,
                Cuk = l.Cuk.Length > 0 ? l.Cuk : null,
                IPAddress = l.Host,
                Tag = l.Tag.Length > 0 ? l.Tag : null,
                Registered = true,
                // A line that a pod left behind; other hosts are slaves from elsewhere.
                Status = l.Extra == RoleHost.KubernetesAuto ? "GONE" : null,
            }));
        }

        return nodes;
    }

    /// <summary>The pods of a role, by their numbers.</summary>
    public static IEnumerable<NodePod> Of(string cluster, NodeRole role, IReadOnlyList<NodePod> pods) =>
        from pod in pods
        let ordinal = KubernetesNames.Ordinal(cluster, role == NodeRole.Server, pod.Name)
        where ordinal is not null
        orderby ordinal
        select pod;

    /// <summary>Whether a line of a role is a pod's own, not that of a former pod of its name.</summary>
    public static bool IsOf(RoleHost line, NodePod pod) => line.Tag == pod.Name && (pod.Address is null || line.Host == pod.Address);

    private static ClusterNode Node(string cluster, NodeRole role, NodePod pod, RoleHost? line) => new()
    {
        Cluster = cluster,
        Role = role,
        Name = pod.Name,
        Id = pod.Uid,
        Cuk = line?.Cuk,
        IPAddress = pod.Address,
        Tag = line?.Tag,
        Status = pod.Status == "Terminating" ? "DELETING" : pod.Status,
        Fault = pod.IsUp ? null : pod.Detail,
        Registered = line is not null,
        Ready = pod.IsReady,
        Image = pod.Image,
        Created = pod.Created,
    };
}
