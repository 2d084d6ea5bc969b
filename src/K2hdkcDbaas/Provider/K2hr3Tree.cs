using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Provider;

/// <summary>
/// What a tenant has in K2HR3 as one tree: at the top the kinds, below them the names with slashes between parents and children.
/// </summary>
internal static class K2hr3Tree
{
    /// <summary>The kinds, as paths name them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["resource", "policy", "role", "service"];

    /// <summary>The kind of a word; null for none.</summary>
    public static ListKind? KindOf(string word) =>
        Kinds.Contains(word, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<ListKind>(word, ignoreCase: true) : null;

    /// <summary>All names of a kind, branches included.</summary>
    public static Task<IReadOnlyList<string>> NamesAsync(K2hr3Client k2hr3, ListKind kind, CancellationToken cancellationToken) =>
        NameTrees.AllAsync(k2hr3, kind, cancellationToken);

    /// <summary>The names right below a name; below the top for an empty one.</summary>
    public static IEnumerable<string> Below(IReadOnlyList<string> names, string name)
    {
        var before = name.Length == 0 ? "" : name + "/";
        return names.Where(
            n => n.Length > before.Length && n.StartsWith(before, StringComparison.Ordinal) && !n.AsSpan(before.Length).Contains('/'));
    }

    /// <summary>The object of a name, or the branch where there is none of its own.</summary>
    public static async Task<object> ReadAsync(K2hr3Client k2hr3, ListKind kind, string name, IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        try
        {
            return kind switch
            {
                ListKind.Resource =>
                    K2hr3Names.Show(name, await k2hr3.Resources.GetAsync(name, expand: false, cancellationToken).ConfigureAwait(false),
                        expanded: false),
                ListKind.Policy => K2hr3Names.Show(name, await k2hr3.Policies.GetAsync(name, cancellationToken).ConfigureAwait(false)),
                ListKind.Role => K2hr3Names.Show(name, await k2hr3.Roles.GetAsync(name, cancellationToken).ConfigureAwait(false)),
                _ => K2hr3Names.Show(name, await k2hr3.Services.GetAsync(name, cancellationToken).ConfigureAwait(false)),
            };
        }
        catch (DbaasException fault) when (fault.Kind == ErrorKind.NotFound && names.Contains(name))
        {
            return new K2hr3Branch(K2hr3Names.Word(kind), name, Below(names, name).Count());
        }
    }
}
