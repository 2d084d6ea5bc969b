using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Neutron;

public class NeutronTests
{
    private const string None = "00000000-0000-0000-0000-000000000000";

    [Theory]
    [InlineData("GET", "networks/" + None, null, 404, "NetworkNotFound", "Network " + None + " could not be found.")]
    [InlineData("GET", "ports/cap-port", null, 404, "PortNotFound", "Port cap-port could not be found.")]
    [InlineData("GET", "security-groups/cap-sg", null, 404, "SecurityGroupNotFound", "Security group cap-sg does not exist")]
    [InlineData("DELETE", "security-groups/" + None, null, 404, "SecurityGroupNotFound", "Security group " + None + " does not exist")]
    [InlineData("GET", "networks?limit=x", null, 400, "BadRequest",
        "Bad limit request: Limit must be an integer 0 or greater and not 'x'.")]
    [InlineData("POST", "security-group-rules",
        """{"security_group_rule": {"security_group_id": "GROUP", "direction": "ingress", "protocol": "tcp", "port_range_min": 0, "port_range_max": 99999}}""", 400, "SecurityGroupInvalidPortValue", "Invalid value for port 99999")]
    [InlineData("GET", "nothing", null, 404, "HTTPNotFound", "The resource could not be found.")]
    [InlineData("POST", "subnets", """{"subnet": {"network_id": "NET", "ip_version": 4, "cidr": "10.0.0.999/8"}}""", 400, "InvalidInput",
        "Invalid input for operation: 10.0.0.999/8 is not in a CIDR format.")]
    [InlineData("POST", "security-group-rules", """{"security_group_rule": {"security_group_id": "GROUP", "direction": "sideways"}}""", 400,
        "HTTPBadRequest", "Invalid input for direction. Reason: sideways is not in valid_values.")]
    [InlineData("POST", "security-group-rules",
        """{"security_group_rule": {"security_group_id": "GROUP", "direction": "ingress", "protocol": "tcp", "port_range_min": 5, "port_range_max": 4}}""", 400, "SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max")]
    [InlineData("POST", "security-group-rules",
        """{"security_group_rule": {"security_group_id": "00000000-0000-0000-0000-000000000000", "direction": "ingress"}}""", 404,
        "SecurityGroupNotFound", "Security group " + None + " does not exist")]
    [InlineData("POST", "security-groups", "{}", 400, "HTTPBadRequest", "Resource body required")]
    [InlineData("POST", "security-groups", """{"x":""", 400, "MalformedRequestBody", "Malformed request body: Cannot understand JSON.")]
    [InlineData("POST", "networks", """{"network": {"name": "x", "colour": "red"}}""", 400, "HTTPBadRequest",
        "Unrecognized attribute(s) 'colour'")]
    [InlineData("POST", "networks", """{"network": {"name": "x", "provider:network_type": "flat", "provider:physical_network": "p"}}""",
        403, "PolicyNotAuthorized",
        "((rule:create_network and rule:create_network:provider:network_type) and rule:create_network:provider:physical_network) is "
            + "disallowed by policy")]
    public async Task Requests_are_refused_as_captured(string method, string path, string? body, int status, string type, string message)
    {
        await using var cloud = await Cloud.StartAsync();
        var group = (await cloud.GetAsync("neutron",
            "/v2.0/security-groups?name=default")).Body!["security_groups"]![0]!["id"]!.GetValue<string>();
        body = body?.Replace("NET", await cloud.NetworkIdAsync()).Replace("GROUP", group);
        var answer = await cloud.SendAsync(method, "neutron", "/v2.0/" + path, body);
        Assert.Equal((status, "NeutronError", message), (answer.Status, answer.ErrorKey, answer.Error));
        Assert.Equal(type, answer.Body!["NeutronError"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_group_has_two_rules_of_its_own_and_takes_more_in_bulk()
    {
        await using var cloud = await Cloud.StartAsync();
        var made = (await cloud.PostAsync("neutron", "/v2.0/security-groups",
            """{"security_group": {"name": "raw", "description": "k2hdkc nodes"}}""")).Body!["security_group"]!;
        Assert.Equal(["egress IPv4", "egress IPv6"],
            made["security_group_rules"]!.AsArray().Select(r => $"{r!["direction"]} {r["ethertype"]}"));
        var id = made["id"]!.GetValue<string>();
        string Rule(int port) =>
            $$$$"""{"security_group_id": "{{{{id}}}}", "direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": {{{{port}}}}, "port_range_max": {{{{port}}}}, "remote_ip_prefix": "10.0.0.0/8"}""";
        var one = await cloud.PostAsync("neutron", "/v2.0/security-group-rules", $$$$"""{"security_group_rule": {{{{Rule(8020)}}}}}""");
        Assert.Equal((201, "10.0.0.0/8"), (one.Status, one.Body!["security_group_rule"]!["normalized_cidr"]!.GetValue<string>()));
        var bulk = await cloud.PostAsync("neutron", "/v2.0/security-group-rules",
            $$$$"""{"security_group_rules": [{{{{Rule(8021)}}}}, {{{{Rule(8022)}}}}]}""");
        Assert.Equal((201, 2), (bulk.Status, bulk.Body!["security_group_rules"]!.AsArray().Count));
        var again = await cloud.PostAsync("neutron", "/v2.0/security-group-rules", $$$$"""{"security_group_rule": {{{{Rule(8020)}}}}}""");
        Assert.Equal((409, $"Security group rule already exists. Rule id is {one.Body["security_group_rule"]!["id"]}."),
            (again.Status, again.Error));
        // One bad rule of a bulk request leaves none of the others behind.
        var half = await cloud.PostAsync("neutron", "/v2.0/security-group-rules",
            $$$$"""{"security_group_rules": [{{{{Rule(8023)}}}}, {{{{Rule(8020)}}}}]}""");
        Assert.Equal(409, half.Status);
        Assert.Equal(5,
            (await cloud.GetAsync(
                "neutron", "/v2.0/security-groups/" + id)).Body!["security_group"]!["security_group_rules"]!.AsArray().Count);
    }

    [Fact]
    public async Task Lists_are_filtered_cut_to_fields_and_paged()
    {
        await using var cloud = await Cloud.StartAsync();
        var found = await cloud.GetAsync("neutron", "/v2.0/security-groups?name=default&fields=id&fields=name");
        Assert.Equal(["id", "name"], Assert.Single(found.Body!["security_groups"]!.AsArray())!.AsObject().Select(m => m.Key));
        Assert.Equal(["public", "private"],
            (await cloud.GetAsync("neutron", "/v2.0/networks?nonsense=1")).Body!["networks"]!.AsArray()
                .Select(n => n!["name"]!.GetValue<string>()));
        Assert.Equal("public",
            Assert.Single((await cloud.GetAsync("neutron",
                "/v2.0/networks?router:external=True")).Body!["networks"]!.AsArray())!["name"]!.GetValue<string>());
        var page = await cloud.GetAsync("neutron", "/v2.0/networks?fields=id&fields=name&limit=1");
        var next = new Uri(page.Body!["networks_links"]![0]!["href"]!.GetValue<string>());
        Assert.Equal("private",
            Assert.Single((await cloud.GetAsync("neutron", next.PathAndQuery)).Body!["networks"]!.AsArray())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_group_stays_in_use_until_its_server_is_really_gone()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = (await cloud.PostAsync("neutron", "/v2.0/security-groups",
            """{"security_group": {"name": "sec"}}""")).Body!["security_group"]!["id"]!.GetValue<string>();
        var server = await cloud.ServerAsync(more: ", \"security_groups\": [{\"name\": \"default\"}, {\"name\": \"sec\"}]");
        async Task<Answer> DeleteAsync() => await cloud.SendAsync("DELETE", "neutron", "/v2.0/security-groups/" + id, (string?)null);
        var used = await DeleteAsync();
        Assert.Equal((409, $"Security Group {id} in use."), (used.Status, used.Error));
        Assert.Equal(204, (await cloud.SendAsync("DELETE", "nova", "/v2.1/servers/" + server, (string?)null)).Status);
        Assert.Equal(409, (await DeleteAsync()).Status);
        await cloud.Host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(204, (await DeleteAsync()).Status);
    }

    [Fact]
    public async Task The_default_group_cannot_be_made_or_removed()
    {
        await using var cloud = await Cloud.StartAsync();
        Assert.Equal(409,
            (await cloud.PostAsync("neutron", "/v2.0/security-groups", """{"security_group": {"name": "default"}}""")).Status);
        var id = (await cloud.GetAsync("neutron",
            "/v2.0/security-groups?name=default")).Body!["security_groups"]![0]!["id"]!.GetValue<string>();
        Assert.Equal(409, (await cloud.SendAsync("DELETE", "neutron", "/v2.0/security-groups/" + id, (string?)null)).Status);
    }

    [Fact]
    public async Task Over_quota_is_409()
    {
        await using var cloud = await Cloud.StartAsync();
        var set = await cloud.SendAsync("PUT", "neutron", "/v2.0/quotas/{project}", """{"quota": {"security_group": 1}}""", user: "admin");
        Assert.Equal("""{"quota":{"network":100,"subnet":100,"subnetpool":-1,"port":500,"router":10,"floatingip":50,"rbac_policy":10,"security_group":1,"security_group_rule":100}}""", set.Text);
        var over = await cloud.PostAsync("neutron", "/v2.0/security-groups", """{"security_group": {"name": "raw2"}}""");
        Assert.Equal((409, "Quota exceeded for resources: ['security_group']."), (over.Status, over.Error));
        Assert.Equal(403,
            (await cloud.SendAsync("PUT", "neutron", "/v2.0/quotas/{project}", """{"quota": {"security_group": 9}}""")).Status);
        Assert.Equal(204, (await cloud.SendAsync("DELETE", "neutron", "/v2.0/quotas/{project}", (string?)null, user: "admin")).Status);
        Assert.Equal(201, (await cloud.PostAsync("neutron", "/v2.0/security-groups", """{"security_group": {"name": "raw2"}}""")).Status);
    }

    [Fact]
    public async Task Ports_hold_addresses_and_networks()
    {
        await using var cloud = await Cloud.StartAsync();
        var network = await cloud.NetworkIdAsync();
        var address = cloud.Host.State.GuestNetwork + ".9";
        var body = $$$"""{"port": {"network_id": "{{{network}}}", "name": "raw", "fixed_ips": [{"ip_address": "{{{address}}}"}]}}""";
        var port = await cloud.PostAsync("neutron", "/v2.0/ports", body);
        Assert.Equal((201, address, "DOWN"),
            (port.Status, port.Body!["port"]!["fixed_ips"]![0]!["ip_address"]!.GetValue<string>(),
                port.Body["port"]!["status"]!.GetValue<string>()));
        var again = await cloud.PostAsync("neutron", "/v2.0/ports", body);
        Assert.Equal(409, again.Status);
        Assert.StartsWith($"IP address {address} already allocated in subnet ", again.Error);
        var inUse = await cloud.SendAsync("DELETE", "neutron", "/v2.0/networks/" + network, (string?)null);
        Assert.Equal((409, "NetworkInUse"), (inUse.Status, inUse.Body!["NeutronError"]!["type"]!.GetValue<string>()));
        var server = await cloud.ServerAsync(more: $$$$""", "networks": [{"port": "{{{{port.Body["port"]!["id"]}}}}"}]""");
        Assert.Equal(address, (await cloud.ShowServerAsync(server))!["addresses"]!["private"]![0]!["addr"]!.GetValue<string>());
        Assert.Equal(404, (await cloud.GetAsync("neutron", "/v2.0/ports/" + port.Body["port"]!["id"], user: "alt")).Status);
    }
}
