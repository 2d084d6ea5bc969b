using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of networks.</summary>
public sealed class NetworkCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var network in session.Feature<ICloudCatalog>().GetNetworksAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(network.Name, $"{network.Name} ({network.Id})");
    }
}
