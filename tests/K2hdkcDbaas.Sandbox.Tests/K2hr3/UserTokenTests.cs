using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.K2hr3;

public sealed class UserTokenTests
{
    private const string Keystone =
        """{"auth":{"identity":{"password":{"user":{"domain":{"id":"default"},"password":"labsecret","name":"demo"}},"methods":["password"]}}}""";

    [Fact]
    public async Task GivesAScopedTokenInOneCallForAKeystoneToken()
    {
        await using var session = await K2hr3Session.StartAsync();
        var keystone = await KeystoneTokenAsync(session, Keystone);

        var reply = await session.PostAsync("/v1/user/tokens", """{"auth":{"tenantName":"DEMO"}}""", "U=" + keystone);

        Assert.Equal(201, reply.Status);
        Assert.True(reply.Json["scoped"]!.GetValue<bool>());
        var token = "U=" + reply.Json["token"]!.GetValue<string>();
        Assert.Equal(204, (await session.SendAsync("HEAD", "/v1/user/tokens", token)).Status);
        var own = await session.GetAsync("/v1/user/tokens", token);
        Assert.StartsWith(
            """{"result":true,"message":"succeed","scoped":true,"user":"demo","tenants":[{"name":"demo","display":"demo","id":""", own.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeystoneTokenItselfIsNoK2hr3Token()
    {
        await using var session = await K2hr3Session.StartAsync();
        var keystone = await KeystoneTokenAsync(session, Keystone);

        var reply = await session.GetAsync("/v1/list/resource", "U=" + keystone);

        Assert.Equal((401, $"token({keystone}) is not existed, because it is expired or not set yet."), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task RefusesTokensOfApplicationCredentials()
    {
        await using var session = await K2hr3Session.StartAsync();
        var scoped = await KeystoneTokenAsync(session,
            Keystone.Replace("""["password"]}}""", """["password"]},"scope":{"project":{"name":"demo","domain":{"id":"default"}}}}""",
                StringComparison.Ordinal));
        var user = (await session.SendAsync("GET", new Uri(session.Host.Endpoint("keystone"), "/v3/auth/tokens").ToString(), "")).Status;
        Assert.Equal(401, user);
        using var http = new HttpClient();
        using var who = new HttpRequestMessage(HttpMethod.Get, new Uri(session.Host.Endpoint("keystone"), "/v3/auth/tokens"));
        who.Headers.Add("X-Auth-Token", scoped);
        who.Headers.Add("X-Subject-Token", scoped);
        using var known = await http.SendAsync(who, TestContext.Current.CancellationToken);
        var id = JsonNode.Parse(
            await known.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["token"]!["user"]!["id"]!.GetValue<string>();
        using var make =
            new HttpRequestMessage(HttpMethod.Post, new Uri(session.Host.Endpoint("keystone"), $"/v3/users/{id}/application_credentials"));
        make.Headers.Add("X-Auth-Token", scoped);
        make.Content = new StringContent("""{"application_credential":{"name":"c","secret":"s3cret"}}""", System.Text.Encoding.UTF8,
            "application/json");
        using var made = await http.SendAsync(make, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)made.StatusCode);
        var credential =
            JsonNode.Parse(await made.Content.ReadAsStringAsync(
                TestContext.Current.CancellationToken))!["application_credential"]!["id"]!.GetValue<string>();
        var token = await KeystoneTokenAsync(session,
            $$$$$"""{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":"{{{{{credential}}}}}","secret":"s3cret"}}}}""");

        var reply = await session.PostAsync("/v1/user/tokens", """{"auth":{"tenantName":"demo"}}""", "U=" + token);

        Assert.Equal(404, reply.Status);
    }

    [Fact]
    public async Task NamesWhatKeystoneSaidToAWrongPassword()
    {
        await using var session = await K2hr3Session.StartAsync();

        var reply = await session.PostAsync("/v1/user/tokens", """{"auth":{"passwordCredentials":{"username":"demo","password":"no"}}}""",
            "");

        Assert.Equal(404, reply.Status);
        Assert.Equal(
            "could not get scoped user token for user=demo, tenant= by could not get user access token by could not get user access token "
                + "by could not get unscoped token by status=401",
            reply.Message);
    }

    [Theory]
    [InlineData("1.0.42", 201)]
    [InlineData("2.0.3", 400)]
    public async Task OnlyTheOlderReleaseTakesAPostWithoutABody(string version, int status)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        var keystone = await KeystoneTokenAsync(session, Keystone);

        var reply = await session.SendAsync("POST", "/v1/user/tokens", "U=" + keystone);

        Assert.Equal(status, reply.Status);
        if (status == 400)
        {
            Assert.Equal("POST body does not have auth key", reply.Message);
        }
    }

    [Fact]
    public async Task TokensEndWithSandboxTime()
    {
        await using var session = await K2hr3Session.StartAsync();
        Assert.Equal(204, (await session.SendAsync("HEAD", "/v1/user/tokens", session.Token)).Status);

        session.Host.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal(401, (await session.SendAsync("HEAD", "/v1/user/tokens", session.Token)).Status);
    }

    private static async Task<string> KeystoneTokenAsync(K2hr3Session session, string body)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var reply =
            await http.PostAsync(new Uri(session.Host.Endpoint("keystone"), "/v3/auth/tokens"), content,
                TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)reply.StatusCode);
        return reply.Headers.GetValues("X-Subject-Token").Single();
    }
}
