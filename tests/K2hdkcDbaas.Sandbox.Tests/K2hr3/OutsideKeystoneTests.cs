using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.K2hr3;

/// <summary>K2HR3 with another Keystone behind it: here that of a second sandbox, where no user of the first is known.</summary>
public sealed class OutsideKeystoneTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private SandboxHost _keystone = null!;
    private SandboxHost _k2hr3 = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _keystone = await SandboxHost.StartAsync(new SandboxOptions { Guests = false, Password = "another" }, Ct);
        _k2hr3 = await SandboxHost.StartAsync(new SandboxOptions { Guests = false, K2hr3Keystone = _keystone.AuthUrl }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _k2hr3.DisposeAsync();
        await _keystone.DisposeAsync();
    }

    [Fact]
    public async Task GivesTokensOfThatKeystone()
    {
        var (status, body) =
            await TokenAsync("""{"auth":{"tenantName":"DEMO","passwordCredentials":{"username":"demo","password":"another"}}}""");
        Assert.Equal((201, true), (status, body["scoped"]!.GetValue<bool>()));
        var token = body["token"]!.GetValue<string>();

        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(_keystone.Endpoint("keystone"), "/v3/auth/tokens"));
        ask.Headers.Add("X-Auth-Token", token);
        ask.Headers.Add("X-Subject-Token", token);
        using var known = await _http.SendAsync(ask, Ct);
        var of = JsonNode.Parse(await known.Content.ReadAsStringAsync(Ct))!["token"]!;
        Assert.Equal(("demo", "demo"), (of["user"]!["name"]!.GetValue<string>(), of["project"]!["name"]!.GetValue<string>()));

        using var own = new HttpRequestMessage(HttpMethod.Get, new Uri(_k2hr3.K2hr3Url, "/v1/user/tokens"));
        own.Headers.Add("x-auth-token", "U=" + token);
        using var tenants = await _http.SendAsync(own, Ct);
        Assert.Equal("demo", JsonNode.Parse(await tenants.Content.ReadAsStringAsync(Ct))!["tenants"]![0]!["name"]!.GetValue<string>());

        Assert.Equal(201, (await TokenAsync("""{"auth":{"tenantName":"demo"}}""", token)).Status);
    }

    [Theory]
    [InlineData("""{"auth":{"tenantName":"demo","passwordCredentials":{"username":"demo","password":"labsecret"}}}""", "status=401")]
    [InlineData("""{"auth":{"tenantName":"alt","passwordCredentials":{"username":"demo","password":"another"}}}""",
        "could not get scoped token")]
    public async Task RefusesWhatThatKeystoneRefuses(string request, string reason)
    {
        var (status, body) = await TokenAsync(request);

        Assert.Equal(404, status);
        Assert.Contains(reason, body["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesATokenThatNoKeystoneKnows() =>
        Assert.Equal(404, (await TokenAsync("""{"auth":{"tenantName":"demo"}}""", "garbage")).Status);

    private async Task<(int Status, JsonNode Body)> TokenAsync(string body, string? token = null)
    {
        using var ask =
            new HttpRequestMessage(HttpMethod.Post,
                new Uri(_k2hr3.K2hr3Url, "/v1/user/tokens"))
            { Content = JsonContent.Create(JsonNode.Parse(body)) };
        if (token is not null) ask.Headers.Add("x-auth-token", "U=" + token);
        using var answer = await _http.SendAsync(ask, Ct);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!);
    }
}
