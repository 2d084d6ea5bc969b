using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of resources.</summary>
public sealed class K2hr3ResourceCompleter : K2hr3NameCompleter
{
    private protected override ListKind Kind => ListKind.Resource;
}
