namespace K2hdkcDbaas.Sandbox.Tests.K2hr3;

/// <summary>The expected texts are those of the real service.</summary>
public sealed class LocalTenantTests
{
    [Theory]
    [InlineData("1.0.42")]
    [InlineData("2.0.3")]
    public async Task IsMadeShownChangedAndDeleted(string version)
    {
        await using var session = await K2hr3Session.StartAsync(version);

        Assert.Equal(201,
            (await session.PostAsync("/v1/tenant",
                """{"tenant":{"name":"T1","desc":"Desc","display":"Disp","users":["nobody"]}}""")).Status);
        var id = await IdAsync(session, "t1");
        var described = $$"""{"name":"local@t1","id":"{{id}}","desc":"Desc","display":"Disp","users":["demo"]}""";
        Assert.Equal($$"""{"result":true,"message":null,"tenant":{{described}}}""", (await session.GetAsync("/v1/tenant/local@T1")).Text);
        Assert.Equal($$"""{"result":true,"message":null,"tenants":[{{described}}]}""", (await session.GetAsync("/v1/tenant")).Text);
        Assert.Equal("""{"result":true,"message":null,"tenants":["local@t1"]}""", (await session.GetAsync("/v1/tenant?expand=false")).Text);
        Assert.Equal(204, (await session.SendAsync("HEAD", "/v1/tenant/t1", session.Token)).Status);
        Assert.Equal((400, "POST request failed to update tenant by failed to create tenant by already tenant(local@t1) existed"),
            Refusal(await session.PostAsync("/v1/tenant", """{"tenant":{"name":"t1"}}""")));

        Assert.Equal(200, (await session.PutAsync($"/v1/tenant/t1?id={id}&display=Other&users=demo")).Status);
        Assert.Equal($$"""{"name":"local@t1","id":"{{id}}","desc":"K2HR3 Cluster Local tenant","display":"Other","users":["demo"]}""",
            (await session.GetAsync("/v1/tenant/t1")).Json["tenant"]!.ToJsonString());

        Assert.Equal(400, (await session.SendAsync("DELETE", $"/v1/tenant?tenant=t1&id={id}", session.Token)).Status);
        Assert.Equal(400, (await session.SendAsync("DELETE", "/v1/tenant?tenant=local@t1&id=other", session.Token)).Status);
        Assert.Equal(204, (await session.SendAsync("DELETE", $"/v1/tenant?tenant=local@t1&id={id}", session.Token)).Status);
        Assert.Equal((400, "GET request failed to update tenant by could not find tenant(local@t1) with user=undefined and id=undefined"),
            Refusal(await session.GetAsync("/v1/tenant/t1")));
        Assert.Equal(400, (await session.SendAsync("HEAD", "/v1/tenant/t1", session.Token)).Status);
    }

    [Fact]
    public async Task OnlyItsUsersMayChangeItAndTheLastToLeaveEndsIt()
    {
        await using var session = await K2hr3Session.StartAsync();
        var alt = await LogInAsync(session, "alt", ""","tenantName":"alt" """);
        await session.PostAsync("/v1/tenant", """{"tenant":{"name":"t1","users":["alt"]}}""");
        var id = await IdAsync(session, "t1");
        Assert.Equal("""{"result":true,"message":null,"tenants":["local@t1"]}""",
            (await session.GetAsync("/v1/tenant?expand=false", alt)).Text);

        Assert.Equal(204, (await session.SendAsync("DELETE", $"/v1/tenant/t1?id={id}", session.Token)).Status);
        Assert.Equal("""{"result":true,"message":null,"tenants":[]}""", (await session.GetAsync("/v1/tenant")).Text);
        Assert.Equal((400, "POST request tenant(local@t1) does not allow user(demo)."),
            Refusal(await session.PostAsync("/v1/tenant/t1", $$$"""{"tenant":{"id":"{{{id}}}","users":["demo"]}}""")));
        Assert.Equal((400, "POST request tenant(local@t1) does not have any user list."),
            Refusal(await session.PostAsync("/v1/tenant/t1", $$$"""{"tenant":{"id":"{{{id}}}"}}""", alt)));

        // Users whom K2HR3 has never seen are dropped, even when nobody is left.
        Assert.Equal(200, (await session.PostAsync("/v1/tenant/t1", $$$"""{"tenant":{"id":"{{{id}}}","users":["nobody"]}}""", alt)).Status);
        Assert.Equal(400, (await session.GetAsync("/v1/tenant/t1", alt)).Status);
    }

    [Fact]
    public async Task IsAmongTheTenantsOfAnUnscopedTokenButNoneCanBeScopedToIt()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/tenant", """{"tenant":{"name":"t1"}}""");
        var unscoped = await LogInAsync(session, "demo", "");

        var tenants = (await session.GetAsync("/v1/user/tokens", unscoped)).Json["tenants"]!.AsArray();
        Assert.Equal(["demo", "local@t1"], tenants.Select(tenant => tenant!["name"]!.GetValue<string>()));
        Assert.Single((await session.GetAsync("/v1/user/tokens")).Json["tenants"]!.AsArray());
        Assert.Equal(404, (await session.PostAsync("/v1/user/tokens", """{"auth":{"tenantName":"local@t1"}}""", unscoped)).Status);
    }

    [Theory]
    [InlineData("GET", "/v1/tenant", "", null, 400, "GET request tenant must specify <User Token>")]
    [InlineData("GET", "/v1/tenant", "R=abc", null, 400, "x-auth-token header token is not role token")]
    [InlineData("GET", "/v1/tenant", "U=bad", null, 401, "token(bad) is not existed, because it is expired or not set yet.")]
    [InlineData("GET", "/v1/tenant?expand=x", null, null, 400,
        "GET expand url argument parameter(\"x\") is wrong, it must be true or false.")]
    [InlineData("POST", "/v1/tenant", null, "{}", 400, "POST body does not have tenant data")]
    [InlineData("POST", "/v1/tenant", null, """{"tenant":{"name":5}}""",
        400, "POST request tenant body does not have tenant.name string object.")]
    [InlineData("PUT", "/v1/tenant", null, null, 400, "PUT request tenant body does not have tenant.name string object.")]
    [InlineData("PUT", "/v1/tenant/t1?users=demo", null, null,
        400, "PUT request tenant(local@t1) body does not have tenant.id string object.")]
    [InlineData("PATCH", "/v1/tenant/t1", null, null, 404, "Internal server error")]
    public async Task RefusesInTheRealServicesWords(string method, string path, string? token, string? body, int status, string message)
    {
        await using var session = await K2hr3Session.StartAsync();

        Assert.Equal((status, message), Refusal(await session.SendAsync(method, path, token ?? session.Token, body)));
    }

    private static (int Status, string Message) Refusal(K2hr3Session.Reply reply) => (reply.Status, reply.Message);

    private static async Task<string> IdAsync(K2hr3Session session, string name) =>
        (await session.GetAsync("/v1/tenant/" + name)).Json["tenant"]!["id"]!.GetValue<string>();

    private static async Task<string> LogInAsync(K2hr3Session session, string user, string scope) =>
        "U=" + (await session.PostAsync("/v1/user/tokens",
            $$$"""{"auth":{"passwordCredentials":{"username":"{{{user}}}","password":"labsecret"}{{{scope}}}}}""",
            "")).Json["token"]!.GetValue<string>();
}
