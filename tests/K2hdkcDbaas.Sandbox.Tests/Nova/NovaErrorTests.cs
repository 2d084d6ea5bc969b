using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Nova;

/// <summary>Nova's refusals, word for word as captured from Nova 26.2.2.</summary>
public class NovaErrorTests
{
    private const string None = "00000000-0000-0000-0000-000000000000";

    [Theory]
    [InlineData("GET", "/servers/" + None, null, null, 404, "itemNotFound", "Instance " + None + " could not be found.")]
    [InlineData("GET", "/servers", null, "2.999", 406, "computeFault",
        "Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.93.")]
    [InlineData("GET", "/servers", null, "x", 400, "badRequest",
        "API Version String x is of invalid format. Must be of format MajorNum.MinorNum.")]
    [InlineData("GET", "/servers?marker=nonsense", null, null, 400, "badRequest", "marker [nonsense] not found")]
    [InlineData("GET", "/servers?limit=x", null, null, 400, "badRequest",
        "Invalid input for query parameters limit. Value: x. 'x' does not match '^[0-9]*$'")]
    [InlineData("GET", "/servers?name=(", null, null, 400, "badRequest",
        "Invalid input for query parameters name. Value: (. '(' is not a 'regex'")]
    [InlineData("GET", "/servers?all_tenants=1", null, null, 403, "forbidden",
        "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed.")]
    [InlineData("GET", "/servers/detail?status=DELETED", null, null, 403, "forbidden", "Only administrators may list deleted instances")]
    [InlineData("GET", "/flavors/lab.tiny", null, null, 404, "itemNotFound", "Flavor lab.tiny could not be found.")]
    [InlineData("GET", "/os-quota-sets/x", null, null, 403, "forbidden",
        "Policy doesn't allow os_compute_api:os-quota-sets:show to be performed.")]
    [InlineData("DELETE", "/os-server-groups/none", null, null, 404, "itemNotFound", "Instance group none could not be found.")]
    [InlineData("POST", "/servers", """{"server": {""", null, 400, "badRequest", "Malformed request body")]
    [InlineData("POST", "/servers", "{}", null, 400, "badRequest", "'server' is a required property")]
    [InlineData("POST", "/servers", """{"server": 5}""", null, 400, "badRequest",
        "Invalid input for field/attribute server. Value: 5. 5 is not of type 'object'")]
    [InlineData("POST", "/servers", "[]", null, 400, "badRequest", "[] is not of type 'object'")]
    [InlineData("POST", "/os-keypairs", """{"keypair": {"name": "a/b"}}""", null, 400, "badRequest",
        "An invalid 'name' value was provided. The name must be: Only expected characters: [_- "
            + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ]")]
    [InlineData("POST", "/flavors", """{"flavor": {"name": "x", "ram": 1, "vcpus": 1, "disk": 1}}""", null, 403, "forbidden",
        "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed.")]
    [InlineData("POST", "/os-keypairs", """{"keypair": {"name": "raw-key-b"}}""", "2.93", 400, "badRequest",
        "Invalid input for field/attribute keypair. Value: {'name': 'raw-key-b'}. 'public_key' is a required property")]
    [InlineData("POST", "/os-keypairs", """{"keypair": {"name": "raw-key-c", "public_key": "nonsense"}}""", null, 400, "badRequest",
        "Keypair data is invalid: failed to generate fingerprint")]
    [InlineData("POST", "/os-keypairs", """{"keypair": {}}""", null, 400, "badRequest",
        "Invalid input for field/attribute keypair. Value: {}. 'name' is a required property")]
    public async Task Requests_are_refused_as_captured(string method, string path, string? body, string? version, int status, string key,
        string message)
    {
        await using var cloud = await Cloud.StartAsync();
        var answer = await cloud.SendAsync(method, "nova", "/v2.1" + path, body, version: version);
        Assert.Equal((status, key, message), (answer.Status, answer.ErrorKey, answer.Error));
        Assert.Equal(status, answer.Body![key]!["code"]!.GetValue<int>());
        Assert.Equal("application/json; charset=UTF-8", answer.Header("Content-Type"));
        Assert.StartsWith("req-", answer.Header("x-compute-request-id"));
    }

    [Theory]
    [InlineData(""", "imageRef": "00000000-0000-0000-0000-000000000000" """, "Can not find requested image")]
    [InlineData(""", "flavorRef": "no-such" """, "Flavor no-such could not be found.")]
    [InlineData(""", "networks": [{"uuid": "00000000-0000-0000-0000-000000000000"}]""", "Network " + None + " could not be found.")]
    [InlineData(""", "networks": [{"uuid": "nonsense"}]""", "Bad networks format: network uuid is not in proper format (nonsense)")]
    [InlineData(""", "networks": [{"colour": 1}]""",
        "Invalid input for field/attribute 0. Value: {'colour': 1}. Additional properties are not allowed ('colour' was unexpected)")]
    [InlineData(""", "networks": "auto" """, "Invalid input for field/attribute networks. Value: auto. 'auto' is not of type 'array'")]
    [InlineData(""", "key_name": "no-such" """, "Invalid key_name provided.")]
    [InlineData(""", "user_data": "not base64!" """,
        "Invalid input for field/attribute user_data. Value: not base64!. 'not base64!' is not a 'base64'")]
    [InlineData(""", "security_groups": [{"name": "no-such"}]""", "Unable to find security_group with name or id 'no-such'")]
    [InlineData(""", "availability_zone": "nope" """, "The requested availability zone is not available")]
    [InlineData(""", "metadata": {"a": 5}""", "Invalid input for field/attribute a. Value: 5. 5 is not of type 'string'")]
    [InlineData(""", "min_count": 3, "max_count": 2""", "min_count must be <= max_count")]
    [InlineData(""", "name": "a", "name": " a" """,
        "An invalid 'name' value was provided. The name must be: printable characters. Can not start or end with whitespace.")]
    [InlineData(""", "config_drive": "maybe" """,
        "Invalid input for field/attribute config_drive. Value: maybe. 'maybe' is not one of [True, 'True', 'TRUE', 'true', '1', 'ON', "
            + "'On', 'on', 'YES', 'Yes', 'yes', False, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no']")]
    [InlineData(""", "imageRef": "nonsense" """,
        "Invalid input for field/attribute imageRef. Value: nonsense. 'nonsense' is not valid under any of the given schemas")]
    [InlineData(""", "name": "" """, "Invalid input for field/attribute name. Value: . '' is too short")]
    public async Task A_server_with_a_wrong_part_is_400_even_for_things_that_are_missing(string member, string message)
    {
        await using var cloud = await Cloud.StartAsync();
        // The last of two members with one name counts, so each case replaces one part of a good request.
        var refused = await cloud.CreateServerAsync(more: member);
        Assert.Equal((400, "badRequest", message), (refused.Status, refused.ErrorKey, refused.Error));
    }

    [Fact]
    public async Task Networks_are_required_from_2_37()
    {
        await using var cloud = await Cloud.StartAsync();
        var missing = await cloud.CreateServerAsync(version: "2.37");
        Assert.Equal(400, missing.Status);
        Assert.EndsWith("'networks' is a required property", missing.Error);
        Assert.EndsWith("'soon' is not valid under any of the given schemas",
            (await cloud.CreateServerAsync(more: ", \"networks\": \"soon\"", version: "2.37")).Error);
        Assert.Equal(202, (await cloud.CreateServerAsync(more: ", \"networks\": \"auto\"", version: "2.37")).Status);
    }

    [Fact]
    public async Task Several_networks_want_a_choice()
    {
        await using var cloud = await Cloud.StartAsync();
        var network = (await cloud.PostAsync("neutron", "/v2.0/networks",
            """{"network": {"name": "second"}}""")).Body!["network"]!["id"]!.GetValue<string>();
        await cloud.PostAsync("neutron", "/v2.0/subnets",
            $$$"""{"subnet": {"network_id": "{{{network}}}", "ip_version": 4, "cidr": "10.9.0.0/24"}}""");
        var answer = await cloud.CreateServerAsync();
        Assert.Equal((409, "conflictingRequest", "Multiple possible networks found, use a Network ID to be more specific."),
            (answer.Status, answer.ErrorKey, answer.Error));
        Assert.Equal(202, (await cloud.CreateServerAsync(more: $$$$""", "networks": [{"uuid": "{{{{network}}}}"}]""")).Status);
    }

    [Fact]
    public async Task Quotas_are_403_and_name_all_that_is_over()
    {
        await using var cloud = await Cloud.StartAsync();
        var huge = await cloud.CreateServerAsync(flavor: "lab.huge");
        Assert.Equal((403, "forbidden",
            "Quota exceeded for cores, ram: Requested 64, 409600, but already used 0, 0 of 20, 51200 cores, ram"),
            (huge.Status, huge.ErrorKey, huge.Error));
        cloud.Host.SetQuota("demo", "nova", "instances", 1);
        await cloud.ServerAsync();
        Assert.Equal("Quota exceeded for instances: Requested 1, but already used 1 of 1 instances",
            (await cloud.CreateServerAsync()).Error);
        cloud.Host.SetQuota("demo", "nova", "key_pairs", 0);
        Assert.Equal((403, "Quota exceeded, too many key pairs."),
            ((await cloud.PostAsync("nova", "/v2.1/os-keypairs", """{"keypair": {"name": "k"}}""")).Status,
                (await cloud.PostAsync("nova", "/v2.1/os-keypairs", """{"keypair": {"name": "k"}}""")).Error));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    public async Task A_bad_token_is_refused_in_front_of_every_service(string? token)
    {
        await using var cloud = await Cloud.StartAsync();
        foreach (var (service, path) in new[] { ("nova", "/v2.1/servers"), ("neutron", "/v2.0/networks"),
            ("trove", "/v1.0/{project}/instances") })
        {
            var answer = await cloud.SendAsync("GET", service, path, (string?)null, user: null, token: token);
            Assert.Equal((401, "error", "The request you have made requires authentication."),
                (answer.Status, answer.ErrorKey, answer.Error));
            Assert.Equal($"Keystone uri=\"{cloud.Host.AuthUrl}\"", answer.Header("WWW-Authenticate"));
        }
        var glance = await cloud.SendAsync("GET", "glance", "/v2/images", (string?)null, user: null, token: token);
        Assert.Equal((401, "401 Unauthorized"), (glance.Status, glance.Body!["code"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Other_projects_servers_and_unknown_paths_are_not_found()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await cloud.ServerAsync();
        var foreign = await cloud.GetAsync("nova", "/v2.1/servers/" + id, user: "alt");
        Assert.Equal((404, $"Instance {id} could not be found."), (foreign.Status, foreign.Error));
        var nothing = await cloud.GetAsync("nova", "/v2.1/nothing");
        Assert.Equal((404, "The resource could not be found.<br /><br />\n\n\n", "404 Not Found"),
            (nothing.Status, nothing.Error, nothing.Body!["code"]!.GetValue<string>()));
    }
}
