using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>A cluster by name, by id or by object.</summary>
public sealed class ClusterReference
{
    private readonly string? _id;

    /// <summary>Refers by name or id.</summary>
    /// <param name="nameOrId">The name or id.</param>
    public ClusterReference(string nameOrId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrId);
        Name = nameOrId;
    }

    /// <summary>Refers to this cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    public ClusterReference(Cluster cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        (Name, Cluster, _id, Backend) = (cluster.Name, cluster, cluster.Id, cluster.Backend);
    }

    /// <summary>Refers to a cluster that was an object elsewhere: in a job or in a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">Its id; null where there is none.</param>
    /// <param name="backend">Its back end; null for the session's.</param>
    internal ClusterReference(string name, string? id, string? backend)
        : this(name) => (_id, Backend) = (id, backend);

    /// <summary>The cluster's name, or what the user gave for it.</summary>
    public string Name { get; }

    /// <summary>The cluster itself; null when only its name is known.</summary>
    public Cluster? Cluster { get; }

    /// <summary>What the back end is to look for: the id where there is one, since names of Trove's clusters are not unique.</summary>
    public string Key => _id ?? Name;

    /// <summary>The back end that runs it, where an object has told; null for the session's.</summary>
    internal string? Backend { get; }

    /// <summary>The node of it that was piped, where a command looks at nodes; null for all of them.</summary>
    internal NodeReference? PipedNode { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
