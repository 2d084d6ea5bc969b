namespace K2hdkcDbaas.Kubernetes;

/// <summary>The stable names of errors that Helm, or the way to it, raises.</summary>
public static class HelmErrorIds
{
    /// <summary>There is no helm program.</summary>
    public const string HelmNotFound = nameof(HelmNotFound);

    /// <summary>helm failed; the message is its own.</summary>
    public const string HelmFailed = nameof(HelmFailed);

    /// <summary>A chart cannot be had, or cannot be used.</summary>
    public const string HelmChartUnusable = nameof(HelmChartUnusable);

    /// <summary>The chart does not take the values; the message says which.</summary>
    public const string HelmValuesRefused = nameof(HelmValuesRefused);

    /// <summary>A Job of the chart failed, or did not end in time.</summary>
    public const string HelmHookFailed = nameof(HelmHookFailed);

    /// <summary>The release is being changed by another run, or was left half-changed by one.</summary>
    public const string HelmReleaseBusy = nameof(HelmReleaseBusy);

    /// <summary>There is no such release, or no such revision of it.</summary>
    public const string HelmReleaseNotFound = nameof(HelmReleaseNotFound);

    /// <summary>What Helm keeps of a release cannot be read.</summary>
    public const string HelmReleaseUnreadable = nameof(HelmReleaseUnreadable);
}
