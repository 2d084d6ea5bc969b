using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Finds the backups that a user means.</summary>
internal static class BackupFinder
{
    /// <summary>The backup meant; all of its members for a set's name.</summary>
    /// <exception cref="DbaasException"><c>BackupNotFound</c>.</exception>
    public static async Task<IReadOnlyList<Backup>> FindAsync(IBackupBackend backend, BackupReference reference,
        CancellationToken cancellationToken)
    {
        if (reference.Backup is { } known) return [known];
        var found = await backend.GetBackupsAsync(null, reference.Key, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found : throw NotFound(reference.Name);
    }

    /// <summary>The one backup meant, for what works on one node.</summary>
    /// <exception cref="DbaasException"><c>BackupNotFound</c> or <c>ReferenceAmbiguous</c>.</exception>
    public static async Task<Backup> OneAsync(IBackupBackend backend, BackupReference reference, CancellationToken cancellationToken)
    {
        var found = await FindAsync(backend, reference, cancellationToken).ConfigureAwait(false);
        return found is [var only]
            ? only
            : throw new DbaasException(
                ErrorKind.InvalidInput, ErrorIds.ReferenceAmbiguous,
                $"'{reference.Name}' means {found.Count} backups: {string.Join(", ", found.Select(f => f.Name))}.",
                "Name the one of the node.");
    }

    public static DbaasException NotFound(string name) =>
        new(ErrorKind.NotFound, ErrorIds.BackupNotFound, $"There is no backup or set '{name}' in this project.",
            "Get-K2hdkcBackup lists them; those of the other type with -Backend.");
}
