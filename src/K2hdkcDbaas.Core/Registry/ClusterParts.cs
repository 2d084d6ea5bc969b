using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>What K2HR3 holds of a cluster.</summary>
internal sealed record ClusterParts
{
    /// <summary>Nothing.</summary>
    public static ClusterParts None { get; } = new();

    /// <summary>Listed; perhaps only as an empty parent that K2HR3 made by itself for a child.</summary>
    public bool Resource { get; init; }

    public bool ServerResource { get; init; }

    public bool SlaveResource { get; init; }

    public bool Policy { get; init; }

    public bool Role { get; init; }

    public bool ServerRole { get; init; }

    public bool SlaveRole { get; init; }

    /// <summary>The cluster's own resource as stored; null when it is missing.</summary>
    public Resource? Stored { get; init; }

    public bool HasNodeResources => ServerResource || SlaveResource;

    public bool Any => Resource || Policy || Role;

    public bool Whole => Stored is not null && ServerResource && SlaveResource && Policy && Role && ServerRole && SlaveRole;

    /// <summary>Names what is missing, for people.</summary>
    public IReadOnlyList<string> Missing(string cluster)
    {
        var missing = new List<string>();
        void Check(bool there, string what)
        {
            if (!there) missing.Add(what);
        }
        Check(Stored is not null, $"resource {cluster}");
        Check(ServerResource, $"resource {cluster}/server");
        Check(SlaveResource, $"resource {cluster}/slave");
        Check(Policy, $"policy {cluster}");
        Check(Role, $"role {cluster}");
        Check(ServerRole, $"role {cluster}/server");
        Check(SlaveRole, $"role {cluster}/slave");
        return missing;
    }
}
