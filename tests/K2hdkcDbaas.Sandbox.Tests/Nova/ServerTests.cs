using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Nova;

public class ServerTests
{
    [Fact]
    public async Task A_server_builds_becomes_active_and_goes()
    {
        await using var cloud = await Cloud.StartAsync();
        var created = await cloud.CreateServerAsync(more: ", \"metadata\": {\"a\": \"b\"}");
        var id = created.Body!["server"]!["id"]!.GetValue<string>();
        Assert.Equal(["id", "links", "OS-DCF:diskConfig", "security_groups", "adminPass"],
            created.Body["server"]!.AsObject().Select(m => m.Key));
        Assert.Equal($"{cloud.Host.Endpoint("nova")}v2.1/servers/{id}", created.Header("Location"));

        var building = (await cloud.ShowServerAsync(id))!;
        Assert.Equal(("BUILD", "scheduling", "building", 0, "", "{}"),
            (Text(building, "status"), Text(building, "OS-EXT-STS:task_state"), Text(building, "OS-EXT-STS:vm_state"),
                building["OS-EXT-STS:power_state"]!.GetValue<int>(), Text(building, "hostId"), building["addresses"]!.ToJsonString()));
        Assert.Null(building["security_groups"]);

        cloud.Host.Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal("spawning", Text((await cloud.ShowServerAsync(id))!, "OS-EXT-STS:task_state"));
        cloud.Host.Clock.Advance(TimeSpan.FromSeconds(0.5));
        var active = (await cloud.ShowServerAsync(id))!;
        Assert.Equal(("ACTIVE", null, "active", 1),
            (Text(active, "status"), Text(active, "OS-EXT-STS:task_state"), Text(active, "OS-EXT-STS:vm_state"),
                active["OS-EXT-STS:power_state"]!.GetValue<int>()));
        var address = active["addresses"]!["private"]![0]!;
        Assert.StartsWith(cloud.Host.State.GuestNetwork, Text(address, "addr"));
        Assert.Equal("fixed", Text(address, "OS-EXT-IPS:type"));
        Assert.Equal("nova", Text(active, "OS-EXT-AZ:availability_zone"));

        Assert.Equal(204, (await cloud.SendAsync("DELETE", "nova", "/v2.1/servers/" + id, (string?)null)).Status);
        Assert.Equal("deleting", Text((await cloud.ShowServerAsync(id))!, "OS-EXT-STS:task_state"));
        Assert.Equal(204, (await cloud.SendAsync("DELETE", "nova", "/v2.1/servers/" + id, (string?)null)).Status);
        await cloud.Host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(404, (await cloud.GetAsync("nova", "/v2.1/servers/" + id)).Status);
        Assert.Empty((await cloud.GetAsync("neutron", "/v2.0/ports")).Body!["ports"]!.AsArray());
    }

    [Fact]
    public async Task A_server_deleted_while_it_builds_never_boots()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await cloud.ServerAsync(active: false);
        cloud.Host.Clock.Advance(TimeSpan.FromSeconds(0.7));
        await cloud.SendAsync("DELETE", "nova", "/v2.1/servers/" + id, (string?)null);
        await cloud.Host.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Null(await cloud.ShowServerAsync(id));
        Assert.Empty((await cloud.GetAsync("neutron", "/v2.0/ports")).Body!["ports"]!.AsArray());
    }

    [Fact]
    public async Task Microversions_change_what_a_server_shows()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await cloud.ServerAsync("raw", ", \"user_data\": \"aGVsbG8=\"");
        var first = (await cloud.ShowServerAsync(id))!.AsObject();
        Assert.NotNull(first["flavor"]!["id"]);
        foreach (var later in new[] { "locked", "description", "tags", "server_groups", "OS-EXT-SRV-ATTR:hostname" })
            Assert.False(first.ContainsKey(later), later);
        var last = (await cloud.ShowServerAsync(id, "2.93"))!.AsObject();
        Assert.Null(last["flavor"]!["id"]);
        Assert.Equal("lab.tiny", Text(last["flavor"]!, "original_name"));
        Assert.Equal(("raw", "raw"), (Text(last, "description"), Text(last, "OS-EXT-SRV-ATTR:hostname")));
        foreach (var later in new[] { "locked", "locked_reason", "tags", "trusted_image_certificates", "server_groups" })
            Assert.True(last.ContainsKey(later), later);
        Assert.False(last.ContainsKey("OS-EXT-SRV-ATTR:user_data"));
        var admin = (await cloud.ShowServerAsync(id, "2.93", user: "admin"))!;
        Assert.Equal(("aGVsbG8=", "UP"), (Text(admin, "OS-EXT-SRV-ATTR:user_data"), Text(admin, "host_status")));
        Assert.Null((await cloud.ShowServerAsync(id, "2.1", user: "admin"))!["OS-EXT-SRV-ATTR:user_data"]);
        var header = await cloud.GetAsync("nova", "/v2.1/servers", version: "2.60");
        Assert.Equal(("compute 2.60", "2.60"), (header.Header("OpenStack-API-Version"), header.Header("X-OpenStack-Nova-API-Version")));
        Assert.Equal("compute 2.93", (await cloud.GetAsync("nova", "/v2.1/servers", version: "latest")).Header("OpenStack-API-Version"));
    }

    [Fact]
    public async Task Lists_filter_by_pattern_and_come_in_pages_newest_first()
    {
        await using var cloud = await Cloud.StartAsync();
        foreach (var name in new[] { "c-server-1", "c-server-2", "other" }) await cloud.ServerAsync(name);
        static string[] Names(Answer answer) => [.. answer.Body!["servers"]!.AsArray().Select(s => s!["name"]!.GetValue<string>())];
        Assert.Equal(["c-server-2", "c-server-1"], Names(await cloud.GetAsync("nova", "/v2.1/servers?name=c-server")));
        Assert.Equal(["c-server-1"], Names(await cloud.GetAsync("nova", "/v2.1/servers/detail?name=%5Ec-server-1%24&status=ACTIVE")));
        Assert.Empty(Names(await cloud.GetAsync("nova", "/v2.1/servers?status=NONSENSE")));
        Assert.Equal(3, Names(await cloud.GetAsync("nova", "/v2.1/servers?colour=red")).Length);
        var page = await cloud.GetAsync("nova", "/v2.1/servers/detail?limit=1");
        Assert.Equal(["other"], Names(page));
        var next = new Uri(page.Body!["servers_links"]![0]!["href"]!.GetValue<string>());
        Assert.Equal(["c-server-2"], Names(await cloud.GetAsync("nova", next.PathAndQuery)));
        Assert.Empty(Names(await cloud.GetAsync("nova", "/v2.1/servers", user: "alt")));
        Assert.Equal(3, Names(await cloud.GetAsync("nova", "/v2.1/servers?all_tenants=1", user: "admin")).Length);
    }

    [Fact]
    public async Task Several_servers_in_one_request_are_numbered()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.CreateServerAsync("multi", ", \"min_count\": 2, \"max_count\": 2");
        var names = (await cloud.GetAsync("nova", "/v2.1/servers")).Body!["servers"]!.AsArray().Select(s => s!["name"]!.GetValue<string>());
        Assert.Equal(["multi-2", "multi-1"], names);
    }

    [Fact]
    public async Task No_host_is_an_error_of_the_server_not_of_the_request()
    {
        await using var cloud = await Cloud.StartAsync();
        var created = await cloud.CreateServerAsync(flavor: "lab.nohost");
        Assert.Equal(202, created.Status);
        cloud.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var server = (await cloud.ShowServerAsync(created.Body!["server"]!["id"]!.GetValue<string>()))!;
        Assert.Equal(("ERROR", "No valid host was found. ", 500),
            (Text(server, "status"), Text(server["fault"]!, "message"), server["fault"]!["code"]!.GetValue<int>()));
        Assert.Null(server["progress"]);
    }

    [Theory]
    [InlineData("""{"os-start": null}""", 409, "Cannot 'start' instance {0} while it is in vm_state active")]
    [InlineData("""{"os-dance": null}""", 400, "There is no such action: os-dance")]
    [InlineData("{}", 400, "Malformed request body")]
    [InlineData("""{"a": 1, "b": 2}""", 400, "Malformed request body")]
    [InlineData("""{"reboot": {"type": "x"}}""", 400,
        "Invalid input for field/attribute type. Value: x. 'x' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']")]
    public async Task Actions_are_refused_as_captured(string body, int status, string message)
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await cloud.ServerAsync();
        var answer = await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", body);
        Assert.Equal((status, message.Replace("{0}", id)), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Stop_and_start_take_their_time()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await cloud.ServerAsync();
        Assert.Equal(202, (await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", """{"os-stop": null}""")).Status);
        Assert.Equal("powering-off", Text((await cloud.ShowServerAsync(id))!, "OS-EXT-STS:task_state"));
        cloud.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("SHUTOFF", Text((await cloud.ShowServerAsync(id))!, "status"));
        var again = await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", """{"os-stop": null}""");
        Assert.Equal((409, $"Cannot 'stop' instance {id} while it is in vm_state stopped"), (again.Status, again.Error));
        Assert.Equal(202, (await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", """{"os-start": null}""")).Status);
        cloud.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("ACTIVE", Text((await cloud.ShowServerAsync(id))!, "status"));
        var actions = (await cloud.GetAsync("nova", $"/v2.1/servers/{id}/os-instance-actions")).Body!["instanceActions"]!.AsArray();
        Assert.Equal(["start", "stop", "create"], actions.Select(a => a!["action"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_image_of_a_server_goes_from_queued_to_active()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await cloud.ServerAsync(active: false);
        var early = await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", """{"createImage": {"name": "x"}}""");
        Assert.Equal((409, $"Cannot 'createImage' instance {id} while it is in vm_state building"), (early.Status, early.Error));
        Assert.Equal((409, $"Instance {id} is not ready"),
            ((await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", """{"os-getConsoleOutput": {}}""")).Status,
                (await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", """{"os-getConsoleOutput": {}}""")).Error));
        await cloud.Host.AdvanceAsync(TimeSpan.FromSeconds(1));

        var old = await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action",
            """{"createImage": {"name": "old", "metadata": {"a": "b"}}}""");
        Assert.Equal((202, ""), (old.Status, old.Text));
        var location = new Uri(old.Header("Location")!);
        Assert.Equal(cloud.Host.Endpoint("glance").Port, location.Port);
        Assert.StartsWith("/images/", location.AbsolutePath);
        var image = "/v2" + location.AbsolutePath;
        Assert.Equal("queued", Text((await cloud.GetAsync("glance", image)).Body!, "status"));
        Assert.Equal("image_snapshot", Text((await cloud.ShowServerAsync(id))!, "OS-EXT-STS:task_state"));
        await cloud.Host.AdvanceAsync(TimeSpan.FromSeconds(0.2));
        Assert.Equal("saving", Text((await cloud.GetAsync("glance", image)).Body!, "status"));
        await cloud.Host.AdvanceAsync(TimeSpan.FromSeconds(1));
        var done = (await cloud.GetAsync("glance", image)).Body!;
        Assert.Equal(("active", "b", "snapshot", id, "private"),
            (Text(done, "status"), Text(done, "a"), Text(done, "image_type"), Text(done, "instance_uuid"), Text(done, "visibility")));
        Assert.Null(Text((await cloud.ShowServerAsync(id))!, "OS-EXT-STS:task_state"));

        var young = await cloud.PostAsync("nova", $"/v2.1/servers/{id}/action", """{"createImage": {"name": "young"}}""", version: "2.45");
        Assert.Equal(202, young.Status);
        Assert.Null(young.Header("Location"));
        Assert.NotNull(young.Body!["image_id"]);
    }

    [Fact]
    public async Task Metadata_is_read_merged_replaced_and_removed()
    {
        await using var cloud = await Cloud.StartAsync();
        var path = $"/v2.1/servers/{await cloud.ServerAsync()}/metadata";
        Assert.Equal("""{"metadata":{"k":"v"}}""", (await cloud.PostAsync("nova", path, """{"metadata": {"k": "v"}}""")).Text);
        Assert.Equal("""{"meta":{"k2":"w"}}""", (await cloud.SendAsync("PUT", "nova", path + "/k2", """{"meta": {"k2": "w"}}""")).Text);
        Assert.Equal("""{"metadata":{"k":"v","k2":"w"}}""", (await cloud.GetAsync("nova", path)).Text);
        Assert.Equal(204, (await cloud.SendAsync("DELETE", "nova", path + "/k", (string?)null)).Status);
        Assert.Equal((404, "Metadata item was not found"),
            ((await cloud.SendAsync("DELETE", "nova", path + "/k", (string?)null)).Status,
                (await cloud.SendAsync("DELETE", "nova", path + "/k", (string?)null)).Error));
        Assert.Equal("""{"metadata":{"z":"1"}}""", (await cloud.SendAsync("PUT", "nova", path, """{"metadata": {"z": "1"}}""")).Text);
    }

    [Fact]
    public async Task Key_pairs_are_made_shown_and_deleted_by_version()
    {
        await using var cloud = await Cloud.StartAsync();
        var made = await cloud.PostAsync("nova", "/v2.1/os-keypairs", """{"keypair": {"name": "raw-key"}}""");
        Assert.Equal(200, made.Status);
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----", Text(made.Body!["keypair"]!, "private_key"));
        Assert.Null(made.Body["keypair"]!["type"]);
        const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICqzfH886fgGTRk4UxzLdrUjei/i8h/oTdYtkRfsVqzt lab";
        var given = await cloud.PostAsync("nova", "/v2.1/os-keypairs", $$$"""{"keypair": {"name": "cap-key", "public_key": "{{{Key}}}"}}""",
            version: "2.10");
        Assert.Equal((201, "6f:ac:bd:44:aa:22:77:79:90:24:63:79:37:ce:16:fc", "ssh"),
            (given.Status, Text(given.Body!["keypair"]!, "fingerprint"), Text(given.Body["keypair"]!, "type")));
        var taken = await cloud.PostAsync("nova", "/v2.1/os-keypairs", """{"keypair": {"name": "raw-key"}}""");
        Assert.Equal((409, "conflictingRequest", "Key pair 'raw-key' already exists."), (taken.Status, taken.ErrorKey, taken.Error));
        Assert.Empty((await cloud.GetAsync("nova", "/v2.1/os-keypairs", user: "alt")).Body!["keypairs"]!.AsArray());
        Assert.Equal(2, (await cloud.GetAsync("nova", "/v2.1/os-keypairs")).Body!["keypairs"]!.AsArray().Count);
        Assert.Equal(202, (await cloud.SendAsync("DELETE", "nova", "/v2.1/os-keypairs/raw-key", (string?)null)).Status);
        Assert.Equal(204, (await cloud.SendAsync("DELETE", "nova", "/v2.1/os-keypairs/cap-key", (string?)null, version: "2.10")).Status);
        Assert.StartsWith("Keypair none not found for user ", (await cloud.GetAsync("nova", "/v2.1/os-keypairs/none")).Error);
    }

    [Fact]
    public async Task Limits_zones_and_groups_answer_as_captured()
    {
        await using var cloud = await Cloud.StartAsync();
        await cloud.ServerAsync();
        var limits = (await cloud.GetAsync("nova", "/v2.1/limits")).Body!["limits"]!["absolute"]!;
        Assert.Equal((10, 20, 51200, 1, 1, 64, -1),
            (Number(limits, "maxTotalInstances"), Number(limits, "maxTotalCores"), Number(limits, "maxTotalRAMSize"),
                Number(limits, "totalInstancesUsed"), Number(limits, "totalCoresUsed"), Number(limits, "totalRAMUsed"),
                Number(limits, "maxSecurityGroups")));
        Assert.Equal("""{"availabilityZoneInfo":[{"zoneName":"nova","zoneState":{"available":true},"hosts":null}]}""",
            (await cloud.GetAsync("nova", "/v2.1/os-availability-zone")).Text);
        var group = await cloud.PostAsync("nova", "/v2.1/os-server-groups",
            """{"server_group": {"name": "g", "policy": "anti-affinity"}}""", version: "2.64");
        Assert.Equal(["id", "name", "policy", "rules", "members", "project_id", "user_id"],
            group.Body!["server_group"]!.AsObject().Select(m => m.Key));
    }

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();

    private static int Number(JsonNode node, string name) => node[name]!.GetValue<int>();
}
