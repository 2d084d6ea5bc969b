using System.Text.Json;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.OpenStack.Tests;

public class NovaTests
{
    private static readonly NewServer Server = new()
    {
        Name = "svr1",
        FlavorId = "f1",
        ImageId = "i1",
        Networks = [new ServerNetwork { NetworkId = "n1" }],
        UserData = "#include\nhttp://k2hr3.example/v1/userdata/abc",
        KeyName = "k21",
        SecurityGroups = ["default", "mycluster-k2hdkc-server-sec"],
        AvailabilityZone = "nova",
        Metadata = new Dictionary<string, string> { ["cluster"] = "mycluster" },
    };

    [Fact]
    public async Task A_server_is_asked_for_with_exactly_this()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "http://nova.regionone:8774/v2.1/servers",
            202, """{"server":{"id":"s1","links":[],"adminPass":"abcSecret1"}}""");
        Assert.Equal("s1", (await bench.Cloud.Compute.Servers.CreateAsync(Server, Bench.Ct)).Id);
        var sent = Assert.Single(bench.Sent);
        Assert.Equal("""{"server":{"name":"svr1","imageRef":"i1","flavorRef":"f1","networks":[{"uuid":"n1"}],"security_groups":[{"name":"default"},{"name":"mycluster-k2hdkc-server-sec"}],"key_name":"k21","availability_zone":"nova","user_data":"I2luY2x1ZGUKaHR0cDovL2syaHIzLmV4YW1wbGUvdjEvdXNlcmRhdGEvYWJj","metadata":{"cluster":"mycluster"}}}""", sent.Body);
        Assert.Equal("tok-1", sent.Headers["X-Auth-Token"]);
        Assert.False(sent.Headers.ContainsKey("OpenStack-API-Version"));
        Assert.DoesNotContain("I2luY2x1ZGUK", bench.Trace.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("abcSecret1", bench.Trace.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("userdata", Server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Block_devices_hints_and_more_properties_go_along()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/v2.1/servers", 202, """{"server":{"id":"s1"}}""");
        using var json = JsonDocument.Parse("""{"bdm":{"boot_index":0,"uuid":"v1","source_type":"volume"},"hint":"g1","drive":true}""");
        await bench.Cloud.Compute.Servers.CreateAsync(new NewServer
        {
            Name = "s",
            FlavorId = "f",
            Networks = [new ServerNetwork { PortId = "p1" }, new ServerNetwork { NetworkId = "n1", FixedIp = "10.0.0.9" }],
            BlockDeviceMapping = [json.RootElement.GetProperty("bdm")],
            Properties = new Dictionary<string, JsonElement> { ["config_drive"] = json.RootElement.GetProperty("drive") },
            SchedulerHints = new Dictionary<string, JsonElement> { ["group"] = json.RootElement.GetProperty("hint") },
        }, Bench.Ct);
        Assert.Equal("""{"server":{"name":"s","flavorRef":"f","networks":[{"port":"p1"},{"uuid":"n1","fixed_ip":"10.0.0.9"}],"block_device_mapping_v2":[{"boot_index":0,"uuid":"v1","source_type":"volume"}],"config_drive":true},"os:scheduler_hints":{"group":"g1"}}""",
            Assert.Single(bench.Sent).Body);
    }

    [Fact]
    public async Task A_server_without_a_network_or_with_a_property_twice_is_never_asked_for()
    {
        using var bench = new Bench(loggedIn: false);
        Assert.Equal("NetworkRequired",
            (await Assert.ThrowsAsync<DbaasException>(
                () => bench.Cloud.Compute.Servers.CreateAsync(Server with { Networks = [] }, Bench.Ct))).ErrorId);
        var twice = Server with { Properties = new Dictionary<string, JsonElement> { ["user_data"] = default } };
        Assert.Equal("PropertyGivenTwice",
            (await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.Compute.Servers.CreateAsync(twice, Bench.Ct))).ErrorId);
    }

    [Theory]
    [InlineData("Flavor f1 could not be found.", "FlavorNotFound")]
    [InlineData("Can not find requested image", "ImageNotFound")]
    [InlineData("Network n1 could not be found.", "NetworkNotFound")]
    [InlineData("Invalid key_name provided.", "KeyPairNotFound")]
    [InlineData("Unable to find security_group with name or id 'x'", "SecurityGroupNotFound")]
    [InlineData("Malformed request body", "InvalidRequest")]
    public async Task Novas_400_is_told_for_what_it_means(string words, string errorId)
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/v2.1/servers", 400, $$$"""{"badRequest":{"code":400,"message":"{{{words}}}"}}""",
            a => a.Headers.Add("X-Openstack-Request-Id", "req-9"));
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Compute.Servers.CreateAsync(Server, Bench.Ct));
        Assert.Equal((errorId, "req-9"), (failure.ErrorId, failure.RequestId));
    }

    [Theory]
    [InlineData(403, "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances", "QuotaExceeded")]
    [InlineData(403, "Policy doesn't allow os_compute_api:servers:create:forced_host to be performed.", "Forbidden")]
    [InlineData(413, "Quota exceeded for cores", "QuotaExceeded")]
    [InlineData(409, "Multiple possible networks found, use a Network ID to be more specific.", "Conflict")]
    public async Task A_quota_is_told_from_a_ban(int status, string words, string errorId)
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/v2.1/servers", status, $$$"""{"forbidden":{"code":{{{status}}},"message":"{{{words}}}"}}""");
        Assert.Equal(errorId,
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Compute.Servers.CreateAsync(Server, Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task Nova_is_asked_for_its_microversions_once_and_only_when_one_is_needed()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v2.1/", 200, """{"version":{"id":"v2.1","status":"CURRENT","version":"2.93","min_version":"2.1"}}""")
            .On("POST", "/v2.1/servers", 202, """{"server":{"id":"s1"}}""").On("POST", "/v2.1/servers", 202, """{"server":{"id":"s2"}}""");
        var disk = JsonSerializer.SerializeToElement(new { uuid = "i1", volume_type = "fast" });
        for (var i = 0; i < 2; i++)
            await bench.Cloud.Compute.Servers.CreateAsync(Server with { BlockDeviceMapping = [disk], Properties = Property("description") },
                Bench.Ct);
        Assert.All(bench.Sent.Where(s => s.Method == "POST"), s => Assert.Equal("compute 2.67", s.Headers["OpenStack-API-Version"]));
    }

    [Fact]
    public async Task A_property_that_this_nova_does_not_know_yet_is_told_before_anything_is_made()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v2.1/", 200, """{"version":{"id":"v2.1","status":"CURRENT","version":"2.79","min_version":"2.1"}}""");
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => bench.Cloud.Compute.Servers.CreateAsync(Server with { Properties = Property("hostname") }, Bench.Ct));
        Assert.Equal(ServiceErrorIds.NotSupported, failure.ErrorId);
        Assert.Contains("2.90", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_followed_by_their_marker_alone()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "http://nova.regionone:8774/v2.1/servers/detail?name=a%5C.b",
            200, """{"servers":[{"id":"1","name":"a.b","status":"ACTIVE"}],"servers_links":[{"rel":"next","href":"https://evil.example/steal?limit=1&marker=1%2B"}]}""")
            .On("GET", "http://nova.regionone:8774/v2.1/servers/detail?name=a%5C.b&marker=1%2B", 200,
                """{"servers":[{"id":"2","name":"a.b.c","status":"BUILD"}]}""");
        var servers = await bench.Cloud.Compute.Servers.ListAsync(new ServerFilter { Name = "a.b" }, Bench.Ct).ToListAsync(Bench.Ct);
        Assert.Equal("1", Assert.Single(servers).Id);
        Assert.DoesNotContain(bench.Stub.Sent, s => s.Address.Contains("evil", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[{"rel":"next","href":"https://x/?limit=1"}]""")]
    [InlineData("""[{"rel":"next","href":"https://x/"}]""")]
    public async Task A_next_page_that_leads_nowhere_is_an_invalid_response(string links)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v2.1/flavors/detail", 200, $$"""{"flavors":[{"id":"1","name":"a"}],"flavors_links":{{links}}}""");
        Assert.Equal(ServiceErrorIds.InvalidResponse,
            (await Assert.ThrowsAsync<ServiceException>(
                async () => await bench.Cloud.Compute.Flavors.ListAsync(Bench.Ct).ToListAsync(Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task Pages_that_go_in_circles_are_an_invalid_response()
    {
        using var bench = new Bench();
        static string Page(int next) =>
            $$"""{"flavors":[{"id":"1","name":"a"}],"flavors_links":[{"rel":"next","href":"https://x/?marker={{next}}"}]}""";
        bench.Stub.On("GET", "/v2.1/flavors/detail", 200, Page(1)).On("GET", "/v2.1/flavors/detail?marker=1", 200, Page(2))
            .On("GET", "/v2.1/flavors/detail?marker=2", 200, Page(1));
        Assert.Equal(ServiceErrorIds.InvalidResponse,
            (await Assert.ThrowsAsync<ServiceException>(
                async () => await bench.Cloud.Compute.Flavors.ListAsync(Bench.Ct).ToListAsync(Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task A_server_of_a_volume_has_no_image_and_a_newer_flavor_no_id()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/v2.1/servers/s1", 200, """
            {"server":{"id":"s1","name":"n","status":"ERROR","image":"","flavor":{"original_name":"lab.tiny","vcpus":1},"addresses":{"private":[{"version":4,"addr":"10.0.0.5","OS-EXT-IPS:type":"fixed"}]},
            "OS-EXT-STS:task_state":null,"OS-SRV-USG:launched_at":"2026-11-21T03:59:00.191446","created":"2026-11-21T03:58:58Z","fault":{"code":500,"created":"2026-11-21T03:59:12Z","message":"No valid host was found. "}}}
            """);
        var server = await bench.Cloud.Compute.Servers.GetAsync("s1", Bench.Ct);
        Assert.Null(server.ImageId);
        Assert.Equal(("lab.tiny", "10.0.0.5", "No valid host was found. "),
            (server.FlavorId, server.IPAddresses.Single(), server.Fault!.Message));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_name_that_would_leave_the_path_is_never_sent(string id)
    {
        using var bench = new Bench(loggedIn: false);
        Assert.Equal("InvalidName",
            (await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.Compute.Servers.GetAsync(id, Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task Slashes_and_questions_stay_inside_a_name()
    {
        using var bench = new Bench();
        bench.Stub.On("DELETE", "http://nova.regionone:8774/v2.1/servers/..%2F..%2Fflavors%3Fx%23", 404);
        Assert.False(await bench.Cloud.Compute.Servers.DeleteAsync("../../flavors?x#", Bench.Ct));
    }

    [Fact]
    public async Task An_images_id_is_the_end_of_its_location()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/v2.1/servers/s1/action", 202,
            null, a => a.Headers.TryAddWithoutValidation("Location", "http://127.0.0.1:8774/images/img-1"));
        Assert.Equal("img-1",
            await bench.Cloud.Compute.Servers.CreateImageAsync("s1", "backup", new Dictionary<string, string> { ["cluster"] = "c" },
                Bench.Ct));
        Assert.Equal("""{"createImage":{"name":"backup","metadata":{"cluster":"c"}}}""", Assert.Single(bench.Sent).Body);
    }

    private static Dictionary<string, JsonElement> Property(string name) => new() { [name] = JsonSerializer.SerializeToElement("x") };
}
