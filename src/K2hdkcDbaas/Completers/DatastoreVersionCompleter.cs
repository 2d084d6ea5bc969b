using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes the versions of the <c>k2hdkc</c> datastore.</summary>
public sealed class DatastoreVersionCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var store in session.Feature<IDatastoreCatalog>()
            .GetDatastoresAsync("k2hdkc", cancellationToken).ConfigureAwait(false))
        {
            foreach (var version in store.Versions)
                yield return new Candidate(version, version == store.DefaultVersion ? $"{version} (default)" : version);
        }
    }
}
