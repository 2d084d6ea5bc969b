namespace K2hdkcDbaas.Core.Model;

/// <summary>A cluster to be made, with its first nodes if wanted.</summary>
/// <param name="Name">Its name: lower-case letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; it begins with a letter or digit.</param>
public sealed record NewCluster(string Name)
{
    /// <summary>The ports.</summary>
    public ClusterPorts Ports { get; init; } = new();

    /// <summary>The user that runs chmpx and k2hdkc in the guests; null for the packages' own.</summary>
    public string? RunUser { get; init; }

    /// <summary>Lets the guests create <see cref="RunUser"/> when they boot.</summary>
    public bool CreateUser { get; init; }

    /// <summary>Makes no security groups.</summary>
    public bool NoSecurityGroup { get; init; }

    /// <summary>How many server nodes to boot; they are named <c>NAME-server-1</c> and so on.</summary>
    public int ServerCount { get; init; }

    /// <summary>How many slave nodes to boot; they are named <c>NAME-slave-1</c> and so on.</summary>
    public int SlaveCount { get; init; }

    /// <summary>How the nodes are made; needed when there are any.</summary>
    public NodeTemplate? Nodes { get; init; }

    /// <summary>How slaves are made when not like the servers; null for alike.</summary>
    public NodeTemplate? Slaves { get; init; }

    /// <summary>Trove: the datastore's version; null for its default.</summary>
    public string? DatastoreVersion { get; init; }

    /// <summary>Trove: the configuration group to use; null makes one from the ports, named after the cluster.</summary>
    public Reference? ConfigurationGroup { get; init; }

    /// <summary>
    /// Trove: makes single instances that share the configuration group, rather than a cluster of Trove's own. Only such nodes can be
    /// backed up, and leave and join by their configuration; growing them takes one request per node.
    /// </summary>
    public bool NodeByNode { get; init; }

    /// <summary>Trove: <c>affinity</c> or <c>anti-affinity</c> of the nodes' hosts; null for none.</summary>
    public string? Locality { get; init; }
}
