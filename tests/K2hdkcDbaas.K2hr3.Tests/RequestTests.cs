using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.K2hr3.Tests;

public class RequestTests
{
    private const string Hex = "5bcf34015bcf34015bcf34015bcf34015bcf34015bcf34015bcf34015bcf3401";

    [Fact]
    public async Task A_cluster_is_written_with_exactly_these_requests()
    {
        using var bench =
            new Bench().OnCreated("/v1/resource").OnCreated("/v1/resource").OnCreated("/v1/policy").OnCreated("/v1/role")
                .OnCreated("/v1/role");
        await bench.Client.Resources.SaveAsync("mycluster", new ResourceChange
        {
            Text = "text\n",
            Keys = new Dictionary<string, JsonElement>
            {
                ["cluster-name"] = ResourceChange.Value("mycluster"),
                ["chmpx-server-port"] = ResourceChange.Value(8020)
            },
        }, Bench.Ct);
        await bench.Client.Resources.SaveAsync("mycluster/server", new ResourceChange { Keys = new Dictionary<string, JsonElement>() },
            Bench.Ct);
        await bench.Client.Policies.SaveAsync(
            new Policy
            {
                Name = "mycluster",
                Effect = "allow",
                Actions = [Yrn.Read],
                Resources = [Yrn.Resource("Demo", "mycluster/server")]
            }, Bench.Ct);
        await bench.Client.Roles.SaveAsync("mycluster", [Yrn.Policy("demo", "mycluster")], null, Bench.Ct);
        await bench.Client.Roles.SaveAsync("mycluster/server", null, [], Bench.Ct);
        Assert.Equal(
        [
            """{"resource":{"name":"mycluster","type":"string","data":"text\n","keys":{"cluster-name":"mycluster","chmpx-server-port":8020}}}""",
            """{"resource":{"name":"mycluster/server","type":"string","keys":""}}""",
            """{"policy":{"name":"mycluster","effect":"allow","action":["yrn:yahoo::::action:read"],"resource":["yrn:yahoo:::demo:resource:mycluster/server"]}}""",
            """{"role":{"name":"mycluster","policies":["yrn:yahoo:::demo:policy:mycluster"]}}""",
            """{"role":{"name":"mycluster/server","alias":[]}}""",
        ], bench.Sent.Select(s => s.Body));
    }

    [Theory]
    [InlineData("""{"tok":{"date":"yesterday","registerpath":"r"}}""")]
    [InlineData("""{"tok":7}""")]
    [InlineData("""{"\ud800":{"registerpath":"r"}}""")]
    public async Task Role_tokens_that_make_no_sense_are_an_invalid_response(string tokens)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v1/role/token/list/c?expand=true", 200, $$"""{"result":true,"message":null,"tokens":{{tokens}}}""");
        Assert.Equal(ServiceErrorIds.InvalidResponse,
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Client.RoleTokens.ListAsync("c", Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task A_configuration_and_a_role_are_read()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v1/resource/mycluster/server?expand=true",
            200, """{"result":true,"message":null,"resource":{"string":"INI","object":null,"keys":{"chmpx-server-port":8020,"chmpx-mode":"SERVER","none":null,"one_host":{"host":"10.0.0.21"}},"expire":null}}""")
            .On("GET", "/v1/role/mycluster/server?expand=false", 200,
                """{"result":true,"message":null,"role":{"policies":[],"aliases":[],"hosts":{"hostnames":["h.example * c0"],"ips":["10.0.0.11 * c1 openstack-auto-v1 svr1.novalocal"]}}}""");
        var resource = await bench.Client.Resources.GetAsync("mycluster/server", expand: true, Bench.Ct);
        Assert.Equal(("INI", "8020", "SERVER", null, null),
            (resource.Text, resource.Key("chmpx-server-port"), resource.Key("chmpx-mode"), resource.Key("none"), resource.Key("unknown")));
        var role = await bench.Client.Roles.GetAsync("mycluster/server", Bench.Ct);
        Assert.Equal(["c0", "c1"], role.Hosts.Select(h => h.Cuk));
        Assert.Equal([false, true], role.Hosts.Select(h => h.IsAddress));
    }

    [Fact]
    public async Task Hosts_are_added_and_taken_away_with_exactly_this()
    {
        using var bench = new Bench().OnCreated("/v1/role/c/server");
        bench.Stub.On("DELETE", "/v1/role/c/server?host=10.0.0.8&port=0&cuk=c8", 204)
            .On("DELETE", "/v1/role/c/server?host=h%26x&port=8020", 204);
        var host = new RoleHost { Host = "10.0.0.8", Cuk = "c8", Extra = RoleHost.OpenStackAuto, Tag = "n8" };
        await bench.Client.Roles.AddHostsAsync("c/server", [host], Bench.Ct);
        await bench.Client.Roles.RemoveHostAsync("c/server", host, Bench.Ct);
        await bench.Client.Roles.RemoveHostAsync("c/server", new RoleHost { Host = "h&x", Port = 8020 }, Bench.Ct);
        Assert.Equal("""{"host":[{"host":"10.0.0.8","port":0,"cuk":"c8","extra":"openstack-auto-v1","tag":"n8"}]}""",
            bench.Sent.First().Body);
    }

    [Fact]
    public async Task Role_tokens_are_listed_the_longest_living_first_and_never_shown()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v1/role/token/list/c/server?expand=true", 200, $$$"""
            {"result":true,"message":null,"tokens":{"{{{Hex}}}":{"date":"2026-11-21T04:39:57.000Z","expire":"2026-11-22T04:39:57.000Z","user":"demo","hostname":null,"ip":null,"port":0,"cuk":null,"registerpath":"PATHONE%2B"},
            "{{{Hex.Replace('5', '6')}}}":{"date":"2026-11-21T04:39:57.000Z","expire":"2036-11-18T04:39:57.000Z","user":"demo","registerpath":"PATHTWO"} } }
            """).On("GET", "/v1/role/token/list/none?expand=true", 200, """{"result":true,"message":null,"tokens":[]}""")
            .On("GET", "/v1/role/token/c/server?expire=0", 200,
                $$"""{"result":true,"message":null,"token":"{{Hex.Replace('5', '7')}}","registerpath":"PATHTHREE"}""")
            .On("DELETE", "/v1/role/token/" + Hex, 204);
        var tokens = await bench.Client.RoleTokens.ListAsync("c/server", Bench.Ct);
        Assert.Equal(["PATHTWO", "PATHONE%2B"], tokens.Select(t => t.RegisterPath));
        Assert.Empty(await bench.Client.RoleTokens.ListAsync("none", Bench.Ct));
        foreach (var lifetime in new[] { TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5), TimeSpan.Zero, TimeSpan.FromSeconds(-1),
            TimeSpan.FromDays(3651) })
        {
            var refused = await Assert.ThrowsAsync<DbaasException>(
                () => bench.Client.RoleTokens.IssueAsync("c/server", lifetime, Bench.Ct));
            Assert.Equal(("InvalidLifetime", lifetime), (refused.ErrorId, refused.Target));
        }
        var made = await bench.Client.RoleTokens.IssueAsync("c/server", null, Bench.Ct);
        await bench.Client.RoleTokens.DeleteAsync(Hex, Bench.Ct);
        Assert.Equal("http://k2hr3.example:18091/v1/userdata/PATHONE%2B", bench.Client.UserData.AddressOf(tokens[1]).OriginalString);
        Assert.Equal("#include\nhttp://k2hr3.example:18091/v1/userdata/PATHTHREE", bench.Client.UserData.IncludeOf(made));
        foreach (var text in tokens.Select(t => t.ToString()).Append(bench.Trace.Text))
        {
            Assert.DoesNotContain("PATH", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Hex[1..], text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task User_data_is_fetched_as_cloud_init_does_and_without_a_token()
    {
        using var bench = new Bench(loggedIn: false);
        bench.Stub.On("GET", "http://k2hr3.example:18091/v1/userdata/PATHONE%2B", 200, null,
            a => a.Content = new StringContent("multipart"));
        Assert.Equal("multipart", await bench.Client.UserData.GetAsync(new RoleToken("t", "PATHONE%2B"), Bench.Ct));
        var sent = Assert.Single(bench.Stub.Sent);
        Assert.Contains("loud-", sent.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.False(sent.Headers.ContainsKey("x-auth-token"));
    }

    [Fact]
    public async Task A_guest_registers_with_the_role_token()
    {
        using var bench = new Bench(loggedIn: false);
        bench.Stub.On("PUT",
            "http://k2hr3.example:18091/v1/role/yrn:yahoo:::demo:role:c/server?cuk=id-1&extra=openstack-auto-v1&tag=svr1.novalocal",
            201, """{"result":true,"message":null}""");
        await bench.Client.Roles.RegisterSelfAsync(Yrn.Role("demo", "c/server"), Hex, "id-1", "svr1.novalocal", Bench.Ct);
        Assert.Equal("R=" + Hex, Assert.Single(bench.Stub.Sent).Headers["x-auth-token"]);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_is_not_found_though_K2hr3_says_400()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v1/policy/none", 400, """{"result":false,"message":"could not get policy"}""");
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Client.Policies.GetAsync("none", Bench.Ct));
        Assert.Equal((ServiceErrorIds.NotFound, ErrorKind.NotFound), (failure.ErrorId, failure.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a//b")]
    [InlineData("../admin")]
    [InlineData("a/./b")]
    public async Task A_name_that_would_leave_the_path_is_never_sent(string name)
    {
        using var bench = new Bench(loggedIn: false);
        Assert.Equal("InvalidName", (await Assert.ThrowsAsync<DbaasException>(() => bench.Client.Roles.GetAsync(name, Bench.Ct))).ErrorId);
    }

    [Theory]
    [InlineData("""{"result":false,"message":"no"}""")]
    [InlineData("""{"message":null,"children":[]}""")]
    [InlineData("""{"result":true}""")]
    [InlineData("<html>")]
    public async Task A_success_that_is_none_is_an_invalid_response(string body)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v1/list/role?expand=false", 200, body);
        Assert.Equal(ServiceErrorIds.InvalidResponse,
            (await Assert.ThrowsAsync<ServiceException>(
                () => bench.Client.Lists.GetAsync(ListKind.Role, null, deep: false, Bench.Ct))).ErrorId);
    }

    [Theory]
    [InlineData("yrn:yahoo:::demo:role:mycluster/server", "mycluster/server", "demo")]
    [InlineData("mycluster/server", "mycluster/server", null)]
    public void A_yrn_gives_its_name_and_tenant(string text, string name, string? tenant) =>
        Assert.Equal((name, tenant), (Yrn.NameOf(text), Yrn.TenantOf(text)));

    [Fact]
    public void Names_of_upper_case_become_lower_case_in_a_yrn() =>
        Assert.Equal("yrn:yahoo:::demo:role:mycluster", Yrn.Role("DEMO", "MyCluster"));
}
