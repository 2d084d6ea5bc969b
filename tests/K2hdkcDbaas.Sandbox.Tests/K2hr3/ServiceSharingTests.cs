using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace K2hdkcDbaas.Sandbox.Tests.K2hr3;

/// <summary>Services of demo, taken up by alt. The expected texts are those of the real service.</summary>
public sealed class ServiceSharingTests
{
    private const string Yes = """{"result":true,"message":null}""";
    private const string Static =
        """[{"name":"res","expire":null,"type":"string","data":"lent {{= %k% }}","keys":{"k":"v"}},{"name":"obj","type":"object","data":{"a":1}}]""";
    private const string Proxy = "/v1/acr/svc?cip=10.7.7.2&crole=yrn:yahoo:::alt:role:cli&srole=yrn:yahoo:::demo:role:srv";

    public static TheoryData<string> Versions => ["1.0.42", "2.0.3"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AMemberGetsResourcesAPolicyAndARoleAndLosesThemAgain(string version)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        var alt = await LogInAsync(session, "alt");
        await session.PostAsync("/v1/service", $$"""{"name":"svc","verify":{{Static}}}""");
        var early = await session.PostAsync("/v1/acr/svc", "{}", alt);
        Assert.Equal((403, "could not create tenant(alt) under service(svc)"), (early.Status, early.Message));
        await session.PostAsync("/v1/service/svc", """{"tenant":"alt"}""");

        var joined = await session.PostAsync("/v1/acr/SVC", "{}", alt);

        Assert.Equal((201, Yes), (joined.Status, joined.Text));
        Assert.Equal("""["obj","res"]""", await NamesAsync(session, "svc/resource", alt));
        Assert.Equal("lent v",
            (await session.GetAsync("/v1/resource/res?service=svc", alt)).Json["resource"]!["string"]!.GetValue<string>());
        var policy = (await session.GetAsync("/v1/policy/acr-policy?service=svc", alt)).Json["policy"]!;
        Assert.Equal("""["yrn:yahoo:svc::alt:resource:res","yrn:yahoo:svc::alt:resource:obj"]""", policy["resource"]!.ToJsonString());
        Assert.Equal("""{"result":true,"message":null,"role":{"policies":["yrn:yahoo:svc::alt:policy:acr-policy"]}}""",
            (await session.GetAsync("/v1/role/yrn:yahoo:svc::alt:role:acr-role", alt)).Text);

        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/acr/svc", alt)).Status);
        foreach (var kind in new[] { "resource", "policy", "role" })
        {
            Assert.Equal("[]", await NamesAsync(session, "svc/" + kind, alt));
        }

        Assert.Contains("yrn:yahoo:::alt", (await session.GetAsync("/v1/service/svc")).Text, StringComparison.Ordinal);
        Assert.Equal("""["svc"]""", await NamesAsync(session, "service", alt));
        Assert.Equal(204, (await session.SendAsync("DELETE", "/v1/acr/svc", alt)).Status);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AServiceChecksATokenOnceOnly(string version)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        await session.PostAsync("/v1/service", $$"""{"name":"svc","verify":{{Static}}}""");
        var (member, stranger) = (await LogInAsync(session, "demo"), await LogInAsync(session, "alt"));

        Assert.Equal("""{"result":true,"message":null,"tokeninfo":{"user":"demo","tenant":"demo","service":"svc"}}""",
            (await session.GetAsync("/v1/acr/svc", member)).Text);
        var refused = await session.GetAsync("/v1/acr/svc", stranger);
        Assert.Equal((403, "Not found yrn:yahoo:::alt key under yrn:yahoo::::service:svc key"), (refused.Status, refused.Message));

        Assert.Equal(401, (await session.GetAsync("/v1/acr/svc", member)).Status);
        Assert.Equal(401, (await session.SendAsync("HEAD", "/v1/user/tokens", stranger)).Status);
        Assert.Equal(204, (await session.SendAsync("HEAD", "/v1/user/tokens", session.Token)).Status);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AHostOfTheServiceReadsWhatItsClientMayHave(string version)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        var alt = await LogInAsync(session, "alt");
        await session.PostAsync("/v1/service", $$"""{"name":"svc","verify":{{Static}}}""");
        await session.PostAsync("/v1/service/svc", """{"tenant":"alt"}""");
        await session.PostAsync("/v1/acr/svc", "{}", alt);
        await session.PutAsync("/v1/role/srv?host=10.7.7.1");
        await session.PutAsync("/v1/role/cli?host=10.7.7.2", alt);
        Assert.Equal((403, "could not get any policy data for client role(yrn:yahoo:::alt:role:cli)."),
            await RefusalAsync(session, Proxy, "10.7.7.1"));
        await session.PutAsync("/v1/role?name=cli&alias=yrn:yahoo:svc::alt:role:acr-role", alt);

        var keys = version == "1.0.42" ? "" : ""","keys":{}""";
        Assert.Equal(
            $$$"""{"result":true,"message":null,"resources":[{"name":"obj","type":"string","data":null{{{keys}}}},{"name":"res","type":"string","data":"lent v","keys":{"k":"v","yrn:yahoo:svc::alt:resource:res/keys/k":"v"}}]}""",
            (await session.SendAsync("GET", Proxy, "", from: "10.7.7.1")).Text);

        Assert.Equal((403, "service ip(10.7.7.9) and port(0) and cuk(null) is not service role(yrn:yahoo:::demo:role:srv) member."),
            await RefusalAsync(session, Proxy, "10.7.7.9"));
        Assert.Equal((403, "client ip(10.7.7.9) and port(0) and cuk(null) is not client role(yrn:yahoo:::alt:role:cli) member."),
            await RefusalAsync(session, Proxy.Replace("10.7.7.2", "10.7.7.9", StringComparison.Ordinal), "10.7.7.1"));
        Assert.Equal((400, "GET request or parameters are wrong"), await RefusalAsync(session, "/v1/acr/svc?cip=10.7.7.2", "10.7.7.1"));
        await session.PostAsync("/v1/service/svc", """{"tenant":"other","clear_tenant":true}""");
        Assert.Equal((403, "client tenant(alt) is not service(svc) tenant member."), await RefusalAsync(session, Proxy, "10.7.7.1"));
    }

    [Fact]
    public async Task AnUnscopedTokenSaysWhichTenantItMeans()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/service", $$"""{"name":"svc","verify":{{Static}}}""");
        var unscoped = await LogInAsync(session, "demo", null);

        Assert.Equal("Specified unscoped user token, but there is not tenant in body data.",
            (await session.PostAsync("/v1/acr/svc", "{}", unscoped)).Message);
        Assert.Equal("user (demo) is not member of tenant(alt).",
            (await session.PostAsync("/v1/acr/svc", """{"tenant":"alt"}""", unscoped)).Message);
        Assert.Equal(201, (await session.PutAsync("/v1/acr/svc?tenant=DEMO", unscoped)).Status);
        Assert.Equal((401, $"token({unscoped[2..]}) is not scoped."), await RefusalAsync(session, "/v1/acr/svc", null, unscoped));
        Assert.Equal("Specified scoped user token and tenant in body data, but these are not same tenant name.",
            (await session.PostAsync("/v1/acr/svc", """{"tenant":"alt"}""")).Message);
    }

    [Theory]
    [InlineData("""null""", "could not create any resource key(null) for tenant(demo) and service(svc)")]
    [InlineData("""[]""", "could not create any resource key([]) for tenant(demo) and service(svc)")]
    [InlineData("""[{"data":"x"}]""", """could not create any resource key([{"data":"x"}]) for tenant(demo) and service(svc)""")]
    [InlineData("""[{"name":"n","type":"object","data":"text"}]""",
        """could not create any resource key([{"name":"n","type":"object","data":"text"}]) for tenant(demo) and service(svc)""")]
    [InlineData("""[{"name":"n","data":{"a":1}}]""",
        """could not create any resource key([{"name":"n","data":{"a":1}}]) for tenant(demo) and service(svc)""")]
    [InlineData("\"no url\"", "parameter is wrong : verifyurl=\"no url\"")]
    [InlineData("\"http://127.0.0.1:1/verify\"", "connect ECONNREFUSED 127.0.0.1:1")]
    public async Task AServiceThatOffersNothingUsableCannotBeTakenUp(string verify, string message)
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/service", $$"""{"name":"svc","verify":{{verify}}}""");

        var reply = await session.PostAsync("/v1/acr/svc", "{}");

        Assert.Equal((403, message), (reply.Status, reply.Message));
        Assert.Equal("[]", await NamesAsync(session, "svc/role", session.Token));
    }

    [Theory]
    [InlineData("1.0.42", """[{"name":"n","expire":60,"data":"d"}]""", null)]
    [InlineData("2.0.3", """[{"name":"n","data":"d"}]""", null)]
    [InlineData("1.0.42", """[{"name":"n","data":"d"}]""",
        "wrong expire value in verify response is found : response pos=0, expire=undefined")]
    [InlineData("1.0.42", "hello", "verify resource is not array : response(object) =\"hello\"")]
    [InlineData("2.0.3", "hello", "could not create any resource key([]) for tenant(demo) and service(svc)")]
    [InlineData("2.0.3", """[{"name":"x","data":"1"},{"name":"x","data":"2"}]""",
        "same resource name in verify response is found : response pos=1, name=\"x\"")]
    [InlineData("2.0.3", "", "verify resource is not json string : response(json) =\"\"")]
    public async Task AServicesServerIsAskedWithATokenThatItCanCheck(string version, string answer, string? message)
    {
        await using var session = await K2hr3Session.StartAsync(version);
        var tokens = new List<string>();
        await using var server = await ServeAsync(context =>
        {
            tokens.Add(context.Request.Headers["X-Auth-Token"].ToString());
            return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer)).AsTask();
        });
        await session.PostAsync("/v1/service", $$"""{"name":"svc","verify":"{{server.Urls.First()}}/verify"}""");

        var reply = await session.PostAsync("/v1/acr/svc", "{}");

        Assert.Equal(message is null ? 201 : 403, reply.Status);
        Assert.Equal(message, reply.Json["message"]?.GetValue<string>());
        var token = Assert.Single(tokens);
        Assert.NotEqual(session.Token[2..], token);
        Assert.Equal(200, (await session.GetAsync("/v1/acr/svc", "U=" + token)).Status);
        Assert.Equal(message is null ? """["n"]""" : "[]", await NamesAsync(session, "svc/resource", session.Token));
    }

    [Fact]
    public async Task WhatIsLentForATimeIsGoneAfterIt()
    {
        await using var session = await K2hr3Session.StartAsync();
        await session.PostAsync("/v1/service",
            """{"name":"svc","verify":[{"name":"short","expire":1,"data":"d"},{"name":"long","expire":300,"data":"d"}]}""");
        await session.PostAsync("/v1/acr/svc", "{}");
        Assert.Equal(200, (await session.GetAsync("/v1/resource/short?service=svc")).Status);

        session.Host.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(404, (await session.GetAsync("/v1/resource/short?service=svc")).Status);
        Assert.Equal(200, (await session.GetAsync("/v1/resource/long?service=svc")).Status);
    }

    private static async Task<string> LogInAsync(K2hr3Session session, string user, string? tenant = "")
    {
        var scope = tenant is null ? "" : $"\"tenantName\":\"{(tenant.Length == 0 ? user : tenant)}\",";
        var reply = await session.PostAsync("/v1/user/tokens",
            $$$$"""{"auth":{{{{{scope}}}}"passwordCredentials":{"username":"{{{{user}}}}","password":"labsecret"}}}""", "");
        Assert.Equal(201, reply.Status);
        return "U=" + reply.Json["token"]!.GetValue<string>();
    }

    private static async Task<string> NamesAsync(K2hr3Session session, string list, string token) =>
        new System.Text.Json.Nodes.JsonArray(
            [.. (await session.GetAsync("/v1/list/" + list, token)).Json["children"]!.AsArray()
                .Select(child => child!["name"]!.DeepClone())]).ToJsonString();

    private static async Task<(int Status, string Message)> RefusalAsync(K2hr3Session session, string path, string? from, string token = "")
    {
        var reply = await session.SendAsync("GET", path, token, from: from);
        return (reply.Status, reply.Message);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
