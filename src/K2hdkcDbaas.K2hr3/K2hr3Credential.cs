namespace K2hdkcDbaas.K2hr3;

/// <summary>How a session gets its K2HR3 user token. Prints without secrets.</summary>
public abstract record K2hr3Credential
{
    /// <summary>The tenant to work in (the project's name; case does not matter); null for an unscoped token.</summary>
    public string? Tenant { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} for tenant {Tenant ?? "(none)"}";
}
