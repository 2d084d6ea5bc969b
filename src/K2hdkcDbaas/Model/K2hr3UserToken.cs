namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 user token. Shows its secret only when asked for plain text.</summary>
/// <param name="User">The user.</param>
/// <param name="Tenant">The tenant that it is for; null for none.</param>
/// <param name="IsScoped">Whether it is for one tenant.</param>
/// <param name="Token">The token: a SecureString, or a string when plain text was asked for.</param>
public sealed record K2hr3UserToken(string? User, string? Tenant, bool IsScoped, object Token)
{
    /// <inheritdoc/>
    public override string ToString() => $"user token of {User}";
}
