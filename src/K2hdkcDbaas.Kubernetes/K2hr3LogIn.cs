namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// How users sign in to a K2HR3 system: with an OpenID Connect provider. It holds a secret: no record, so that it never prints itself.
/// </summary>
/// <param name="issuer">The provider's address.</param>
/// <param name="clientId">The id by which the provider knows the system.</param>
/// <param name="clientSecret">The secret of that id.</param>
public sealed class K2hr3LogIn(Uri issuer, string clientId, string clientSecret)
{
    /// <summary>The provider's address, as it stands in its tokens.</summary>
    public Uri Issuer => issuer;

    /// <summary>The id by which the provider knows the system.</summary>
    public string ClientId => clientId;

    /// <summary>The secret of that id.</summary>
    public string ClientSecret => clientSecret;

    /// <summary>The member of tokens that names the user; empty for the provider's usual one.</summary>
    public string UserNameKey { get; init; } = "";

    /// <summary>The cookie that keeps the token in the user's browser.</summary>
    public string CookieName { get; init; } = "id_token";

    /// <summary>How long the cookie lives, in seconds.</summary>
    public int CookieExpire { get; init; } = 60;
}
