using System.Net;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>The session's user token: one call when first needed, again before it ends or after a refusal.</summary>
internal sealed class K2hr3Session : ITokenSource, IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly HttpConnection _http;
    private readonly Uri _tokens;
    private readonly K2hr3Credential _credential;
    private readonly SharedToken<UserToken> _token;
    private bool _spent;

    public K2hr3Session(HttpConnection http, Uri api, K2hr3Credential credential)
    {
        _http = http;
        _tokens = new Uri(api.AbsoluteUri.TrimEnd('/') + "/v1/user/tokens");
        _credential = credential;
        _token = new SharedToken<UserToken>(LogInAsync, t => t.ExpiresAt is { } end && _http.Time.GetUtcNow() >= end - Margin);
    }

    public string HeaderName => "x-auth-token";

    public async Task<string> GetTokenAsync(CancellationToken cancellationToken) => (await _token.GetAsync(cancellationToken).ConfigureAwait(false)).Header;

    public bool Refuse(string refused)
    {
        _token.Drop(t => t.Header == refused);
        var canRenew = _credential is not K2hr3TokenCredential;
        if (!canRenew) _spent = true;
        return canRenew;
    }

    /// <summary>A token that nobody else uses, for the one call that destroys its token.</summary>
    public async Task<ITokenSource> OneOffAsync(CancellationToken cancellationToken)
    {
        if (_credential is K2hr3TokenCredential)
            throw new DbaasException(ErrorKind.NotSupported, "TokenWouldBeSpent", "K2HR3 destroys the token of this call, and the session has been given just that one.",
                "Connect with a credential, so that the session can get another token.");
        return new FixedToken((await LogInAsync(cancellationToken).ConfigureAwait(false)).Header);
    }

    public void Dispose() => _token.Dispose();

    private Task<UserToken> LogInAsync(CancellationToken cancellationToken) => _credential switch
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
            throw new ServiceException(ErrorKind.NotSupported, "K2hr3CredentialRequired", "K2HR3 cannot take a token made by an application credential.",
                "Give K2HR3's own user and password beside the application credential.")
            { Service = K2hr3Errors.Name };
        return await PostAsync(new TokenRequest(new TokenAuth { TenantName = _credential.Tenant }), "U=" + token.Value, token.ExpiresAt, cancellationToken).ConfigureAwait(false);
    }

    private Task<UserToken> PasswordAsync(K2hr3PasswordCredential password, CancellationToken cancellationToken)
    {
        _http.Redactor.Learn(password.Password);
        var auth = new TokenAuth { TenantName = _credential.Tenant, PasswordCredentials = new PasswordBody(password.UserName, password.Password) };
        return PostAsync(new TokenRequest(auth), null, null, cancellationToken);
    }

    // The given token may be scoped already; only K2HR3 knows.
    private async Task<UserToken> TakeGivenAsync(K2hr3TokenCredential ready, CancellationToken cancellationToken)
    {
        var value = ready.Token.StartsWith("U=", StringComparison.Ordinal) ? ready.Token[2..] : ready.Token;
        _http.Redactor.Learn(value);
        if (_spent) throw Ended(null);
        ServiceResponse response;
        try
        {
            response = await _http.SendAsync(new ServiceRequest(HttpMethod.Get, _tokens, K2hr3Errors.Instance) { Token = new FixedToken("U=" + value) }, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind == ErrorKind.Unauthenticated)
        {
            throw Ended(e);
        }
        if (response.Json(K2hr3Json.Default.UserTokenInfo).Scoped || _credential.Tenant is null) return new UserToken(value, null);
        return await PostAsync(new TokenRequest(new TokenAuth { TenantName = _credential.Tenant }), "U=" + value, null, cancellationToken).ConfigureAwait(false);
    }

    // Always with a JSON body: 2.0.3 answers 400 to an empty one.
    private async Task<UserToken> PostAsync(TokenRequest body, string? header, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        var request = new ServiceRequest(HttpMethod.Post, _tokens, K2hr3Errors.Instance)
        {
            Expected = [HttpStatusCode.Created],
            RepeatIsSafe = true,
            Token = header is null ? null : new FixedToken(header),
        }.WithJson(body, K2hr3Json.Default.TokenRequest);
        try
        {
            var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var reply = response.Json(K2hr3Json.Default.TokenReply);
            if (!reply.Result || reply.Token.Length == 0) throw response.Invalid("answered a log-in without a token", null);
            _http.Redactor.Learn(reply.Token);
            return new UserToken(reply.Token, expiresAt);
        }
        catch (ServiceException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Unauthenticated)
        {
            // K2HR3 says 404 to a wrong password, an unknown tenant and a token it cannot use alike.
            throw e.Rename("K2hr3LogInFailed", ErrorKind.Unauthenticated, $"K2HR3 at {_tokens.GetLeftPart(UriPartial.Authority)} gives no token ({_credential}).",
                "Check user and password, that the tenant is a project of this user by its name, and that K2HR3 uses this very cloud; a token of an application credential will not do.");
        }
    }

    private static ServiceException Ended(ServiceException? cause) =>
        new(ErrorKind.Unauthenticated, "TokenEnded", "The given K2HR3 token is not valid or has ended.", "Connect again with a new token, or with a credential.", cause) { Service = K2hr3Errors.Name };

    private sealed record UserToken(string Value, DateTimeOffset? ExpiresAt)
    {
        public string Header => "U=" + Value;

        public override string ToString() => $"token until {ExpiresAt:u}";
    }
}

/// <summary>A token that is what it is.</summary>
internal sealed class FixedToken(string value) : ITokenSource
{
    public string HeaderName => "x-auth-token";

    public Task<string> GetTokenAsync(CancellationToken cancellationToken) => Task.FromResult(value);

    public bool Refuse(string refused) => false;
}
