using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of nodes of one role.</summary>
public abstract class RoleNodeCompleter : DbaasCompleter
{
    private protected abstract NodeRole Role { get; }

    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (TextOf(bound, "Cluster") is not { Length: > 0 } cluster) yield break;
        await foreach (var node in BackendOf(session, bound).GetNodesAsync(cluster, Role, pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(node.Name, $"{node.Name}: {node.IPAddress} {node.Status}");
    }
}
