namespace K2hdkcDbaas.Core.Model;

/// <summary>A full backup of one server node. Those of one cluster taken together share <see cref="SetName"/>.</summary>
public sealed record Backup
{
    /// <summary>Glance's image id, or Trove's backup id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, <c>SET-NODE</c> unless it was chosen.</summary>
    public required string Name { get; init; }

    /// <summary>The set it belongs to: one backup per server node of a cluster; null for a backup taken alone by other tools.</summary>
    public string? SetName { get; init; }

    /// <summary>The engine that ran the cluster, by its name, such as <c>Nova</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>The cluster that it was taken of; null when it does not say.</summary>
    public string? Cluster { get; init; }

    /// <summary>The node's name; null when it does not say.</summary>
    public string? Node { get; init; }

    /// <summary>The node's id at that time.</summary>
    public string? NodeId { get; init; }

    /// <summary>How many server nodes the cluster had, so how many backups a whole set has; null when it does not say.</summary>
    public int? SetSize { get; init; }

    /// <summary>The node's seed in the ring, which decides its place there; null when it does not say.</summary>
    public string? Seed { get; init; }

    /// <summary>The service's status, such as <c>active</c> (Glance) or <c>COMPLETED</c> (Trove).</summary>
    public string? Status { get; init; }

    /// <summary>Whether it can be restored now.</summary>
    public bool Usable { get; init; }

    /// <summary>Size in bytes; null when the service does not say yet.</summary>
    public long? Size { get; init; }

    /// <summary>When it was taken, in UTC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What its maker wrote about it.</summary>
    public string? Description { get; init; }

    /// <summary>The ports that the cluster's configuration named; null when it does not say.</summary>
    public ClusterPorts? Ports { get; init; }

    /// <summary>The user that ran chmpx and k2hdkc in the guests; null for the packages' own, or when it does not say.</summary>
    public string? RunUser { get; init; }

    /// <summary>Whether the guests created <see cref="RunUser"/> when they booted.</summary>
    public bool CreateUser { get; init; }

    /// <summary>Whether the cluster's nodes had no security groups of its own.</summary>
    public bool NoSecurityGroup { get; init; }

    /// <summary>Trove: the id of the cluster's configuration group; null when it does not say.</summary>
    public string? ConfigurationGroupId { get; init; }

    /// <summary>Trove: settings of that group beside name and ports, as far as there was room for them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Trove: the version of the datastore that it was taken of; null when it does not say.</summary>
    public string? DatastoreVersion { get; init; }

    /// <summary>Trove: the size of the node's data volume in GiB; null when it does not say.</summary>
    public int? VolumeSize { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
