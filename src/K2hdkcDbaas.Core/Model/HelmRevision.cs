namespace K2hdkcDbaas.Core.Model;

/// <summary>One revision of the Helm release that a cluster is.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Release">The release's name.</param>
/// <param name="Revision">The revision's number, from 1.</param>
public sealed record HelmRevision(string Cluster, string Release, int Revision)
{
    /// <summary>Helm's word for its state: deployed, superseded, failed, pending-upgrade and so on.</summary>
    public required string Status { get; init; }

    /// <summary>The chart's name.</summary>
    public required string Chart { get; init; }

    /// <summary>The chart's version.</summary>
    public required string ChartVersion { get; init; }

    /// <summary>How many server nodes it wants; null when it does not say.</summary>
    public int? ServerCount { get; init; }

    /// <summary>How many slave nodes it wants; null when it does not say.</summary>
    public int? SlaveCount { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>What was done, or why it failed.</summary>
    public string? Description { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Release} {Revision}";
}
