namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>What Trove is doing with a cluster.</summary>
/// <param name="Name">NONE, BUILDING, GROWING_CLUSTER, SHRINKING_CLUSTER, RESTARTING_CLUSTER, DELETING and so on.</param>
public sealed record ClusterTask(string Name)
{
    /// <summary>The same in words.</summary>
    public string? Description { get; init; }
}
