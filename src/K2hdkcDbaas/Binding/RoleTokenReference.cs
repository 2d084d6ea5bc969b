using System.Net;
using System.Security;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Binding;

/// <summary>A role token by object or as the secret itself.</summary>
public sealed class RoleTokenReference
{
    private readonly object _secret;

    /// <summary>Refers to this token.</summary>
    /// <param name="token">The token.</param>
    public RoleTokenReference(K2hr3RoleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        (Token, _secret) = (token, token.Token);
    }

    /// <summary>Refers by the secret.</summary>
    /// <param name="secret">The token's value.</param>
    public RoleTokenReference(SecureString secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _secret = secret;
    }

    /// <summary>The token as it was shown; null when only the secret is known.</summary>
    public K2hr3RoleToken? Token { get; }

    /// <inheritdoc/>
    public override string ToString() => Token?.ToString() ?? "role token";

    internal string Plain() => _secret is SecureString secure ? new NetworkCredential(string.Empty, secure).Password : (string)_secret;
}
