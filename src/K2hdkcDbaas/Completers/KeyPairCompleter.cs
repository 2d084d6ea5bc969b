using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of key pairs.</summary>
public sealed class KeyPairCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pair in session.Feature<ICloudCatalog>().GetKeyPairsAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(pair.Name, $"{pair.Name} {pair.Fingerprint}");
    }
}
