namespace K2hdkcDbaas.Core.Model;

/// <summary>Nodes to be added to a cluster.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Role">What they do.</param>
/// <param name="Template">How they are made.</param>
public sealed record NewNodes(string Cluster, NodeRole Role, NodeTemplate Template)
{
    /// <summary>
    /// Their names; empty: <see cref="Count"/> nodes named <c>CLUSTER-server-N</c> or <c>CLUSTER-slave-N</c>, going on after the highest N
    /// there is.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How many, when <see cref="Names"/> is empty.</summary>
    public int Count { get; init; } = 1;
}
