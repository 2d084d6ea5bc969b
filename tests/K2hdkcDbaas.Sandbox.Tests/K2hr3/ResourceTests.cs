namespace K2hdkcDbaas.Sandbox.Tests.K2hr3;

public sealed class ResourceTests
{
    [Fact]
    public async Task ChildrenInheritTextAndKeys()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/resource",
            """{"resource":{"name":"Top","type":"string","data":"P{{= %a% }} ","keys":{"a":1,"b":"top"}}}""");
        var put = await session.PutAsync(
            "/v1/resource?name=top/low&type=&data=own%20%7B%7B=%20%25b%25%20%7D%7D&keys=%7B%22b%22%3A%22low%22%7D&alias=");

        var reply = await session.GetAsync("/v1/resource/top/low");

        Assert.Equal((201, """{"result":true,"message":null}"""), (put.Status, put.Text));
        Assert.Equal("""{"result":true,"message":null,"resource":{"string":"P1 own low","object":null,"keys":{"a":1,"b":"low"},"expire":null}}""", reply.Text);
        var raw = await session.GetAsync("/v1/resource/top/low?expand=false");
        Assert.Equal("""{"result":true,"message":null,"resource":{"string":"own {{= %b% }}","object":null,"keys":{"b":"low"},"expire":null,"aliases":[]}}""", raw.Text);
    }

    [Fact]
    public async Task AliasesBringTheirTextAndKeys()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/resource", """{"resource":{"name":"other","type":"string","data":"other ","keys":{"o":true}}}""");
        await session.PostAsync("/v1/resource",
            """{"resource":{"name":"main","type":"string","data":"main","keys":{"m":[1,{"x":null}]},"alias":["yrn:yahoo:::demo:resource:other"]}}""");

        var reply = await session.GetAsync("/v1/resource/main");

        Assert.Equal("""{"result":true,"message":null,"resource":{"string":"other main","object":null,"keys":{"o":true,"m":[1,{"x":null}]},"expire":null}}""", reply.Text);
        Assert.Equal(403, (await session.SendAsync("DELETE", "/v1/resource/other", session.Token)).Status);
        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/resource/main", session.Token)).Status);
        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/resource/other", session.Token)).Status);
    }

    [Theory]
    [InlineData("1.0.42", 204)]
    [InlineData("2.0.3", 404)]
    public async Task AliasesThatAreClearedAtOnceGoOnHoldingInTheNewerRelease(string version, int status)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        await session.PostAsync("/v1/resource", """{"resource":{"name":"other","type":"string","data":"x"}}""");
        await session.PostAsync("/v1/resource",
            """{"resource":{"name":"main","type":"string","data":"x","alias":["yrn:yahoo:::demo:resource:other"]}}""");

        await session.PostAsync("/v1/resource", """{"resource":{"name":"main","alias":[]}}""");

        Assert.Contains("\"aliases\":[]", (await session.GetAsync("/v1/resource/main?expand=false")).Text, StringComparison.Ordinal);
        Assert.Equal(status, (await session.SendAsync("DELETE", "/v1/resource/other", session.Token)).Status);
    }

    [Fact]
    public async Task AliasesThatAreRemovedHoldNothing()
    {
        await using var session = await K2hr3Session.StartAsync("2.0.3");
        await session.PostAsync("/v1/resource", """{"resource":{"name":"other","type":"string","data":"x"}}""");
        await session.PostAsync("/v1/resource",
            """{"resource":{"name":"main","type":"string","data":"x","alias":["yrn:yahoo:::demo:resource:other"]}}""");

        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/resource/main?type=aliases", session.Token)).Status);

        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/resource/other", session.Token)).Status);
    }

    [Fact]
    public async Task MissingOnesAnswer404ToReadsAnd204ToDeletes()
    {
        await using var session = await K2hr3Session.StartAsync();

        var read = await session.GetAsync("/v1/resource/nosuch");

        Assert.Equal((404, "Could not get resource data for resource yrn: yrn:yahoo:::demo:resource:nosuch"), (read.Status, read.Message));
        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/resource/nosuch", session.Token)).Status);
        Assert.Equal(403, (await session.SendAsync("HEAD", "/v1/resource/nosuch", session.Token)).Status);
    }

    [Theory]
    [InlineData("1.0.42", "Could not load resource for template engine: {{ if true }}x")]
    [InlineData("2.0.3", "Could not load resource for template engine: \"{{ if true }}x\"")]
    public async Task ABrokenTemplateIsTakenAndFailsWhenRead(string version, string message)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        var made = await session.PostAsync("/v1/resource", """{"resource":{"name":"t","type":"string","data":"{{ if true }}x"}}""");

        var read = await session.GetAsync("/v1/resource/t");

        Assert.Equal((201, 404, message), (made.Status, read.Status, read.Message));
        Assert.Equal(200, (await session.GetAsync("/v1/resource/t?expand=false")).Status);
    }

    [Fact]
    public async Task ARoleReadsWhatItsPoliciesAllow()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/resource",
            """{"resource":{"name":"tcl","type":"string","data":"text","keys":{"cluster-name":"tcl"}}}""");
        await session.PutAsync("/v1/resource?name=tcl/server&type=&data=&keys=%7B%22k2hr3-init-packages%22%3A%22%22%7D&alias=");
        var token = await session.MakeRoleAsync("tcl/server", "tcl/server");
        const string path = "/v1/resource/yrn:yahoo:::demo:resource:tcl/server";

        Assert.Equal("""{"result":true,"message":null,"resource":"text"}""", (await session.GetAsync(path, token)).Text);
        Assert.Equal("""{"result":true,"message":null,"resource":""}""",
            (await session.GetAsync(path + "?type=keys&keyname=k2hr3-init-packages", token)).Text);
        Assert.Equal("""{"result":true,"message":null,"resource":"tcl"}""",
            (await session.GetAsync(path + "?type=keys&keyname=cluster-name", token)).Text);
        var missing = await session.GetAsync(path + "?type=keys&keyname=nosuch", token);
        Assert.Equal((404,
            "resource(yrn:yahoo:::demo:resource:tcl/server) by role(tcl/server) in tenant(demo) does not have value for type(keys[nosuch]) "
                + "data."), (missing.Status, missing.Message));
        var unnamed = await session.GetAsync(path + "?type=keys", token);
        Assert.Equal((400, "GET request type=keys, but keyname(undefined) parameter is empty."), (unnamed.Status, unnamed.Message));
        var parent = await session.GetAsync("/v1/resource/tcl", token);
        Assert.Equal((404, "role(tcl/server) in tenant(demo) does not allow to read access to resource(yrn:yahoo:::demo:resource:tcl)."),
            (parent.Status, parent.Message));
        Assert.Equal(400, (await session.PutAsync("/v1/resource/tcl/server?data=x", token)).Status);
    }

    [Fact]
    public async Task TemplatesSeeTheHostsOfARoleAndOfThoseBelowIt()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PutAsync("/v1/role?name=r/low");
        foreach (var (role, host) in new[] { ("r", "10.0.0.1"), ("r", "10.0.0.3"), ("r/low", "10.0.0.2") })
        {
            Assert.Equal(201, (await session.PutAsync($"/v1/role/{role}?host={host}&cuk=c{host}&extra=openstack-auto-v1&tag=t")).Status);
        }

        await session.PostAsync("/v1/resource",
            """{"resource":{"name":"x","type":"string","data":"{{ foreach %h% in %yrn:yahoo:::demo:role:r/hosts/ip% }}{{= %h% }};{{ done }}","keys":{}}}""");

        var reply = await session.GetAsync("/v1/resource/x");

        Assert.Equal("10.0.0.1,0,c10.0.0.1;10.0.0.3,0,c10.0.0.3;10.0.0.2,0,c10.0.0.2;",
            reply.Json["resource"]!["string"]!.GetValue<string>());
        Assert.Equal("10.0.0.2,0,c10.0.0.2", reply.Json["resource"]!["keys"]!["h"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("1.0.42", 200, 500)]
    [InlineData("2.0.3", 404, 200)]
    public async Task ATemplateWithoutAnyKeysFaresBadly(string version, int plain, int withHosts)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        await session.PutAsync("/v1/role/r?host=10.0.0.1");
        await session.PostAsync("/v1/resource", """{"resource":{"name":"a","type":"string","data":"plain"}}""");
        await session.PostAsync("/v1/resource",
            """{"resource":{"name":"b","type":"string","data":"{{= %yrn:yahoo:::demo:role:r/hosts/ip%.length }}"}}""");

        Assert.Equal(plain, (await session.GetAsync("/v1/resource/a")).Status);
        Assert.Equal(withHosts, (await session.GetAsync("/v1/resource/b")).Status);
        Assert.Equal(200, (await session.GetAsync("/v1/resource/a?expand=false")).Status);
    }

    [Fact]
    public async Task AHostIsKnownByItsAddress()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/resource", """{"resource":{"name":"x","type":"string","data":"text"}}""");
        var token = await session.MakeRoleAsync("r", "x");
        await session.PutAsync("/v1/role/r?cuk=c1", token, from: "10.0.0.9");
        const string path = "/v1/resource/yrn:yahoo:::demo:resource:x?role=yrn:yahoo:::demo:role:r";

        Assert.Equal("text", (await session.GetAsync(path, "", from: "10.0.0.9")).Json["resource"]!.GetValue<string>());
        var stranger = await session.GetAsync(path, "", from: "10.0.0.77");
        Assert.Equal((404, "ip:port(10.0.0.77:0) is not role(yrn:yahoo:::demo:role:r) member."), (stranger.Status, stranger.Message));
    }

    [Fact]
    public async Task RefusesBodiesThatTheRealServiceCannotRead()
    {
        await using var session = await K2hr3Session.StartAsync();

        var broken = await session.PostAsync("/v1/resource", "{\"resource\":");
        var large = await session.PostAsync("/v1/resource",
            $$$"""{"resource":{"name":"big","type":"string","data":"{{{new string('x', 110_000)}}}"}}""");

        Assert.Equal((400, "Internal server error"), (broken.Status, broken.Message));
        Assert.Equal(413, large.Status);
    }
}
