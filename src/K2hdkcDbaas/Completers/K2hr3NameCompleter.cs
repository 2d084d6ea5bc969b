using System.Collections;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Templates;

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
        var full = Yrn.IsFull(pattern) && Kind != ListKind.Service
            ? Yrn.Top(await K2hr3Names.TenantAsync(k2hr3, cancellationToken).ConfigureAwait(false),
                Enum.Parse<YrnKind>(Kind.ToString())) + ":"
            : "";
        foreach (var name in await NameTrees.AllAsync(k2hr3, Kind, cancellationToken).ConfigureAwait(false))
            yield return new Candidate(full + name);
    }
}
