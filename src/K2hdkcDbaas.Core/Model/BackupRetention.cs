namespace K2hdkcDbaas.Core.Model;

/// <summary>Which backups of a cluster to drop.</summary>
public sealed record BackupRetention
{
    /// <summary>
    /// Keeps this many of each cluster's newest whole sets, and what is newer than the oldest of them; null drops without regard to the
    /// number.
    /// </summary>
    public int? KeepLast { get; init; }

    /// <summary>Drops only sets older than this; null drops without regard to age.</summary>
    public TimeSpan? OlderThan { get; init; }
}
