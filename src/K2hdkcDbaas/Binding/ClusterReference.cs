using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>A cluster by name, by id or by object.</summary>
public sealed class ClusterReference
{
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
        (Name, Cluster) = (cluster.Name, cluster);
    }

    /// <summary>Refers to the cluster of this node.</summary>
    /// <param name="node">The node.</param>
    public ClusterReference(ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        Name = node.Cluster;
    }

    /// <summary>The cluster's name, or what the user gave for it.</summary>
    public string Name { get; }

    /// <summary>The cluster itself; null when only its name is known.</summary>
    public Cluster? Cluster { get; }

    /// <summary>What the back end is to look for: the id where there is one, since names of Trove's clusters are not unique.</summary>
    public string Key => Cluster?.Id ?? Name;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
