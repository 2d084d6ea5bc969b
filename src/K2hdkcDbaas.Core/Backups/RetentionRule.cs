using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backups;

/// <summary>Chooses which backups a retention drops. Sets are kept or dropped whole.</summary>
public static class RetentionRule
{
    /// <summary>Chooses.</summary>
    /// <param name="backups">The backups of one cluster or several.</param>
    /// <param name="retention">The rule; with neither number nor age nothing is dropped.</param>
    /// <param name="now">The time that ages count from.</param>
    /// <returns>Those to drop, the oldest first.</returns>
    public static IReadOnlyList<Backup> ToDrop(IEnumerable<Backup> backups, BackupRetention retention, DateTimeOffset now)
    {
        if (retention.KeepLast is null && retention.OlderThan is null) return [];
        var dropped = new List<Backup>();
        foreach (var cluster in backups.GroupBy(b => (b.Backend, b.Cluster)))
        {
            // A backup outside any set stands for itself. Only whole sets count: a newer one that failed, or has some nodes only, replaces
            // none.
            var whole = 0;
            foreach (var set in cluster.GroupBy(b => b.SetName ?? b.Id).Select(s => s.ToList()).OrderByDescending(TakenAt))
            {
                var enough = whole >= (retention.KeepLast ?? 0);
                if (BackupSets.IsWhole(set)) whole++;
                if (enough && !(retention.OlderThan is { } age && TakenAt(set) >= now - age)) dropped.AddRange(set);
            }
        }
        return [.. dropped.OrderBy(b => b.Created)];
    }

    private static DateTimeOffset TakenAt(List<Backup> set) => set.Max(b => b.Created ?? DateTimeOffset.MinValue);
}
