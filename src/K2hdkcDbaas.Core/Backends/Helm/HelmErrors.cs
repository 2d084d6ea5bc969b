using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>Errors that only this engine has.</summary>
internal static class HelmErrors
{
    /// <summary>A chart is of no use.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="why">Why, as the end of a sentence.</param>
    public static DbaasException Chart(string chart, string why) => new(ErrorKind.InvalidInput, HelmErrorIds.HelmChartUnusable,
        $"The chart '{chart}' cannot be used: {why}.", "Give K2HDKC's chart (https://github.com/yahoojapan/k2hdkc_helm_chart).")
    { Target = chart };

    /// <summary>The cluster is not a release's.</summary>
    /// <param name="cluster">The cluster.</param>
    public static DbaasException NoRelease(string cluster) => new(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
        $"Cluster '{cluster}' is no release of Helm; nothing was changed.", "Use -Backend Kubernetes, or a session with it.")
    { Target = cluster };

    /// <summary>Objects say that they are a release's that Helm has no record of.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="release">The release's name.</param>
    public static DbaasException Lost(string cluster, string? release) => new(ErrorKind.Conflict, HelmErrorIds.HelmReleaseNotFound,
        $"Cluster '{cluster}' says that it belongs to the Helm release '{release}', of which Helm has no record in this namespace.",
        "Restore the Secret sh.helm.release.v1.*, or delete the cluster's objects with kubectl.")
    { Target = cluster };
}
