namespace K2hdkcDbaas.Core;

/// <summary>What K2HR3 holds of a cluster.</summary>
internal sealed record ClusterParts
{
    /// <summary>Nothing.</summary>
    public static ClusterParts None { get; } = new();

    public bool Resource { get; init; }

    public bool ServerResource { get; init; }

    public bool SlaveResource { get; init; }

    public bool Policy { get; init; }

    public bool Role { get; init; }

    public bool ServerRole { get; init; }

    public bool SlaveRole { get; init; }

    public bool Any => Resource || Policy || Role;

    public bool Whole => Resource && ServerResource && SlaveResource && Policy && Role && ServerRole && SlaveRole;

    /// <summary>Names what is missing, for people.</summary>
    public IReadOnlyList<string> Missing(string cluster)
    {
        var missing = new List<string>();
        void Check(bool there, string what)
        {
            if (!there) missing.Add(what);
        }
        Check(Resource, $"resource {cluster}");
        Check(ServerResource, $"resource {cluster}/server");
        Check(SlaveResource, $"resource {cluster}/slave");
        Check(Policy, $"policy {cluster}");
        Check(Role, $"role {cluster}");
        Check(ServerRole, $"role {cluster}/server");
        Check(SlaveRole, $"role {cluster}/slave");
        return missing;
    }
}
