using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of K2HR3 systems in Kubernetes.</summary>
public sealed class K2hr3DeploymentCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var system in await session.Feature<IK2hr3Deployments>().GetAsync(pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(system.Name, $"{system.Name} of {system.ManagedBy}: {system.Status}");
    }
}
