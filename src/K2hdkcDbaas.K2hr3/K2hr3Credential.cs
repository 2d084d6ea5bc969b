namespace K2hdkcDbaas.K2hr3;

/// <summary>How a session gets its K2HR3 user token. Prints without secrets.</summary>
public abstract record K2hr3Credential
{
    /// <summary>The tenant to work in (the project's name; case does not matter); null for an unscoped token.</summary>
    public string? Tenant { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} for tenant {Tenant ?? "(none)"}";
}

/// <summary>A token of the service that K2HR3 trusts for users (Keystone); one call turns it into a scoped K2HR3 token.</summary>
/// <param name="Get">Gives a token that is good now, and when it ends.</param>
public sealed record ForeignTokenCredential(Func<CancellationToken, Task<ForeignToken>> Get) : K2hr3Credential
{
    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}

/// <summary>A token of another service.</summary>
/// <param name="Value">The token; a secret.</param>
/// <param name="ExpiresAt">When it ends; null when unknown. A K2HR3 token made of it ends then too.</param>
/// <param name="IsFromApplicationCredential">Whether an application credential made it: K2HR3 cannot take such a one.</param>
public sealed record ForeignToken(string Value, DateTimeOffset? ExpiresAt, bool IsFromApplicationCredential = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"token until {ExpiresAt:u}";
}

/// <summary>A user's name and password, as K2HR3 knows them.</summary>
/// <param name="UserName">The user's name.</param>
/// <param name="Password">The password.</param>
public sealed record K2hr3PasswordCredential(string UserName, string Password) : K2hr3Credential
{
    /// <inheritdoc/>
    public override string ToString() => $"password of {UserName} for tenant {Tenant ?? "(none)"}";
}

/// <summary>A ready K2HR3 user token, scoped or not; ends with it.</summary>
/// <param name="Token">The token, with or without <c>U=</c>.</param>
public sealed record K2hr3TokenCredential(string Token) : K2hr3Credential
{
    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
