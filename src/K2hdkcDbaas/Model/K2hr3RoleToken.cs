namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 role token, with which a host enters its role. Shows its secret only when asked for plain text.</summary>
/// <param name="Role">The role's name.</param>
/// <param name="Token">The token: a SecureString, or a string when plain text was asked for.</param>
/// <param name="Created">When it was made, in UTC; null when K2HR3 does not say.</param>
/// <param name="Expires">When it ends, in UTC; null when K2HR3 does not say.</param>
/// <param name="User">Who made it; null when a host did.</param>
public sealed record K2hr3RoleToken(string Role, object Token, DateTimeOffset? Created, DateTimeOffset? Expires, string? User)
{
    /// <inheritdoc/>
    public override string ToString() => $"role token of {Role}";
}
