using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of clusters.</summary>
public sealed class ClusterCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var cluster in BackendOf(session, bound).GetClustersAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(cluster.Name,
                $"{cluster.Name}: {cluster.ServerCount} servers, {cluster.SlaveCount} slaves, {cluster.Status}");
    }
}
