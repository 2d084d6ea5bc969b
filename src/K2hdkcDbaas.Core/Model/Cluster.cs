namespace K2hdkcDbaas.Core.Model;

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

    /// <summary>How it is as a whole.</summary>
    public ClusterStatus Status { get; init; }

    /// <summary>More about the status: nodes that are not as they should be, or a Trove task; null when there is nothing to say.</summary>
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

    /// <summary>
    /// The nodes known when this was read: registered in their roles, known to Nova alone, or members of the Trove cluster.
    /// </summary>
    public IReadOnlyList<ClusterNode> Nodes { get; init => field = Indexable.Of(value); } = [];

    /// <summary>When it was made, in UTC; null when the back end does not keep it.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>How many server nodes there should be: all that were asked for and not removed.</summary>
    public int ServerCount => Nodes.Count(n => n.Role == NodeRole.Server);

    /// <summary>How many slave nodes there should be, clients that registered themselves included.</summary>
    public int SlaveCount => Nodes.Count(n => n.Role == NodeRole.Slave);

    /// <summary>How many of all these run.</summary>
    public int RunningCount => Nodes.Count(n => n.Health == NodeHealth.Running);

    /// <summary>How many of all these are registered in their role.</summary>
    public int RegisteredCount => Nodes.Count(n => n.Registered);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
