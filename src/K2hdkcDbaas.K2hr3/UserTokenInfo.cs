namespace K2hdkcDbaas.K2hr3;

/// <summary>Who a K2HR3 user token is for.</summary>
public sealed record UserTokenInfo : K2hr3Reply
{
    /// <summary>Whether the token is for one tenant.</summary>
    public required bool Scoped { get; init; }

    /// <summary>The user's name, lower-cased.</summary>
    public string? User { get; init; }

    /// <summary>The user's tenants; the one of the token when it is scoped.</summary>
    public IReadOnlyList<Tenant> Tenants { get; init; } = [];
}
