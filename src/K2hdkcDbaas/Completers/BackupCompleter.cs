using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of backups and of their sets.</summary>
public sealed class BackupCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var backup in session.Feature<IBackupBackend>(TextOf(bound, "Backend") ?? session.Backend)
            .GetBackupsAsync(null, pattern, cancellationToken).ConfigureAwait(false))
        {
            if (backup.SetName is { } set) yield return new Candidate(set, $"set {set} of {backup.Cluster}, {backup.Created:u}");
            yield return new Candidate(backup.Name, $"{backup.Name}: {backup.Status}, {backup.Created:u}");
        }
    }
}
