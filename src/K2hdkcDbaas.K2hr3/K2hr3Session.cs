using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>The session's user token: one call when first needed, again before it ends or after a refusal.</summary>
internal sealed class K2hr3Session : ITokenSource, IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly HttpConnection _http;
    private readonly IUserTokens _tokens;
    private readonly Uri _api;
    private readonly K2hr3Credential _credential;
    private readonly SharedToken<UserToken> _token;
    private bool _spent;

    public K2hr3Session(HttpConnection http, IUserTokens tokens, Uri api, K2hr3Credential credential)
    {
        _http = http;
        _tokens = tokens;
        _api = api;
        _credential = credential;
        _token = new SharedToken<UserToken>(LogInAsync, t => t.ExpiresAt is { } end && _http.Time.GetUtcNow() >= end - Margin);
    }

    public string HeaderName => "x-auth-token";

    public async Task<string> GetTokenAsync(CancellationToken cancellationToken) =>
        (await _token.GetAsync(cancellationToken).ConfigureAwait(false)).Header;

    public bool Refuse(string refused)
    {
        _token.Drop(t => t.Header == refused);
        var canRenew = _credential is not K2hr3TokenCredential;
        if (!canRenew) _spent = true;
        return canRenew;
    }

    /// <summary>A token that nobody else uses, for the one call that destroys its token.</summary>
    public async Task<string> OneOffAsync(CancellationToken cancellationToken)
    {
        if (_credential is K2hr3TokenCredential)
            throw new DbaasException(ErrorKind.NotSupported, "TokenWouldBeSpent",
                "K2HR3 destroys the token of this call, and the session has been given just that one.",
                "Connect with a credential, so that the session can get another token.");
        return (await LogInAsync(cancellationToken).ConfigureAwait(false)).Header;
    }

    /// <summary>A token for no tenant; null when the session was given one for a tenant.</summary>
    public async Task<string?> UnscopedAsync(CancellationToken cancellationToken)
    {
        var token = await LogInAsync(_credential with { Tenant = null }, cancellationToken).ConfigureAwait(false);
        if (_credential is K2hr3TokenCredential
            && (await _tokens.GetAsync(token.Header, cancellationToken).ConfigureAwait(false)).Scoped) return null;
        return token.Value;
    }

    public void Dispose() => _token.Dispose();

    private Task<UserToken> LogInAsync(CancellationToken cancellationToken) => LogInAsync(_credential, cancellationToken);

    private Task<UserToken> LogInAsync(K2hr3Credential credential, CancellationToken cancellationToken) => credential switch
    {
        ForeignTokenCredential foreign => ExchangeAsync(foreign, cancellationToken),
        K2hr3PasswordCredential password => PasswordAsync(password, cancellationToken),
        K2hr3TokenCredential ready => TakeGivenAsync(ready, cancellationToken),
        _ => throw new InvalidOperationException("There is no such kind of credential."),
    };

    private async Task<UserToken> ExchangeAsync(ForeignTokenCredential foreign, CancellationToken cancellationToken)
    {
        var token = await foreign.Get(cancellationToken).ConfigureAwait(false);
        _http.Redactor.Learn(token.Value);
        if (token.IsFromApplicationCredential)
            throw new ServiceException(ErrorKind.NotSupported, "K2hr3CredentialRequired",
                "K2HR3 cannot take a token made by an application credential.",
                "Give K2HR3's own user and password beside the application credential.")
            { Service = K2hr3Errors.Name };
        return await PostAsync(new TokenAuth { TenantName = foreign.Tenant }, "U=" + token.Value, token.ExpiresAt,
            cancellationToken).ConfigureAwait(false);
    }

    private Task<UserToken> PasswordAsync(K2hr3PasswordCredential password, CancellationToken cancellationToken)
    {
        _http.Redactor.Learn(password.Password);
        var auth = new TokenAuth
        {
            TenantName = password.Tenant,
            PasswordCredentials = new PasswordBody(password.UserName, password.Password)
        };
        return PostAsync(auth, null, null, cancellationToken);
    }

    // The given token may be scoped already; only K2HR3 knows.
    private async Task<UserToken> TakeGivenAsync(K2hr3TokenCredential ready, CancellationToken cancellationToken)
    {
        var value = ready.Token.StartsWith("U=", StringComparison.Ordinal) ? ready.Token[2..] : ready.Token;
        _http.Redactor.Learn(value);
        if (_spent) throw Ended(null);
        UserTokenInfo info;
        try
        {
            info = await _tokens.GetAsync("U=" + value, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind == ErrorKind.Unauthenticated)
        {
            return await TakeForeignAsync(value, ready.Tenant, e, cancellationToken).ConfigureAwait(false);
        }
        if (info.Scoped || ready.Tenant is null) return new UserToken(value, null);
        return await PostAsync(new TokenAuth { TenantName = ready.Tenant }, "U=" + value, null,
            cancellationToken).ConfigureAwait(false);
    }

    // One that K2HR3 has not made may be of what K2HR3 has its users from: an OpenID Connect or Keystone token.
    private async Task<UserToken> TakeForeignAsync(string value, string? tenant, ServiceException refusal,
        CancellationToken cancellationToken)
    {
        try
        {
            return await PostAsync(new TokenAuth { TenantName = tenant }, "U=" + value, null,
                cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind == ErrorKind.Unauthenticated)
        {
            throw Ended(refusal);
        }
    }

    private async Task<UserToken> PostAsync(TokenAuth auth, string? header, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await _tokens.PostAsync(auth, header, cancellationToken).ConfigureAwait(false);
            if (reply.Token.Length == 0)
                throw new ServiceException(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse,
                    "k2hr3 answered a login without a token.",
                    "Check that the address is that of a K2HR3 REST API.")
                { Service = K2hr3Errors.Name };
            _http.Redactor.Learn(reply.Token);
            return new UserToken(reply.Token, expiresAt);
        }
        catch (ServiceException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Unauthenticated)
        {
            // K2HR3 says 404 to a wrong password, an unknown tenant and a token it cannot use alike.
            throw e.Rename("K2hr3LogInFailed", ErrorKind.Unauthenticated,
                $"K2HR3 at {_api.GetLeftPart(UriPartial.Authority)} gives no token ({_credential}).",
                "Check user and password, that the tenant is a project of this user by its name, and that K2HR3 uses this very cloud; a "
                    + "token of an application credential will not do.");
        }
    }

    private static ServiceException Ended(ServiceException? cause) =>
        new(ErrorKind.Unauthenticated, "TokenEnded", "The given K2HR3 token is not valid or has ended.",
            "Connect again with a new token, or with a credential.", cause)
        { Service = K2hr3Errors.Name };

    private sealed record UserToken(string Value, DateTimeOffset? ExpiresAt)
    {
        public string Header => "U=" + Value;

        public override string ToString() => $"token until {ExpiresAt:u}";
    }
}
