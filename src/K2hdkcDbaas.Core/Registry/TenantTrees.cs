using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>All names of a tenant in K2HR3: what is a cluster, and what is there of one.</summary>
internal sealed class TenantTrees(IReadOnlyList<NameTree> resources, IReadOnlyList<NameTree> roles, IReadOnlyList<NameTree> policies)
{
    /// <summary>
    /// The names that look like clusters, whole or not: those with a child for servers or slaves among the resources or roles.
    /// </summary>
    public IReadOnlyList<string> Clusters { get; } =
        [.. resources.Concat(roles).Where(t => Has(t, NodeRole.Server) || Has(t, NodeRole.Slave)).Select(t => t.Name)
            .Concat(resources.Select(r => r.Name).Intersect(policies.Select(p => p.Name)))
            .Distinct().Order(StringComparer.Ordinal)];

    /// <summary>What is there under a cluster's name.</summary>
    public ClusterParts Parts(string cluster)
    {
        var resource = resources.FirstOrDefault(t => t.Name == cluster);
        var role = roles.FirstOrDefault(t => t.Name == cluster);
        return new ClusterParts
        {
            Resource = resource is not null,
            ServerResource = resource is not null && Has(resource, NodeRole.Server),
            SlaveResource = resource is not null && Has(resource, NodeRole.Slave),
            Policy = policies.Any(p => p.Name == cluster),
            Role = role is not null,
            ServerRole = role is not null && Has(role, NodeRole.Server),
            SlaveRole = role is not null && Has(role, NodeRole.Slave),
        };
    }

    /// <summary>Whether nothing but a cluster's two resources is below the name.</summary>
    public bool HasOnlyNodeResources(string cluster) => HasOnlyNodes(resources, cluster);

    /// <summary>Whether nothing but a cluster's two roles is below the name.</summary>
    public bool HasOnlyNodeRoles(string cluster) => HasOnlyNodes(roles, cluster);

    private static bool HasOnlyNodes(IReadOnlyList<NameTree> trees, string cluster) =>
        trees.Where(t => t.Name == cluster)
            .All(t => t.Children.All(c => c.Children.Count == 0 && Enum.GetValues<NodeRole>().Any(r => c.Name == ClusterNames.Word(r))));

    private static bool Has(NameTree tree, NodeRole role) => tree.Children.Any(c => c.Name == ClusterNames.Word(role));
}
