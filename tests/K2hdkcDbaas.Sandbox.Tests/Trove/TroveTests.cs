using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Trove;

public partial class TroveTests
{
    private const string None = "00000000-0000-0000-0000-000000000000";
    private const string Base = "/v1.0/{project}";
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("GET", "/instances/" + None, null, 404, "itemNotFound", "Resource " + None + " cannot be found.")]
    [InlineData("GET", "/clusters/cap-cluster", null, 404, "itemNotFound", "Cluster 'cap-cluster' cannot be found.")]
    [InlineData("GET", "/configurations/none", null, 404, "itemNotFound", "Configuration group with ID none could not be found.")]
    [InlineData("GET", "/datastores/none", null, 404, "itemNotFound", "Datastore 'none' cannot be found.")]
    [InlineData("GET", "/datastores/k2hdkc/versions/none", null, 400, "badRequest", "Datastore version 'none' cannot be found.")]
    [InlineData("GET", "/flavors/lab.small", null, 404, "itemNotFound", "Resource lab.small cannot be found.")]
    [InlineData("GET", "/nothing", null, 404, "itemNotFound", "The resource could not be found.")]
    [InlineData("POST", "/clusters", """{"cluster": {""", 400, "message", "Malformed request body<br /><br />\n\n\n")]
    [InlineData("POST", "/clusters", """{"cluster": {"name": "x", "datastore": {"type": "k2hdkc", "version": "1.0.14"}}}""", 400,
        "badRequest", "Validation error: cluster 'instances' is a required property")]
    [InlineData("POST", "/clusters", """{"cluster": {"name": "x", "datastore": {"type": "nosql", "version": "1"}, "instances": []}}""", 404,
        "itemNotFound", "Datastore 'nosql' cannot be found.")]
    [InlineData("POST", "/clusters", """{"cluster": {"name": "x", "datastore": {"type": "k2hdkc", "version": "9"}, "instances": []}}""",
        400, "badRequest", "Datastore version '9' cannot be found.")]
    [InlineData("POST", "/clusters",
        """{"cluster": {"name": "x", "datastore": {"type": "postgresql", "version": "12.4"}, "instances": []}}""", 501, "notImplemented",
        "Clusters not supported for postgresql-12.4.")]
    [InlineData("POST", "/clusters",
        """{"cluster": {"name": "x", "datastore": {"type": "k2hdkc", "version": "1.0.14"}, "instances": []}}""", 400, "badRequest",
        "The flavor for each instance in a cluster must be the same.")]
    [InlineData("POST", "/configurations", """{"configuration": {"name": "x"}}""", 400, "badRequest",
        "Validation error: configuration 'values' is a required property")]
    [InlineData("POST", "/configurations", """{"configuration": {"name": "x", "values": {"colour": "red"}}}""", 422, "unprocessableEntity",
        "The configuration parameter colour is not supported for this datastore: k2hdkc 1.0.14.")]
    [InlineData("POST", "/configurations", """{"configuration": {"name": "x", "values": {"chmpx-server-port": "8020"}}}""",
        422, "unprocessableEntity", "The value provided for the configuration parameter chmpx-server-port is not of type integer.")]
    [InlineData("POST", "/configurations", """{"configuration": {"name": "x", "values": {"chmpx-server-port": 99999}}}""", 422,
        "unprocessableEntity", "The value for the configuration parameter chmpx-server-port is greater than the maximum allowed: 65535")]
    [InlineData("POST", "/configurations", """{"configuration": {"name": "x", "values": {"chmpx-server-port": 0}}}""", 422,
        "unprocessableEntity", "The value for the configuration parameter chmpx-server-port is less than the minimum allowed: 1000")]
    [InlineData("POST", "/backups", """{"backup": {"name": "x", "instance": "00000000-0000-0000-0000-000000000000"}}""",
        404, "itemNotFound", "Resource " + None + " cannot be found.")]
    [InlineData("POST", "/mgmt/datastore-versions", "{}", 401, "unauthorized", "User does not have admin privileges.")]
    [InlineData("POST", "/instances", """{"instance": {}}""", 400, "badRequest",
        "Validation error: instance 'name' is a required property")]
    [InlineData("POST", "/instances", """{"instance": {"name": "x"}}""", 400, "badRequest", "Resource None cannot be found.")]
    public async Task Requests_are_refused_as_captured(string method, string path, string? body, int status, string key, string message)
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.SendAsync(method, "trove", Base + path, body);
        Assert.Equal((status, key, message), (answer.Status, answer.ErrorKey, answer.Error));
    }

    [Fact]
    public async Task Another_project_in_the_path_is_403_for_everyone()
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.GetAsync("trove", "/v1.0/00000000000000000000000000000000/clusters");
        Assert.Equal((403,
            $"Access was denied to this resource.<br /><br />\nUser with tenant id {cloud.Project} cannot access this resource.\n\n"),
            (answer.Status, answer.Error));
        Assert.Equal(403, (await cloud.GetAsync("trove", Base + "/clusters", user: "admin")).Status);
    }

    [Fact]
    public async Task Datastores_name_versions_and_parameters()
    {
        await using var cloud = await Cloud.StartAsync();
        var datastores = (await cloud.GetAsync("trove", Base + "/datastores")).Body!["datastores"]!.AsArray();
        Assert.Equal(["k2hdkc", "postgresql"], datastores.Select(d => d!["name"]!.GetValue<string>()));
        // The links say https whatever the endpoint is; nobody should follow them.
        Assert.StartsWith("https://127.0.0.1", datastores[0]!["links"]![0]!["href"]!.GetValue<string>());
        var parameters =
            (await cloud.GetAsync(
                "trove", Base + "/datastores/k2hdkc/versions/1.0.14/parameters")).Body!["configuration-parameters"]!.AsArray();
        Assert.Equal(["chmpx-server-ctlport", "chmpx-server-port", "chmpx-slave-ctlport", "cluster-name", "extdata-url", "http_proxy",
            "https_proxy", "no_proxy"], parameters.Select(p => p!["name"]!.GetValue<string>()));
        Assert.Equal((65535, 1000, true),
            (parameters[0]!["max"]!.GetValue<int>(), parameters[0]!["min"]!.GetValue<int>(),
                parameters[0]!["restart_required"]!.GetValue<bool>()));
        var flavor = (await cloud.GetAsync("trove", Base + "/flavors")).Body!["flavors"]![0]!;
        Assert.Null(flavor["id"]);
        Assert.Equal(await cloud.FlavorIdAsync(), flavor["str_id"]!.GetValue<string>());
        Assert.Equal(20, (await cloud.GetAsync("trove", Base + "/limits")).Body!["limits"]![0]!["max_instances"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_cluster_is_built_grown_shrunk_and_deleted()
    {
        await using var cloud = await Cloud.StartAsync();
        var made = await CreateClusterAsync(cloud, 2);
        Assert.Equal((200, "BUILDING"), (made.Status, Task(made)));
        var path = $"{Base}/clusters/{Id(made, "cluster")}";
        Assert.Equal(["c-member-1", "c-member-2"],
            made.Body!["cluster"]!["instances"]!.AsArray().Select(i => i!["name"]!.GetValue<string>()));
        var busy = await cloud.PostAsync("trove", path, $$$$"""{"grow": [{{{{await MachineAsync(cloud)}}}}]}""");
        Assert.Equal((422, "This action cannot be performed on the cluster while the current cluster task is 'BUILDING'."),
            (busy.Status, busy.Error));
        await cloud.Host.AdvanceAsync(Long);
        var built = (await cloud.GetAsync("trove", path)).Body!["cluster"]!;
        Assert.Equal("NONE", built["task"]!["name"]!.GetValue<string>());
        Assert.Equal(2, built["ip"]!.AsArray().Count);

        var grown = await cloud.PostAsync("trove", path, $$$$"""{"grow": [{{{{await MachineAsync(cloud)}}}}]}""");
        Assert.Equal((202, "GROWING_CLUSTER"), (grown.Status, Task(grown)));
        await cloud.Host.AdvanceAsync(Long);
        var members = (await cloud.GetAsync("trove", path)).Body!["cluster"]!["instances"]!.AsArray();
        Assert.Equal(["ACTIVE", "ACTIVE", "ACTIVE"], members.Select(m => m!["status"]!.GetValue<string>()));

        var shrunk = await cloud.PostAsync("trove", path, $$$$"""{"shrink": [{"id": "{{{{members[0]!["id"]}}}}"}]}""");
        Assert.Equal((202, "SHRINKING_CLUSTER"), (shrunk.Status, Task(shrunk)));
        await cloud.Host.AdvanceAsync(Long);
        var left = (await cloud.GetAsync("trove", path)).Body!["cluster"]!;
        Assert.Equal(("NONE", 2), (left["task"]!["name"]!.GetValue<string>(), left["instances"]!.AsArray().Count));

        Assert.Equal(202, (await cloud.SendAsync("DELETE", "trove", path, (string?)null)).Status);
        var going = (await cloud.GetAsync("trove", path)).Body!["cluster"]!;
        Assert.Equal(("DELETING", "SHUTDOWN"),
            (going["task"]!["name"]!.GetValue<string>(), going["instances"]![0]!["status"]!.GetValue<string>()));
        await cloud.Host.AdvanceAsync(Long);
        Assert.Equal(404, (await cloud.GetAsync("trove", path)).Status);
        Assert.Empty((await cloud.GetAsync("neutron", "/v2.0/ports")).Body!["ports"]!.AsArray());
    }

    [Theory]
    [InlineData("\"volume\": {\"size\": 1}", 400, "A volume size is required for each instance in the cluster.", "")]
    [InlineData("\"size\": 1", 413, "Volume 'size' cannot exceed maximum of 20 Gb, 999 cannot be accepted.", "\"size\": 999")]
    [InlineData("network_id", 500, null, "net-id")]
    public async Task A_create_that_fails_leaves_a_row_that_only_an_administrator_frees(string part, int status, string? message, string by)
    {
        await using var cloud = await Cloud.StartAsync();
        var machine = (await MachineAsync(cloud)).Replace("\"1\"", "1").Replace(part, by).Replace(", , ", ", ");
        var answer = await cloud.PostAsync("trove", Base + "/clusters",
            $$$$"""{"cluster": {"name": "c", "datastore": {"type": "k2hdkc", "version": "1.0.14"}, "instances": [{{{{machine}}}}]}}""");
        Assert.Equal(status, answer.Status);
        if (message is not null) Assert.Equal(message, answer.Error);
        Assert.Null(answer.Header("Retry-After"));
        var row = Assert.Single((await cloud.GetAsync("trove", Base + "/clusters")).Body!["clusters"]!.AsArray())!;
        Assert.Equal("BUILDING", row["task"]!["name"]!.GetValue<string>());
        Assert.Equal(422, (await cloud.SendAsync("DELETE", "trove", $"{Base}/clusters/{row["id"]}", (string?)null)).Status);
        var admin = (await cloud.GetAsync("keystone", "/v3/auth/projects", user: "admin")).Body!["projects"]![0]!["id"]!.GetValue<string>();
        Assert.Equal(403, (await cloud.PostAsync("trove", $"{Base}/clusters/{row["id"]}", """{"reset-status": {}}""")).Status);
        var reset = await cloud.PostAsync("trove", $"/v1.0/{admin}/clusters/{row["id"]}", """{"reset-status": {}}""", user: "admin");
        Assert.Equal((202, "NONE"), (reset.Status, Task(reset)));
        Assert.Equal(202, (await cloud.SendAsync("DELETE", "trove", $"{Base}/clusters/{row["id"]}", (string?)null)).Status);
    }

    [Fact]
    public async Task Shrinking_by_a_stranger_is_accepted_and_never_ends()
    {
        await using var cloud = await Cloud.StartAsync();
        var path = $"{Base}/clusters/{Id(await CreateClusterAsync(cloud, 1), "cluster")}";
        await cloud.Host.AdvanceAsync(Long);
        var answer = await cloud.PostAsync("trove", path, $$$$"""{"shrink": [{"id": "{{{{None}}}}"}]}""");
        Assert.Equal((202, "SHRINKING_CLUSTER"), (answer.Status, Task(answer)));
        await cloud.Host.AdvanceAsync(TimeSpan.FromHours(1) / 2);
        Assert.Equal("SHRINKING_CLUSTER", Task(await cloud.GetAsync("trove", path)));
    }

    [Fact]
    public async Task A_create_with_an_unknown_group_leaves_a_row_that_nobody_frees()
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.PostAsync("trove", Base + "/clusters",
            $$$$"""{"cluster": {"name": "c", "datastore": {"type": "k2hdkc", "version": "1.0.14"}, "configuration": "{{{{None}}}}", "instances": [{{{{await MachineAsync(cloud)}}}}]}}""");
        Assert.Equal((404, $"Configuration group with ID {None} could not be found."), (answer.Status, answer.Error));
        var row = Assert.Single((await cloud.GetAsync("trove", Base + "/clusters")).Body!["clusters"]!.AsArray())!;
        var gone = await cloud.SendAsync("DELETE", "trove", $"{Base}/clusters/{row["id"]}", (string?)null);
        Assert.Equal((404, "InstanceServiceStatus Not Found"), (gone.Status, gone.Error));
        Assert.Equal("DELETING", Task(await cloud.GetAsync("trove", $"{Base}/clusters/{row["id"]}")));
    }

    [Fact]
    public async Task A_group_that_is_put_without_values_loses_them()
    {
        await using var cloud = await Cloud.StartAsync();
        var path = $"{Base}/configurations/{await GroupAsync(cloud)}";
        Assert.Equal(200,
            (await cloud.SendAsync("PATCH", "trove", path, """{"configuration": {"values": {"chmpx-server-port": 9000}}}""")).Status);
        Assert.Equal("""{"cluster-name":"c","chmpx-server-port":9000}""",
            (await cloud.GetAsync("trove", path)).Body!["configuration"]!["values"]!.ToJsonString());
        Assert.Equal(202, (await cloud.SendAsync("PUT", "trove", path, """{"configuration": {"name": "new"}}""")).Status);
        Assert.Equal("{}", (await cloud.GetAsync("trove", path)).Body!["configuration"]!["values"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"grow": {}}""", 400, "Validation error: grow {} is not of type 'array'")]
    [InlineData("""{"shrink": [{}]}""", 400, "Validation error: shrink[0] 'id' is a required property")]
    [InlineData("""{"upgrade": {}}""", 400, "Validation error: upgrade 'datastore_version' is a required property")]
    [InlineData("""{"a": 1, "b": 2}""", 400, "Action request should have exactly one action specified in body")]
    [InlineData("""{"dance": {}}""", 400, "Action dance not supported")]
    [InlineData("""{"reset-status": {}}""", 403, "Policy doesn't allow cluster:reset-status to be performed.")]
    public async Task Cluster_actions_are_refused_as_by_the_real_one(string body, int status, string message)
    {
        await using var cloud = await Cloud.StartAsync();
        var path = $"{Base}/clusters/{Id(await CreateClusterAsync(cloud, 1), "cluster")}";
        await cloud.Host.AdvanceAsync(Long);
        var answer = await cloud.PostAsync("trove", path, body);
        Assert.Equal((status, message), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Over_quota_is_413_without_Retry_After()
    {
        await using var cloud = await Cloud.StartAsync();
        cloud.Host.SetQuota("demo", "trove", "instances", 1);
        var answer = await CreateClusterAsync(cloud, 2);
        Assert.Equal((413, "overLimit", "Quota exceeded for resources: ['instances']."), (answer.Status, answer.ErrorKey, answer.Error));
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task An_attached_group_wants_a_restart_and_blocks_till_then()
    {
        await using var cloud = await Cloud.StartAsync();
        var group = await GroupAsync(cloud);
        var id = await InstanceAsync(cloud);
        var path = $"{Base}/instances/{id}";
        Assert.Equal(202, (await cloud.SendAsync("PUT", "trove", path, $$$"""{"instance": {"configuration": "{{{group}}}"}}""")).Status);
        await cloud.Host.AdvanceAsync(Long);
        var shown = (await cloud.GetAsync("trove", path)).Body!["instance"]!;
        Assert.Equal(("RESTART_REQUIRED", group), (shown["status"]!.GetValue<string>(), shown["configuration"]!["id"]!.GetValue<string>()));
        var blocked = await cloud.SendAsync("PUT", "trove", path, """{"instance": {"configuration": null}}""");
        Assert.Equal((400,
            "The operation you have requested cannot be executed because the instance status is currently: RESTART_REQUIRED."),
            (blocked.Status, blocked.Error));
        var used = await cloud.SendAsync("DELETE", "trove", $"{Base}/configurations/{group}", (string?)null);
        Assert.Equal(400, used.Status);
        Assert.StartsWith("A configuration group cannot be deleted if it is associated", used.Error);
        Assert.Equal(202, (await cloud.PostAsync("trove", path + "/action", """{"restart": {}}""")).Status);
        await cloud.Host.AdvanceAsync(Long);
        Assert.Equal(202, (await cloud.SendAsync("PUT", "trove", path, """{"instance": {"configuration": null}}""")).Status);
        Assert.Equal(202, (await cloud.SendAsync("DELETE", "trove", $"{Base}/configurations/{group}", (string?)null)).Status);
    }

    [Fact]
    public async Task A_building_instance_can_be_nothing_but_awaited()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await InstanceAsync(cloud, ready: false);
        var path = $"{Base}/instances/{id}";
        foreach (var (method, where, body, more) in new[]
        {
            ("POST", path + "/action", """{"restart": {}}""", ""),
            ("PUT", path, $$$"""{"instance": {"configuration": "{{{None}}}"}}""", ""),
            ("POST", Base + "/backups", $$$$"""{"backup": {"name": "x", "instance": "{{{{id}}}}"}}""", ""),
            ("DELETE", path, null, " (Status is BUILD)."),
        })
        {
            var answer = await cloud.SendAsync(method, "trove", where, body);
            Assert.Equal((422, $"Instance {id} is not ready.{more}"), (answer.Status, answer.Error));
        }
    }

    [Fact]
    public async Task A_backup_keeps_its_instance_busy_and_is_restored_from()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await InstanceAsync(cloud);
        var wordy = await cloud.PostAsync("trove", Base + "/backups",
            $$$$"""{"backup": {"name": "b", "instance": "{{{{id}}}}", "description": "{{{{new string('d', 256)}}}}"}}""");
        Assert.Equal(400, wordy.Status);
        var made = await cloud.PostAsync("trove", Base + "/backups",
            $$$$"""{"backup": {"name": "b", "instance": "{{{{id}}}}", "description": "d", "incremental": 0}}""");
        Assert.Equal((202, "NEW"), (made.Status, made.Body!["backup"]!["status"]!.GetValue<string>()));
        Assert.Null(made.Body["backup"]!["size"]);
        var busy = await cloud.PostAsync("trove", Base + "/backups", $$$$"""{"backup": {"name": "b", "instance": "{{{{id}}}}"}}""");
        Assert.Equal((422, $"Instance {id} is not currently available for an action to be performed (instance status was BACKUP)."),
            (busy.Status, busy.Error));
        await cloud.Host.AdvanceAsync(Long);
        var backup = (await cloud.GetAsync("trove", $"{Base}/backups/{Id(made, "backup")}")).Body!["backup"]!;
        Assert.Equal("COMPLETED", backup["status"]!.GetValue<string>());
        Assert.EndsWith("/database_backups/" + Id(made, "backup"), backup["locationRef"]!.GetValue<string>());
        Assert.Single((await cloud.GetAsync("trove", $"{Base}/instances/{id}/backups")).Body!["backups"]!.AsArray());
        await InstanceAsync(cloud, more: $$$""", "restorePoint": {"backupRef": "{{{Id(made, "backup")}}}"}""");
        Assert.Equal(404, (await CreateInstanceAsync(cloud, $$$""", "restorePoint": {"backupRef": "{{{None}}}"}""")).Status);
        Assert.Equal(202, (await cloud.SendAsync("DELETE", "trove", $"{Base}/backups/{Id(made, "backup")}", (string?)null)).Status);
        await cloud.Host.AdvanceAsync(Long);
        Assert.Equal(404, (await cloud.GetAsync("trove", $"{Base}/backups/{Id(made, "backup")}")).Status);
    }

    [Fact]
    public async Task Volumes_only_grow()
    {
        await using var cloud = await Cloud.StartAsync();
        var path = $"{Base}/instances/{await InstanceAsync(cloud)}";
        var same = await cloud.PostAsync("trove", path + "/action", """{"resize": {"volume": {"size": 1}}}""");
        Assert.Equal((400, "The new volume 'size' must be larger than the current volume size of '1'."), (same.Status, same.Error));
        Assert.Equal(202, (await cloud.PostAsync("trove", path + "/action", """{"resize": {"volume": {"size": 2}}}""")).Status);
        Assert.Equal("RESIZE", (await cloud.GetAsync("trove", path)).Body!["instance"]!["status"]!.GetValue<string>());
        await cloud.Host.AdvanceAsync(Long);
        Assert.Equal(2, (await cloud.GetAsync("trove", path)).Body!["instance"]!["volume"]!["size"]!.GetValue<int>());
    }

    [Fact]
    public async Task Lists_come_in_pages_by_marker()
    {
        await using var cloud = await Cloud.StartAsync();
        for (var i = 0; i < 3; i++) await GroupAsync(cloud);
        List<string> seen = [];
        for (var path = Base + "/configurations?limit=2"; path is not null;)
        {
            var page = await cloud.GetAsync("trove", path);
            seen.AddRange(page.Body!["configurations"]!.AsArray().Select(c => c!["id"]!.GetValue<string>()));
            path = page.Body["links"]?[0]?["href"] is { } next ? new Uri(next.GetValue<string>()).PathAndQuery : null;
        }
        Assert.Equal(3, seen.Distinct().Count());
        Assert.Equal(500, (await cloud.GetAsync("trove", Base + "/instances?limit=x")).Status);
    }

    private static string Id(Answer answer, string key) => answer.Body![key]!["id"]!.GetValue<string>();

    private static string Task(Answer answer) => answer.Body!["cluster"]!["task"]!["name"]!.GetValue<string>();

    private static async Task<string> MachineAsync(Cloud cloud) =>
        $$$$"""{"flavorRef": "{{{{await cloud.FlavorIdAsync()}}}}", "volume": {"size": "1"}, "nics": [{"network_id": "{{{{await cloud.NetworkIdAsync()}}}}"}]}""";

    private static async Task<Answer> CreateClusterAsync(Cloud cloud, int count)
    {
        var machine = await MachineAsync(cloud);
        return await cloud.PostAsync("trove", Base + "/clusters",
            $$$$"""{"cluster": {"name": "c", "datastore": {"type": "k2hdkc", "version": "1.0.14"}, "instances": [{{{{string.Join(", ", Enumerable.Repeat(machine, count))}}}}]}}""");
    }

    private static async Task<string> GroupAsync(Cloud cloud)
    {
        var made = await cloud.PostAsync("trove", Base + "/configurations",
            """{"configuration": {"name": "g", "values": {"cluster-name": "c", "chmpx-server-port": 8020}, "datastore": {"type": "k2hdkc", "version": "1.0.14"}}}""");
        Assert.Equal(200, made.Status);
        return Id(made, "configuration");
    }

    private static async Task<Answer> CreateInstanceAsync(Cloud cloud, string more = "") =>
        await cloud.PostAsync("trove", Base + "/instances",
            $$$$"""{"instance": {"name": "i", "datastore": {"type": "k2hdkc", "version": "1.0.14"}, {{{{(await MachineAsync(cloud))[1..^1]}}}}{{{{more}}}}}}""");

    private static async Task<string> InstanceAsync(Cloud cloud, string more = "", bool ready = true)
    {
        var made = await CreateInstanceAsync(cloud, more);
        Assert.Equal((200, "BUILD"), (made.Status, made.Body!["instance"]!["status"]!.GetValue<string>()));
        if (ready) await cloud.Host.AdvanceAsync(Long);
        return Id(made, "instance");
    }
}
