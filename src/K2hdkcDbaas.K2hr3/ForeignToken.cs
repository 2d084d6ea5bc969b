namespace K2hdkcDbaas.K2hr3;

/// <summary>A token of another service.</summary>
/// <param name="Value">The token; a secret.</param>
/// <param name="ExpiresAt">When it ends; null when unknown. A K2HR3 token made of it ends then too.</param>
/// <param name="IsFromApplicationCredential">Whether an application credential made it: K2HR3 cannot take such a one.</param>
public sealed record ForeignToken(string Value, DateTimeOffset? ExpiresAt, bool IsFromApplicationCredential = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"token until {ExpiresAt:u}";
}
