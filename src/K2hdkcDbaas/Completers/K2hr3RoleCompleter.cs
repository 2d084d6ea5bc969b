using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.Completers;

/// <summary>Completes names of roles.</summary>
public sealed class K2hr3RoleCompleter : K2hr3NameCompleter
{
    private protected override ListKind Kind => ListKind.Role;
}
