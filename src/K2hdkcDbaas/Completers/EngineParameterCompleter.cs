using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;

namespace K2hdkcDbaas.Completers;

/// <summary>
/// Completes a parameter that an engine defines as that engine says: the one that <c>-Backend</c> names, else the session's first that
/// completes it.
/// </summary>
public sealed class EngineParameterCompleter : DbaasCompleter
{
    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var engine = BackendProviders.Find(session.Providers, TextOf(bound, "Backend") ?? session.Backend);
        var complete = session.Providers.OrderBy(p => p != engine).SelectMany(p => p.Parameters)
            .FirstOrDefault(p => p.Complete is not null && p.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase))?.Complete;
        if (complete is null) yield break;
        await foreach (var candidate in complete(session, pattern, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(candidate.Value, candidate.Tip);
    }
}
