using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Clusters;

/// <summary>Errors that all back ends have in common.</summary>
internal static class ClusterErrors
{
    /// <summary>There is no cluster of this engine of that name, but one of another engine's.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="owner">The other's mark, which is its name in lower case.</param>
    public static DbaasException RunByAnother(string cluster, string owner) => new(
        ErrorKind.NotFound, ErrorIds.ClusterNotFound,
        $"The servers of cluster '{cluster}' are run by the back end '{owner}', which this is not; nothing was changed.",
        $"Use -Backend {owner}, or a session with it.")
    { Target = cluster };

    /// <summary>Nothing bears the name.</summary>
    /// <param name="cluster">The cluster, as it was meant.</param>
    public static DbaasException NotFound(string cluster) =>
        new(ErrorKind.NotFound, ErrorIds.ClusterNotFound, $"There is no cluster '{cluster}' in this project.",
            "Get-K2hdkcCluster lists the clusters.")
        { Target = cluster };
}
