using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of Trove's datastores.</summary>
public sealed class DatastoreCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var store in session.Feature<IDatastoreCatalog>()
            .GetDatastoresAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(store.Name, $"{store.Name}: {string.Join(", ", store.Versions)}");
    }
}
