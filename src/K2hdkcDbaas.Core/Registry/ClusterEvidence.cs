using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>
/// Tells a cluster's parts in K2HR3 from things of others that happen to bear its name. The cluster's own resource settles it with its key;
/// where that is missing, each part is known by what only a cluster's part looks like.
/// </summary>
internal sealed class ClusterEvidence(K2hr3Client k2hr3, string tenant, string cluster)
{
    /// <summary>Of the parts that are there, those that are the cluster's.</summary>
    /// <param name="trees">All names of the tenant.</param>
    /// <param name="resource">What is stored under the cluster's name; null when K2HR3 says that there is none.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<ClusterParts> OwnAsync(TenantTrees trees, Resource? resource, CancellationToken cancellationToken)
    {
        var parts = trees.Parts(cluster);
        if (resource is not null && ClusterRegistry.IsCluster(resource)) return parts with { Resource = true, Stored = resource };

        // A parent that K2HR3 made by itself for a child is empty.
        var isParent = (resource is null || IsEmpty(resource)) && parts.HasNodeResources && trees.HasOnlyNodeResources(cluster);
        var policy = parts.Policy && await IsOwnPolicyAsync(cancellationToken).ConfigureAwait(false);
        var roles = parts.Role && parts.Policy == policy && trees.HasOnlyNodeRoles(cluster)
            && await AreOwnRolesAsync(parts, cancellationToken).ConfigureAwait(false);
        return new ClusterParts
        {
            Resource = isParent,
            ServerResource = isParent && parts.ServerResource,
            SlaveResource = isParent && parts.SlaveResource,
            Policy = policy,
            Role = roles,
            ServerRole = roles && parts.ServerRole,
            SlaveRole = roles && parts.SlaveRole,
        };
    }

    /// <summary>Whether a resource holds nothing at all.</summary>
    public static bool IsEmpty(Resource resource) =>
        resource.Keys is null or { Count: 0 } && string.IsNullOrEmpty(resource.Text) && resource.Aliases is null or { Count: 0 }
        && resource.Data?.ValueKind is null or System.Text.Json.JsonValueKind.Null or System.Text.Json.JsonValueKind.Undefined;

    private async Task<bool> IsOwnPolicyAsync(CancellationToken cancellationToken)
    {
        var policy = await k2hr3.Policies.GetAsync(cluster, cancellationToken).ConfigureAwait(false);
        var nodes = Enum.GetValues<NodeRole>().Select(r => Yrn.Resource(tenant, ClusterNames.Child(cluster, r)));
        return policy.Resources is { Count: > 0 } resources && resources.All(nodes.Contains) && policy.Aliases is null or { Count: 0 };
    }

    // The policy stands in the parent alone, and the hosts in its children; nothing else stands anywhere.
    private async Task<bool> AreOwnRolesAsync(ClusterParts parts, CancellationToken cancellationToken)
    {
        var parent = await k2hr3.Roles.GetAsync(cluster, cancellationToken).ConfigureAwait(false);
        if (parent.Hosts.Count > 0 || parent.Aliases.Count > 0 || parent.Policies.Any(p => p != Yrn.Policy(tenant, cluster))) return false;
        var children = new List<NodeRole>();
        if (parts.ServerRole) children.Add(NodeRole.Server);
        if (parts.SlaveRole) children.Add(NodeRole.Slave);
        if (children.Count == 0) return parent.Policies.Count > 0;
        var roles = await Together.ForEachAsync(children,
            r => k2hr3.Roles.GetAsync(ClusterNames.Child(cluster, r), cancellationToken)).ConfigureAwait(false);
        return roles.All(r => r.Policies.Count == 0 && r.Aliases.Count == 0);
    }
}
