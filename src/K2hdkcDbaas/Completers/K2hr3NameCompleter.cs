using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of one kind in K2HR3.</summary>
public abstract class K2hr3NameCompleter : DbaasCompleter
{
    private protected abstract ListKind Kind { get; }

    private protected override async IAsyncEnumerable<Candidate> FindAsync(
        IDbaasSession session, IDictionary bound, string parameter, string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var k2hr3 = await session.GetK2hr3Async(cancellationToken).ConfigureAwait(false);
        foreach (var name in await NameTrees.AllAsync(k2hr3, Kind, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(name);
    }
}
