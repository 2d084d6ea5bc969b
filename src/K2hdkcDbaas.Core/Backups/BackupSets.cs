using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Backups;

/// <summary>
/// What makes a set of backups whole. A set is named by its cluster and its own name: two clusters may each have one of a name.
/// </summary>
public static class BackupSets
{
    /// <summary>The backups that a cluster can be restored from: those of one set, one per node.</summary>
    /// <param name="backups">The backups; one that comes twice counts once.</param>
    /// <param name="force">Takes what is usable of a set that is not whole.</param>
    /// <exception cref="DbaasException">
    /// <c>InvalidRequest</c>: none, of several sets, or two of one node. <c>BackupUnusable</c> and <c>BackupSetIncomplete</c>: not whole,
    /// and not forced.
    /// </exception>
    public static IReadOnlyList<Backup> Restorable(IReadOnlyList<Backup> backups, bool force)
    {
        ArgumentNullException.ThrowIfNull(backups);
        backups = [.. backups.DistinctBy(b => b.Id)];
        if (backups.Count == 0)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "There is no backup to restore.",
                "Give the backups of one set.");
        var sets = backups.Select(b => (b.Backend, b.Cluster, b.SetName)).Distinct().ToList();
        if (sets.Count > 1)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"The backups are of {sets.Count} sets: {string.Join(", ", sets.Select(s => $"'{s.SetName}' of cluster '{s.Cluster}'"))}.",
                "Give the backups of one set, such as Get-K2hdkcBackup SET -Cluster CLUSTER | Restore-K2hdkcCluster.")
            { Target = sets[0].SetName };
        var name = sets[0].SetName;
        if (backups.GroupBy(NodeOf).FirstOrDefault(n => n.Count() > 1) is { } twice)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"Node '{twice.First().Node ?? twice.Key}' is among the backups {twice.Count()} times: "
                    + $"{string.Join(", ", twice.Select(b => $"{b.Id} of {b.Created:u}"))}.",
                "Give one backup per node, by id.")
            { Target = name };
        var usable = backups.Where(b => b.Usable).ToList();
        if (force && usable.Count > 0) return usable;
        foreach (var backup in backups) BackupNotes.NeedUsable(backup);
        if (ExpectedOf(backups) is { } expected && backups.Count < expected)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.BackupSetIncomplete,
                $"Set '{name}' of cluster '{sets[0].Cluster}' has {backups.Count} of {expected} server nodes; the data of the others would "
                    + $"be missing.",
                "Choose a whole set (Get-K2hdkcBackup shows SetSize), or restore what there is with -Force.")
            { Target = name };
        return backups;
    }

    /// <summary>
    /// Whether the backups are a whole set: every one usable, and one of each server node that the cluster had. A set that does not tell
    /// its size counts as whole.
    /// </summary>
    /// <param name="members">The backups of one set.</param>
    public static bool IsWhole(IReadOnlyList<Backup> members) =>
        members.Count > 0 && members.All(b => b.Usable) && !(members.DistinctBy(NodeOf).Count() < ExpectedOf(members));

    private static string NodeOf(Backup backup) => backup.NodeId ?? backup.Node ?? backup.Id;

    private static int? ExpectedOf(IEnumerable<Backup> members) => members.Max(b => b.SetSize);
}
