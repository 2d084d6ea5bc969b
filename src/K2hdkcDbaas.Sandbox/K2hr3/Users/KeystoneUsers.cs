using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.K2hr3.Users;

/// <summary>The users of a Keystone outside of the sandbox. K2HR3 needs no account there: it asks with what its callers bring.</summary>
internal sealed class KeystoneUsers : IUserSource, IDisposable
{
    private static readonly Domain Default = new("default", "Default");

    private readonly HttpClient _http;

    /// <param name="url">Keystone, with or without /v3.</param>
    public KeystoneUsers(Uri url)
    {
        var root = url.AbsoluteUri.TrimEnd('/');
        if (root.EndsWith("/v3", StringComparison.Ordinal)) root = root[..^3];
        _http = new HttpClient { BaseAddress = new Uri(root + "/"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public Task<Token> LogInAsync(string name, string password, CancellationToken ct) => IssueAsync(new JsonObject
    {
        ["methods"] = new JsonArray("password"),
        ["password"] = new JsonObject
        {
            ["user"] =
            new JsonObject { ["name"] = name, ["password"] = password, ["domain"] = new JsonObject { ["id"] = Default.Id } }
        },
    }, null, ct);

    public Task<Token> ExchangeAsync(string token, CancellationToken ct) => IssueAsync(ByToken(token), null, ct);

    public async Task<IReadOnlyList<Project>?> ProjectsAsync(UserSourceToken token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v3/users/{token.User.Id}/projects");
        request.Headers.Add("X-Auth-Token", token.Id);
        using var answer = await _http.SendAsync(request, ct).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode) return null;
        var body = await ReadAsync(answer, ct).ConfigureAwait(false);
        return [.. body["projects"]!.AsArray().Where(p => p!["enabled"]?.GetValue<bool>() != false).Select(p => ProjectOf(p!))];
    }

    public Task<Token> ScopeAsync(UserSourceToken token, Project project, CancellationToken ct) =>
        IssueAsync(ByToken(token.Id), project.Id, ct);

    public void Dispose() => _http.Dispose();

    private static JsonObject ByToken(string token) =>
        new() { ["methods"] = new JsonArray("token"), ["token"] = new JsonObject { ["id"] = token } };

    private static Project ProjectOf(JsonNode project) =>
        new(Text(project["id"]), Text(project["name"]),
            new Domain(project["domain_id"]?.GetValue<string>() ?? Text(project["domain"]?["id"]), ""));

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer, CancellationToken ct) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(ct).ConfigureAwait(false))
            ?? throw new KeystoneRefusal((int)answer.StatusCode);

    private async Task<Token> IssueAsync(JsonObject identity, string? project, CancellationToken ct)
    {
        var auth = new JsonObject { ["identity"] = identity };
        if (project is not null) auth["scope"] = new JsonObject { ["project"] = new JsonObject { ["id"] = project } };
        using var content =
            new StringContent(new JsonObject { ["auth"] = auth }.ToJsonString(), Encoding.UTF8,
                new MediaTypeHeaderValue("application/json"));
        using var answer = await _http.PostAsync(new Uri("v3/auth/tokens", UriKind.Relative), content, ct).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode) throw new KeystoneRefusal((int)answer.StatusCode);
        var token = (await ReadAsync(answer, ct).ConfigureAwait(false))["token"]!;
        var user = new User(Text(token["user"]?["id"]), Text(token["user"]?["name"]), Default, "");
        var expires = DateTimeOffset.Parse(Text(token["expires_at"]), System.Globalization.CultureInfo.InvariantCulture);
        return new Token(answer.Headers.GetValues("X-Subject-Token").First(), user, token["project"] is { } of ? ProjectOf(of) : null,
            [], [], [], DateTimeOffset.UtcNow, expires, null);
    }
}
