namespace K2hdkcDbaas.K2hr3;

/// <summary>A ready K2HR3 user token, scoped or not; ends with it.</summary>
/// <param name="Token">The token, with or without <c>U=</c>.</param>
public sealed record K2hr3TokenCredential(string Token) : K2hr3Credential
{
    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
