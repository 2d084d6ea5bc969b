namespace K2hdkcDbaas.Core.Registry;

/// <summary>Whether a role may do something with a resource, and by what.</summary>
/// <param name="Role">The role's full name.</param>
/// <param name="Resource">The resource's full name.</param>
/// <param name="Action"><c>read</c> or <c>write</c>.</param>
/// <param name="IsAllowed">Whether K2HR3 lets the role's token do it.</param>
/// <param name="Policy">The policy that decides; null when none names resource and action.</param>
/// <param name="Path">The way to it: the role, the roles above it and its aliases that bring the policy, then policies by whose aliases it
/// comes.</param>
/// <param name="Reason">The same in words.</param>
public sealed record AccessDecision(string Role, string Resource, string Action, bool IsAllowed, string? Policy, IReadOnlyList<string> Path,
    string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Reason;
}
