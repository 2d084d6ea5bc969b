namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>A Keystone token that someone else got. Ends with it; it is exchanged for a scoped one when a scope is given.</summary>
public sealed record TokenCredential : CloudCredential
{
    /// <inheritdoc/>
    public override string Kind => "token";

    /// <summary>The token.</summary>
    public required string Token { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
