namespace K2hdkcDbaas.Core.Model;

/// <summary>How a cluster is as a whole, its configuration and its nodes.</summary>
public enum ClusterStatus
{
    /// <summary>Its configuration is whole, and all its nodes run and are registered. One without nodes is ready to get some.</summary>
    Ready,

    /// <summary>Nodes are being built, or run and have not registered themselves yet; none has failed.</summary>
    Creating,

    /// <summary>
    /// Some of its nodes have failed, are stopped or are gone, others run; <see cref="Cluster.StatusDetail"/> names them.
    /// </summary>
    Degraded,

    /// <summary>
    /// Something is missing, as a create or remove that was broken off leaves it; see <see cref="Cluster.MissingParts"/>.
    /// </summary>
    Incomplete,

    /// <summary>The service works on it (Trove: a task other than <c>NONE</c> and <c>BUILDING</c>).</summary>
    Busy,

    /// <summary>None of its server nodes runs or is being built; <see cref="Cluster.StatusDetail"/> says why.</summary>
    Failed,
}
