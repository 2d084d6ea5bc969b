using System.Net;
using System.Security.Cryptography;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>Neutron's networks, ports and security groups. Callers hold <see cref="SandboxState.Gate"/>.</summary>
internal sealed class NetworkStore
{
    private readonly SandboxState _state;
    private readonly Dictionary<string, Dictionary<string, int>> _quotas = new(StringComparer.Ordinal);
    private int _attribute = 10;

    public NetworkStore(SandboxState state)
    {
        _state = state;
        var admin = state.Identity.FindProject("admin")!.Id;
        AddNetwork(admin, "public", IPNetwork.Parse("203.0.113.0/24"), external: true);
        // One loopback /24, shared out so that no two projects' guests have the same address.
        AddNetwork(state.Identity.FindProject("demo")!.Id, "private", IPNetwork.Parse(state.GuestNetwork + ".0/25"));
        AddNetwork(state.Identity.FindProject("alt")!.Id, "private", IPNetwork.Parse(state.GuestNetwork + ".128/26"));
        AddNetwork(admin, "private", IPNetwork.Parse(state.GuestNetwork + ".192/26"));
    }

    public static IReadOnlyDictionary<string, int> DefaultQuotas { get; } = new Dictionary<string, int>
    {
        ["network"] = 100,
        ["subnet"] = 100,
        ["subnetpool"] = -1,
        ["port"] = 500,
        ["router"] = 10,
        ["floatingip"] = 50,
        ["rbac_policy"] = 10,
        ["security_group"] = 10,
        ["security_group_rule"] = 100,
    };

    public List<Network> Networks { get; } = [];

    public List<Subnet> Subnets { get; } = [];

    public List<Port> Ports { get; } = [];

    public List<SecurityGroup> Groups { get; } = [];

    public Dictionary<string, int> Quotas(string projectId)
    {
        if (!_quotas.TryGetValue(projectId, out var quotas)) _quotas[projectId] = quotas = new Dictionary<string, int>(DefaultQuotas);
        return quotas;
    }

    public void ResetQuotas(string projectId) => _quotas.Remove(projectId);

    /// <summary>Refuses what would go over a quota, as Neutron does: 409 OverQuota.</summary>
    public void Charge(string projectId, string resource, int wanted)
    {
        var used = resource switch
        {
            "network" => Networks.Count(n => n.ProjectId == projectId),
            "subnet" => Subnets.Count(s => s.ProjectId == projectId),
            "port" => Ports.Count(p => p.ProjectId == projectId),
            "security_group" => Groups.Count(g => g.ProjectId == projectId),
            _ => Groups.Where(g => g.ProjectId == projectId).Sum(g => g.Rules.Count),
        };
        if (Quotas(projectId)[resource] is >= 0 and var limit && used + wanted > limit)
            throw new ApiFault(409, $"Quota exceeded for resources: ['{resource}'].", "OverQuota");
    }

    /// <summary>Networks that a project sees: its own, shared and external ones.</summary>
    public IEnumerable<Network> Visible(Token token) =>
        Networks.Where(n => token.IsAdmin || n.ProjectId == token.Project?.Id || n.Shared || n.External);

    /// <summary>Networks that Nova takes for a server that names none: the project's own and shared ones, not external ones.</summary>
    public IEnumerable<Network> ForServers(string projectId) =>
        Networks.Where(n => (n.ProjectId == projectId && !n.External) || n.Shared);

    /// <summary>The project's default group, made at first sight as Neutron does.</summary>
    public SecurityGroup DefaultGroup(string projectId)
    {
        var group = Groups.Find(g => g.ProjectId == projectId && g.Name == "default");
        if (group is not null) return group;
        group = NewGroup(projectId, "default", "Default security group");
        foreach (var ethertype in new[] { "IPv4", "IPv6" })
            group.Rules.Add(NewRule(group, "ingress", ethertype, remoteGroup: group.Id));
        return group;
    }

    public SecurityGroup NewGroup(string projectId, string name, string description)
    {
        var group = new SecurityGroup(projectId, _state.Now) { Name = name, Description = description };
        group.Rules.Add(NewRule(group, "egress", "IPv4"));
        group.Rules.Add(NewRule(group, "egress", "IPv6"));
        Groups.Add(group);
        return group;
    }

    public int NextAttribute() => ++_attribute;

    public Network AddNetwork(string projectId, string name, IPNetwork? range = null, bool external = false)
    {
        var network = new Network(projectId, _state.Now) { Name = name, External = external };
        Networks.Add(network);
        if (range is { } cidr) AddSubnet(network, projectId, name + "-v4", cidr);
        return network;
    }

    public Subnet AddSubnet(Network network, string projectId, string name, IPNetwork range,
        System.Text.Json.Nodes.JsonArray? nameServers = null)
    {
        var subnet = new Subnet(projectId, _state.Now, network, range) { Name = name, NameServers = nameServers ?? [] };
        network.Subnets.Add(subnet);
        network.Revision++;
        Subnets.Add(subnet);
        return subnet;
    }

    /// <summary>Makes a port with the wanted or a free address.</summary>
    public Port AddPort(string projectId, Network network, string name, string? wanted, List<SecurityGroup> groups, bool madeByNova = false)
    {
        Charge(projectId, "port", 1);
        var subnet = network.Subnets.FirstOrDefault(
            s => wanted is null || (IPAddress.TryParse(wanted, out var ip) && s.Range.Contains(ip)));
        if (subnet is null && wanted is not null)
            throw new ApiFault(400, $"IP address {wanted} is not a valid IP for any of the subnets on the specified network.",
                "InvalidIpForNetwork");
        var address = subnet is null ? null : wanted ?? Free(subnet);
        if (wanted is not null && Ports.Exists(p => p.Subnet == subnet && p.Address == wanted))
            throw new ApiFault(409, $"IP address {wanted} already allocated in subnet {subnet!.Id}", "IpAddressAlreadyAllocated");
        var mac = RandomNumberGenerator.GetBytes(3);
        var port = new Port(projectId, _state.Now, network)
        {
            Name = name,
            Subnet = subnet,
            Address = address,
            Mac = $"fa:16:3e:{mac[0]:x2}:{mac[1]:x2}:{mac[2]:x2}",
            Groups = groups,
            MadeByNova = madeByNova,
        };
        Ports.Add(port);
        return port;
    }

    private string Free(Subnet subnet)
    {
        var taken = Ports.Where(p => p.Subnet == subnet).Select(p => p.Address).ToHashSet();
        return subnet.Pool.FirstOrDefault(a => !taken.Contains(a))
            ?? throw new ApiFault(409, $"No more IP addresses available on network {subnet.Network.Id}.", "IpAddressGenerationFailure");
    }

    private SecurityGroupRule NewRule(SecurityGroup group, string direction, string ethertype, string? remoteGroup = null) =>
        new(group.ProjectId, _state.Now, group.Id)
        {
            Direction = direction,
            Ethertype = ethertype,
            RemoteGroup = remoteGroup,
            AttributeId = NextAttribute(),
            BuiltIn = true,
        };
}
