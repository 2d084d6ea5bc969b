using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>/v2.0/networks, /v2.0/subnets and /v2.0/ports.</summary>
internal sealed class NetworkRoutes(SandboxState state)
{
    private static readonly string[] NetworkAttributes =
    [
        "name", "admin_state_up", "shared", "description", "tenant_id", "project_id", "mtu", "port_security_enabled", "router:external",
        "availability_zone_hints", "provider:network_type", "provider:physical_network", "provider:segmentation_id",
    ];
    private static readonly string[] SubnetAttributes =
    [
        "name", "network_id", "ip_version", "cidr", "gateway_ip", "enable_dhcp", "allocation_pools", "dns_nameservers", "host_routes",
        "description",
        "tenant_id", "project_id",
    ];
    private static readonly string[] PortAttributes =
    [
        "name", "network_id", "admin_state_up", "fixed_ips", "security_groups", "description", "device_id", "device_owner", "tenant_id",
        "project_id",
        "mac_address", "port_security_enabled", "binding:vnic_type", "allowed_address_pairs", "extra_dhcp_opts",
    ];

    private NetworkStore Store => state.Network;

    public void Map(IEndpointRouteBuilder routes)
    {
        Resource(routes, "network", t => Store.Visible(t), "Network {0} could not be found.");
        Resource(routes, "subnet", t => Store.Subnets.Where(s => Store.Visible(t).Contains(s.Network)), "Subnet {0} could not be found.");
        Resource(routes, "port", Ports, "Port {0} could not be found.");
        routes.MapPost("/v2.0/networks", CreateNetworkAsync);
        routes.MapPost("/v2.0/subnets", CreateSubnetAsync);
        routes.MapPost("/v2.0/ports", CreatePortAsync);
        routes.MapDelete("/v2.0/networks/{id}", context => Delete(context, "Network", t => Own(t, Store.Networks), network =>
        {
            var ports = Store.Ports.Where(p => p.Network == network).Select(p => p.Id).ToList();
            if (ports.Count > 0)
                throw new ApiFault(409,
                    $"Unable to complete operation on network {network.Id}. There are one or more ports still in use on the network, id "
                        + $"for these ports is: {string.Join(',', ports)}.", "NetworkInUse");
            Store.Networks.Remove(network);
            Store.Subnets.RemoveAll(s => s.Network == network);
        }));
        routes.MapDelete("/v2.0/subnets/{id}", context => Delete(context, "Subnet", t => Own(t, Store.Subnets), subnet =>
        {
            if (Store.Ports.Exists(p => p.Subnet == subnet))
                throw new ApiFault(409,
                    $"Unable to complete operation on subnet {subnet.Id}: One or more ports have an IP allocation from this subnet.",
                    "SubnetInUse");
            subnet.Network.Subnets.Remove(subnet);
            Store.Subnets.Remove(subnet);
        }));
        routes.MapDelete("/v2.0/ports/{id}", context => Delete(context, "Port", Ports, port => Store.Ports.Remove(port)));
    }

    private void Resource<T>(IEndpointRouteBuilder routes, string singular, Func<Token, IEnumerable<T>> visible, string unknown)
        where T : NetworkResource
    {
        routes.MapGet($"/v2.0/{singular}s", context =>
        {
            var (token, _) = context.Member(state);
            lock (state.Gate) return context.WriteJsonAsync(200,
                NeutronList.Answer(context, singular + "s", visible(token).Select(r => r.ToJson())));
        });
        routes.MapGet($"/v2.0/{singular}s/{{id}}", context =>
        {
            var (token, _) = context.Member(state);
            var id = context.Route("id");
            lock (state.Gate)
            {
                var found = visible(token).FirstOrDefault(r => r.Id == id)
                    ?? throw new ApiFault(404,
                        unknown.Replace("{0}", id, StringComparison.Ordinal),
                        char.ToUpperInvariant(singular[0]) + singular[1..] + "NotFound");
                return context.WriteJsonAsync(200, new JsonObject { [singular] = NeutronList.Chosen(context, found.ToJson()) });
            }
        });
    }

    private IEnumerable<Port> Ports(Token token) => Own(token, Store.Ports);

    private static IEnumerable<T> Own<T>(Token token, IEnumerable<T> all)
        where T : NetworkResource => all.Where(r => token.IsAdmin || r.ProjectId == token.Project?.Id);

    private Task Delete<T>(HttpContext context, string kind, Func<Token, IEnumerable<T>> visible, Action<T> remove)
        where T : NetworkResource
    {
        var (token, _) = context.Member(state);
        var id = context.Route("id");
        lock (state.Gate)
        {
            // What a project sees and does not own is 403, what it does not see is 404.
            if (visible(token).FirstOrDefault(r => r.Id == id) is not { } found)
            {
                throw Store.Visible(token).Any(n => n.Id == id)
                    ? new ApiFault(403, "rule:delete_network is disallowed by policy")
                    : new ApiFault(404, $"{kind} {id} could not be found.", kind + "NotFound");
            }
            remove(found);
        }
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task CreateNetworkAsync(HttpContext context)
    {
        var (token, project) = context.Member(state);
        var (items, bulk) = await NeutronBody.ReadAsync(context, "network", "networks", NetworkAttributes).ConfigureAwait(false);
        foreach (var item in items)
        {
            var special = item.Select(m => m.Key).Where(k => k.StartsWith("provider:", StringComparison.Ordinal)).ToList();
            if (special.Count > 0 && !token.IsAdmin)
            {
                var rule = special.Aggregate("rule:create_network", (all, name) => $"({all} and rule:create_network:{name})");
                throw new ApiFault(403, rule + " is disallowed by policy");
            }
        }
        List<Network> made = [];
        lock (state.Gate)
        {
            Store.Charge(project, "network", items.Count);
            foreach (var item in items) made.Add(Store.AddNetwork(project, item.Text("name")));
        }
        await NeutronBody.AnswerAsync(context, 201, "network", "networks", made, bulk).ConfigureAwait(false);
    }

    private async Task CreateSubnetAsync(HttpContext context)
    {
        var (token, project) = context.Member(state);
        var (items, bulk) = await NeutronBody.ReadAsync(context, "subnet", "subnets", SubnetAttributes).ConfigureAwait(false);
        List<Subnet> made = [];
        lock (state.Gate)
        {
            Store.Charge(project, "subnet", items.Count);
            foreach (var item in items)
            {
                var cidr = item.Required("cidr");
                if (!IPNetwork.TryParse(cidr, out var range) || range.BaseAddress.AddressFamily != AddressFamily.InterNetwork
                    || range.PrefixLength > 30)
                    throw new ApiFault(400, $"Invalid input for operation: {cidr} is not in a CIDR format.", "InvalidInput");
                var network = Network(token, item.Required("network_id"));
                if (network.Subnets.Exists(s => s.Range.Contains(range.BaseAddress) || range.Contains(s.Range.BaseAddress)))
                    throw new ApiFault(400,
                        $"Invalid input for operation: Requested subnet with cidr: {cidr} for network: {network.Id} overlaps with another "
                            + $"subnet.", "InvalidInput");
                made.Add(Store.AddSubnet(network, project, item.Text("name"), range, item["dns_nameservers"]?.DeepClone() as JsonArray));
            }
        }
        await NeutronBody.AnswerAsync(context, 201, "subnet", "subnets", made, bulk).ConfigureAwait(false);
    }

    private async Task CreatePortAsync(HttpContext context)
    {
        var (token, project) = context.Member(state);
        var (items, bulk) = await NeutronBody.ReadAsync(context, "port", "ports", PortAttributes).ConfigureAwait(false);
        List<Port> made = [];
        lock (state.Gate)
        {
            foreach (var item in items)
            {
                var network = Network(token, item.Required("network_id"));
                var groups = item["security_groups"] is JsonArray named
                    ? named.Select(n => Store.Groups.Find(g => g.Id == n.AsText() && g.ProjectId == project)
                        ?? throw new ApiFault(404, $"Security group {n.AsText()} does not exist", "SecurityGroupNotFound")).ToList()
                    : [Store.DefaultGroup(project)];
                var wanted = (item["fixed_ips"] as JsonArray)?.Select(f => f.Get("ip_address").AsText()).FirstOrDefault(a => a is not null);
                var port = Store.AddPort(project, network, item.Text("name"), wanted, groups);
                port.Description = item.Text("description");
                port.DeviceId = item.Text("device_id");
                port.DeviceOwner = item.Text("device_owner");
                made.Add(port);
            }
        }
        await NeutronBody.AnswerAsync(context, 201, "port", "ports", made, bulk).ConfigureAwait(false);
    }

    private Network Network(Token token, string id) =>
        Store.Visible(token).FirstOrDefault(n => n.Id == id)
            ?? throw new ApiFault(404, $"Network {id} could not be found.", "NetworkNotFound");
}
