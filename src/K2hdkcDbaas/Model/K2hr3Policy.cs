namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 policy: what roles that have it may do with which resources.</summary>
/// <param name="Name">Its name in the tenant.</param>
/// <param name="Effect"><c>allow</c> or <c>deny</c>.</param>
/// <param name="Actions">The full names of actions.</param>
/// <param name="Resources">The full names of resources.</param>
/// <param name="Aliases">The full names of policies that it takes more from.</param>
public sealed record K2hr3Policy(
    string Name, string? Effect, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, IReadOnlyList<string> Aliases)
{
    /// <summary>The service that it came with; null for the tenant's own.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
