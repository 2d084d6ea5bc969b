using System.Text.Json;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>One session with one K2HR3 REST API (k2hr3_api 1.0.42 or 2.0.3). Thread-safe; sends nothing until used.</summary>
public sealed class K2hr3Client : IDisposable
{
    private readonly HttpConnection _http;
    private readonly K2hr3Session _session;
    private readonly IUserTokens _userTokens;
    private readonly IVersions _versions;

    /// <summary>Makes a session; nothing is sent.</summary>
    /// <param name="api">The API's address; a <c>/v1</c> at its end is cut.</param>
    /// <param name="credential">How the user token is got.</param>
    /// <param name="settings">Time-outs, bounds and certificates; null for the defaults.</param>
    /// <param name="observer">Told of every request and retry; null for no trace.</param>
    /// <param name="time">The clock of expiries and waits; null for the system's.</param>
    /// <param name="transport">What carries the requests; null for sockets.</param>
    /// <param name="redactor">Masks secrets; give the cloud session's. Null for one of its own.</param>
    public K2hr3Client(Uri api, K2hr3Credential credential, HttpSettings? settings = null, IHttpObserver? observer = null,
        TimeProvider? time = null,
        HttpMessageHandler? transport = null, Redactor? redactor = null)
    {
        Api = Trim(api);
        _http = new HttpConnection(settings ?? new HttpSettings(), observer, time, transport, redactor);
        _session = new K2hr3Session(_http, HttpConnection.Service<IUserTokens>(Way(null), K2hr3Json.Bodies), Api, credential);
        var way = Way(_session);
        _userTokens = HttpConnection.Service<IUserTokens>(way, K2hr3Json.Bodies);
        _versions = HttpConnection.Service<IVersions>(way, new RestJson(K2hr3Json.Default));
        Resources = HttpConnection.Service<IResources>(way, K2hr3Json.Bodies);
        Policies = HttpConnection.Service<IPolicies>(way, K2hr3Json.Bodies);
        Roles = HttpConnection.Service<IRoles>(way, K2hr3Json.Bodies);
        RoleTokens = new RoleTokensClient(HttpConnection.Service<IRoleTokens>(way, K2hr3Json.Bodies), _http.Redactor);
        Lists = HttpConnection.Service<ILists>(way, K2hr3Json.Bodies);
        Services = HttpConnection.Service<IServices>(way, K2hr3Json.Bodies);
        Acr = new AcrClient(HttpConnection.Service<IAcr>(way, K2hr3Json.Bodies), _session, _http.Redactor);
        Tenants = HttpConnection.Service<ITenants>(way, K2hr3Json.Bodies);
        UserData = new UserDataClient(HttpConnection.Service<IUserData>(way, K2hr3Json.Bodies), Api);
    }

    /// <summary>The API's address, without <c>/v1</c> and without a trailing slash in use.</summary>
    public Uri Api { get; }

    /// <summary>Configuration data.</summary>
    internal IResources Resources { get; }

    /// <summary>Who may do what with which resources.</summary>
    internal IPolicies Policies { get; }

    /// <summary>Groups of hosts, with policies.</summary>
    internal IRoles Roles { get; }

    /// <summary>Tokens by which hosts register in a role and read its resources.</summary>
    public RoleTokensClient RoleTokens { get; }

    /// <summary>The names of what is there.</summary>
    internal ILists Lists { get; }

    /// <summary>Services that lend resources to other tenants.</summary>
    internal IServices Services { get; }

    /// <summary>Taking up such services.</summary>
    public AcrClient Acr { get; }

    /// <summary>Tenants that K2HR3 itself keeps.</summary>
    internal ITenants Tenants { get; }

    /// <summary>What a booting guest fetches.</summary>
    public UserDataClient UserData { get; }

    /// <summary>Masks this session's secrets in any text.</summary>
    public Redactor Redactor => _http.Redactor;

    /// <summary>Gets the user token now, or makes sure that it is still good.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ServiceException">K2hr3LogInFailed, K2hr3CredentialRequired, TokenEnded and the common ones.</exception>
    public Task AuthenticateAsync(CancellationToken cancellationToken) => _session.GetTokenAsync(cancellationToken);

    /// <summary>Who the session is and which tenants it sees (GET /v1/user/tokens); one tenant when the token is scoped.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<UserTokenInfo> WhoAmIAsync(CancellationToken cancellationToken) => _userTokens.GetAsync(null, cancellationToken);

    /// <summary>The versions the API speaks (GET /); needs no token, so it serves to see whether K2HR3 is there.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<string>> GetVersionsAsync(CancellationToken cancellationToken) =>
        (await _versions.GetAsync(cancellationToken).ConfigureAwait(false)).Version;

    /// <summary>The paths of a version with their verbs, as K2HR3 itself lists them: that list is not kept up to date.</summary>
    /// <param name="version">The version, such as <c>v1</c>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> GetPathsAsync(string version, CancellationToken cancellationToken)
    {
        var groups = await _versions.GetPathsAsync(version, cancellationToken).ConfigureAwait(false);
        var paths = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (groups.ValueKind != JsonValueKind.Object) return paths;
        foreach (var path in groups.EnumerateObject().Where(g => g.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(g => g.Value.EnumerateObject()))
        {
            if (path.Value.ValueKind == JsonValueKind.Array) paths[path.Name] = [.. path.Value.EnumerateArray().Select(v => v.ToString())];
        }

        return paths;
    }

    /// <summary>Whether a role token is good (HEAD /v1/role with it). Both releases say so for any role, the token's or another.</summary>
    /// <param name="roleYrn">The full yrn of a role.</param>
    /// <param name="roleToken">The token; a secret.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<bool> IsRoleTokenGoodAsync(string roleYrn, string roleToken, CancellationToken cancellationToken)
    {
        _http.Redactor.Learn(roleToken);
        try
        {
            return await Answers.IsYesAsync(Roles.AskAsync(roleYrn, "R=" + roleToken, cancellationToken)).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Status == System.Net.HttpStatusCode.Unauthorized)
        {
            return false;
        }
    }

    /// <summary>The session's user token, for other tools: a secret, without <c>U=</c> before it.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<string> GetUserTokenAsync(CancellationToken cancellationToken) =>
        (await _session.GetTokenAsync(cancellationToken).ConfigureAwait(false))[2..];

    /// <summary>
    /// A new user token for no tenant, which pods of Helm's chart turn into one for theirs: a secret, without <c>U=</c> before it. Null
    /// when the session was given a token for a tenant.
    /// </summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<string?> GetUnscopedTokenAsync(CancellationToken cancellationToken) => _session.UnscopedAsync(cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _session.Dispose();
        _http.Dispose();
    }

    private HttpClient Way(ITokenSource? token) => _http.Client(K2hr3Errors.Instance, _ => Task.FromResult(Api), "x-auth-token", token);

    private static Uri Trim(Uri api)
    {
        var text = ServiceAddress.Parse(api.OriginalString, "http or https address of K2HR3's REST API", "InvalidK2hr3Uri",
            "https://k2hr3.example:443").GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (text.EndsWith("/v1", StringComparison.Ordinal)) text = text[..^3].TrimEnd('/');
        return new Uri(text);
    }
}
