namespace K2hdkcDbaas.Core.Model;

/// <summary>Whether all that makes up a cluster is there.</summary>
public enum ClusterStatus
{
    /// <summary>Everything that belongs to the cluster exists.</summary>
    Complete,

    /// <summary>Something is missing, as a create or remove that was broken off leaves it; see <see cref="Cluster.MissingParts"/>.</summary>
    Incomplete,

    /// <summary>The service works on it (Trove: a task other than <c>NONE</c>).</summary>
    Busy,

    /// <summary>The service gave up on it; <see cref="Cluster.StatusDetail"/> says why.</summary>
    Failed,
}

/// <summary>A K2HDKC cluster: a ring of server nodes, its slaves, and the configuration they share.</summary>
public sealed record Cluster
{
    /// <summary>The cluster's name; lower case, as K2HR3 keeps it.</summary>
    public required string Name { get; init; }

    /// <summary>The engine that runs it, by its name, such as <c>Nova</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>Trove's id of the cluster; null where the name is the only key (OpenStack type, or Trove node by node).</summary>
    public string? Id { get; init; }

    /// <summary>The project (K2HR3: the tenant) that it lives in.</summary>
    public string? Project { get; init; }

    /// <summary>Whether it is whole.</summary>
    public ClusterStatus Status { get; init; }

    /// <summary>More about the status in the service's words (a Trove task); null when there is nothing to say.</summary>
    public string? StatusDetail { get; init; }

    /// <summary>What is missing, such as <c>policy demo</c>; empty for a whole cluster.</summary>
    public IReadOnlyList<string> MissingParts { get; init => field = Indexable.Of(value); } = [];

    /// <summary>The ports that its configuration names.</summary>
    public ClusterPorts Ports { get; init; } = new();

    /// <summary>The user that runs chmpx and k2hdkc in the guests; null for the packages' own.</summary>
    public string? RunUser { get; init; }

    /// <summary>Whether the guests create <see cref="RunUser"/> when they boot.</summary>
    public bool CreateUser { get; init; }

    /// <summary>Trove's configuration group of the cluster; null elsewhere.</summary>
    public string? ConfigurationGroupId { get; init; }

    /// <summary>The nodes known when this was read: registered in their roles, or members of the Trove cluster.</summary>
    public IReadOnlyList<ClusterNode> Nodes { get; init => field = Indexable.Of(value); } = [];

    /// <summary>When it was made, in UTC; null when the back end does not keep it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>How many server nodes are known.</summary>
    public int ServerCount => Nodes.Count(n => n.Role == NodeRole.Server);

    /// <summary>How many slave nodes are known.</summary>
    public int SlaveCount => Nodes.Count(n => n.Role == NodeRole.Slave);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
