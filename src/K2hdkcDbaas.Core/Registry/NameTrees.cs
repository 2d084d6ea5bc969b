using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Core.Registry;

/// <summary>K2HR3's lists of names as plain names.</summary>
public static class NameTrees
{
    /// <summary>All names of a tree, each with those above it before it.</summary>
    /// <param name="trees">The tree.</param>
    /// <param name="before">What stands before them, with its slash.</param>
    public static IEnumerable<string> Flat(IReadOnlyList<NameTree> trees, string before = "") =>
        trees.SelectMany(t => Flat(t.Children, before + t.Name + "/").Prepend(before + t.Name));

    /// <summary>All names of a kind in the session's tenant.</summary>
    /// <param name="k2hr3">The session.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public static async Task<IReadOnlyList<string>> AllAsync(K2hr3Client k2hr3, ListKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(k2hr3);
        return [.. Flat(await k2hr3.Lists.GetAsync(kind, null, deep: true, cancellationToken).ConfigureAwait(false))];
    }
}
