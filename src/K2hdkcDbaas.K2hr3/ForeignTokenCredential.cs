namespace K2hdkcDbaas.K2hr3;

/// <summary>A token of the service that K2HR3 trusts for users (Keystone); one call turns it into a scoped K2HR3 token.</summary>
/// <param name="Get">Gives a token that is good now, and when it ends.</param>
public sealed record ForeignTokenCredential(Func<CancellationToken, Task<ForeignToken>> Get) : K2hr3Credential
{
    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
