using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Keystone;

/// <summary>The session's token: got when first needed, renewed before it ends, shared by all who wait for it.</summary>
internal sealed class KeystoneSession : ITokenSource, IDisposable
{
    private static readonly ErrorMap Errors = new KeystoneErrors();

    private readonly HttpConnection _http;
    private readonly CloudSettings _settings;
    private readonly ITokens _tokens;
    private readonly SharedToken<KeystoneToken> _token;
    private Uri? _v3;
    private bool _spent;

    public KeystoneSession(HttpConnection http, CloudSettings settings)
    {
        _http = http;
        _settings = settings;
        Way = http.Client(Errors, V3Async, HeaderName, this);
        _tokens = HttpConnection.Service<ITokens>(Way, IdentityJson.Bodies);
        _token = new SharedToken<KeystoneToken>(LogInAsync, IsEnding);
    }

    /// <summary>The way to Keystone.</summary>
    public HttpClient Way { get; }

    public string HeaderName => "X-Auth-Token";

    public bool CanRenew => _settings.Credential is not TokenCredential;

    public async Task<string> GetTokenAsync(CancellationToken cancellationToken) =>
        (await GetAsync(cancellationToken).ConfigureAwait(false)).Value;

    public KeystoneToken? Current => _token.Current;

    /// <summary>A token that is good now. Callers that come while a login runs wait for that one.</summary>
    public Task<KeystoneToken> GetAsync(CancellationToken cancellationToken) => _token.GetAsync(cancellationToken);

    public bool Refuse(string refused)
    {
        _token.Drop(t => t.Value == refused);
        if (!CanRenew) _spent = true;
        return CanRenew;
    }

    /// <summary>An address from the settings or the catalog.</summary>
    public Uri Endpoint(string serviceType, string version, KeystoneToken token)
    {
        if (!_settings.EndpointOverrides.TryGetValue(serviceType, out var address))
            return token.Catalog.Find(serviceType, _settings.Interface, _settings.Region, version);
        var project = token.ProjectId ?? "";
        var text = address.OriginalString;
        foreach (var place in (string[])["%(project_id)s", "%(tenant_id)s", "$(project_id)s", "$(tenant_id)s"])
            text = text.Replace(place, project, StringComparison.Ordinal);
        return new Uri(text);
    }

    /// <summary>Keystone's v3 address, without a trailing slash.</summary>
    public async Task<Uri> V3Async(CancellationToken cancellationToken)
    {
        if (_v3 is { } known) return known;
        var text = _settings.AuthUrl.AbsoluteUri.TrimEnd('/');
        if (text.EndsWith("/v3", StringComparison.Ordinal)) return _v3 = new Uri(text);
        if (text.EndsWith("/v2.0", StringComparison.Ordinal)) text = text[..^5];

        // The root's links are of its own making; only the fact that there is a v3 is taken from them.
        var root = HttpConnection.Service<IIdentityVersions>(_http.Client(Errors, _ => Task.FromResult(new Uri(text)), HeaderName, null),
            IdentityJson.Bodies);
        var reply = await root.GetAsync(cancellationToken).ConfigureAwait(false);
        var versions = reply.Versions?.Values ?? (reply.Version is null ? [] : [reply.Version]);
        if (!versions.Any(v => v.Id.StartsWith("v3", StringComparison.Ordinal)))
            throw new ServiceException(ErrorKind.NotSupported, "KeystoneV3Required",
                $"{text} offers no identity API v3 (it offers: {string.Join(", ", versions.Select(v => v.Id))}).",
                "Check auth_url; only Keystone's v3 is supported.")
            { Service = "keystone", Url = text };
        return _v3 = new Uri(text + "/v3");
    }

    /// <summary>Ends the token at Keystone and here.</summary>
    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        if (_token.Current is not { } token) return;
        await _tokens.DeleteAsync(token.Value, token.Value, cancellationToken).ConfigureAwait(false);
        Refuse(token.Value);
    }

    public void Dispose() => _token.Dispose();

    private async Task<KeystoneToken> LogInAsync(CancellationToken cancellationToken)
    {
        if (_settings.Credential is TokenCredential given) return await TakeGivenAsync(given, cancellationToken).ConfigureAwait(false);
        return await PostAsync(KeystoneRequests.LogIn(_settings.Credential, _settings.Scope), cancellationToken).ConfigureAwait(false);
    }

    // A token that is for the wanted project already is used as it is: Keystone may forbid scoping it again, and does so for application
    // credentials.
    private async Task<KeystoneToken> TakeGivenAsync(TokenCredential given, CancellationToken cancellationToken)
    {
        _http.Redactor.Learn(given.Token);
        if (_spent) throw Ended();
        TokenBody body;
        try
        {
            body = await _tokens.GetAsync(given.Token, given.Token, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind is ErrorKind.Unauthenticated or ErrorKind.NotFound)
        {
            throw e.Rename("TokenEnded", ErrorKind.Unauthenticated, "The given Keystone token is not valid or has ended.",
                "Connect again with a new token.");
        }
        var token = new KeystoneToken(given.Token, body, _http.Time.GetUtcNow());
        if (IsEnding(token)) throw Ended();
        return KeystoneRequests.Fits(token, _settings.Scope)
            ? token
            : await PostAsync(KeystoneRequests.Exchange(given, _settings.Scope), cancellationToken).ConfigureAwait(false);
    }

    private async Task<KeystoneToken> PostAsync(AuthBody auth, CancellationToken cancellationToken)
    {
        Learn(_settings.Credential);
        var v3 = await V3Async(cancellationToken).ConfigureAwait(false);
        ApiResponse<TokenBody> answer;
        try
        {
            answer = await _tokens.PostAsync(auth, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e)
            when (e.Kind is ErrorKind.Unauthenticated || (e.Kind is ErrorKind.NotFound && _settings.Credential is ApplicationCredential))
        {
            throw e.Rename("LogInFailed", ErrorKind.Unauthenticated, $"Keystone at {v3} refuses the {_settings.Credential}{ScopeText()}.",
                "Check the secret, the names of user, project and domains, and that the user has a role in the project; Keystone does not "
                    + "say which is wrong.");
        }
        using (answer)
        {
            if (answer.Headers is null || !answer.Headers.TryGetValues("X-Subject-Token", out var values)
                || values.First() is not { Length: > 0 } value)
                throw Unusable("answered a login without a token");
            _http.Redactor.Learn(value);
            return new KeystoneToken(value, answer.Content ?? throw Unusable("answered a login with a body that cannot be used"),
                _http.Time.GetUtcNow());
        }

        ServiceException Unusable(string problem) =>
            new(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, $"keystone {problem} (POST {v3}/auth/tokens).",
                "Check that auth_url is the address of Keystone and of no proxy or portal.")
            { Service = "keystone" };
    }

    private string ScopeText() => _settings.Scope is { } s ? $" for project '{s.ProjectName ?? s.ProjectId}'" : "";

    private void Learn(CloudCredential credential) => _http.Redactor.Learn(credential switch
    {
        PasswordCredential p => p.Password,
        ApplicationCredential a => a.Secret,
        TokenCredential t => t.Token,
        _ => null,
    });

    // Renewed a minute before its end, or at nine tenths of a short life.
    private bool IsEnding(KeystoneToken token)
    {
        var margin = TimeSpan.FromTicks(Math.Min(TimeSpan.FromMinutes(1).Ticks, token.Lifetime.Ticks / 10));
        return _http.Time.GetUtcNow() >= token.ReceivedAt + token.Lifetime - margin;
    }

    private static ServiceException Ended() =>
        new(ErrorKind.Unauthenticated, "TokenEnded", "The given Keystone token has ended and there is no credential to get another.",
            "Connect again with a new token, or with a credential.")
        { Service = "keystone" };
}
