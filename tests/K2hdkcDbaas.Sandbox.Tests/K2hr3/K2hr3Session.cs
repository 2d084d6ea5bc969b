using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.K2hr3;

/// <summary>A sandbox and a plain HTTP client on its K2HR3.</summary>
internal sealed class K2hr3Session : IAsyncDisposable
{
    private readonly HttpClient _http;

    private K2hr3Session(SandboxHost host)
    {
        Host = host;
        _http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
        {
            BaseAddress =
            host.Endpoint("k2hr3")
        };
    }

    public SandboxHost Host { get; }

    /// <summary>The scoped token of demo in project demo.</summary>
    public string Token { get; private set; } = "";

    public static async Task<K2hr3Session> StartAsync(string version = "1.0.42", double speed = 0)
    {
        var host = await SandboxHost.StartAsync(new SandboxOptions { K2hr3Version = version, Speed = speed, Guests = false },
            TestContext.Current.CancellationToken);
        var session = new K2hr3Session(host);
        var reply = await session.SendAsync("POST", "/v1/user/tokens",
            "", """{"auth":{"tenantName":"demo","passwordCredentials":{"username":"demo","password":"labsecret"}}}""");
        session.Token = "U=" + reply.Json["token"]!.GetValue<string>();
        return session;
    }

    public Task<Reply> GetAsync(string path, string? token = null, string? from = null) =>
        SendAsync("GET", path, token ?? Token, null, from);

    public Task<Reply> PostAsync(string path, string body, string? token = null) => SendAsync("POST", path, token ?? Token, body);

    public Task<Reply> PutAsync(string path, string? token = null, string? from = null) =>
        SendAsync("PUT", path, token ?? Token, null, from);

    /// <summary>Sends a request; an empty token sends no header.</summary>
    public async Task<Reply> SendAsync(string method, string path, string token, string? body = null, string? from = null,
        string? agent = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_http.BaseAddress!, path));
        if (token.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("x-auth-token", token);
        }

        foreach (var (name, value) in new[] { ("X-Forwarded-For", from), ("User-Agent", agent), ("Accept-Encoding", accept) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A role with a policy that lets it read a resource, and a token of the role.</summary>
    public async Task<string> MakeRoleAsync(string role, string resource, string actions = "yrn:yahoo::::action:read")
    {
        await PutAsync($"/v1/policy?name=p&effect=allow&action={actions}&resource=yrn:yahoo:::demo:resource:{resource}");
        await PutAsync($"/v1/role?name={role}&policies=yrn:yahoo:::demo:policy:p");
        return "R=" + (await GetAsync($"/v1/role/token/{role}?expire=0")).Json["token"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
    }

    internal sealed record Reply(int Status, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);

        public JsonObject Json => JsonNode.Parse(Bytes)!.AsObject();

        public string Message => Json["message"]!.GetValue<string>();
    }
}
