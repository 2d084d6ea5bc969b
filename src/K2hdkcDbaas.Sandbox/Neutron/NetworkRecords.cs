using System.Net;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>What Neutron's resources have in common.</summary>
internal abstract class NetworkResource(string projectId, DateTimeOffset now)
{
    public string Id { get; init; } = Guid.NewGuid().ToString();

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string ProjectId { get; } = projectId;

    public DateTimeOffset Created { get; } = now;

    public DateTimeOffset Updated { get; set; } = now;

    public int Revision { get; set; } = 1;

    public abstract JsonObject ToJson();

    /// <summary>The members that close every resource.</summary>
    protected JsonObject Close(JsonObject body)
    {
        body["description"] = Description;
        body["tags"] = new JsonArray();
        body["created_at"] = Created.Seconds();
        body["updated_at"] = Updated.Seconds();
        body["revision_number"] = Revision;
        body["project_id"] = ProjectId;
        return body;
    }
}

/// <summary>A network.</summary>
internal sealed class Network(string projectId, DateTimeOffset now) : NetworkResource(projectId, now)
{
    public bool Shared { get; init; }

    public bool External { get; init; }

    public bool AdminUp { get; set; } = true;

    public List<Subnet> Subnets { get; } = [];

    public override JsonObject ToJson()
    {
        var body = new JsonObject
        {
            ["id"] = Id,
            ["name"] = Name,
            ["tenant_id"] = ProjectId,
            ["admin_state_up"] = AdminUp,
            ["mtu"] = 1500,
            ["status"] = "ACTIVE",
            ["subnets"] = JsonHttp.Strings(Subnets.Select(s => s.Id)),
            ["shared"] = Shared,
            ["availability_zone_hints"] = new JsonArray(),
            ["availability_zones"] = new JsonArray(),
            ["ipv4_address_scope"] = null,
            ["ipv6_address_scope"] = null,
            ["router:external"] = External,
            ["port_security_enabled"] = true,
        };
        if (External) body["is_default"] = false;
        return Close(body);
    }
}

/// <summary>An IPv4 subnet.</summary>
internal sealed class Subnet(string projectId, DateTimeOffset now, Network network, IPNetwork range) : NetworkResource(projectId, now)
{
    public Network Network { get; } = network;

    public IPNetwork Range { get; } = range;

    public JsonArray NameServers { get; init; } = [];

    public string Gateway => At(1);

    public IEnumerable<string> Pool => Enumerable.Range(2, Size - 3).Select(At);

    private int Size => 1 << Math.Min(16, 32 - Range.PrefixLength);

    public override JsonObject ToJson() => Close(new JsonObject
    {
        ["id"] = Id,
        ["name"] = Name,
        ["tenant_id"] = ProjectId,
        ["network_id"] = Network.Id,
        ["ip_version"] = 4,
        ["subnetpool_id"] = null,
        ["enable_dhcp"] = true,
        ["ipv6_ra_mode"] = null,
        ["ipv6_address_mode"] = null,
        ["gateway_ip"] = Gateway,
        ["cidr"] = Range.ToString(),
        ["allocation_pools"] = new JsonArray(new JsonObject { ["start"] = At(2), ["end"] = At(Size - 2) }),
        ["host_routes"] = new JsonArray(),
        ["dns_nameservers"] = NameServers.DeepClone(),
        ["service_types"] = new JsonArray(),
    });

    private string At(int offset)
    {
        var bytes = Range.BaseAddress.GetAddressBytes();
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)offset;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes).ToString();
    }
}

/// <summary>A port: one address of one device.</summary>
internal sealed class Port(string projectId, DateTimeOffset now, Network network) : NetworkResource(projectId, now)
{
    public Network Network { get; } = network;

    public Subnet? Subnet { get; init; }

    public string? Address { get; init; }

    public required string Mac { get; init; }

    public string DeviceId { get; set; } = "";

    public string DeviceOwner { get; set; } = "";

    public string Status { get; set; } = "DOWN";

    public List<SecurityGroup> Groups { get; set; } = [];

    /// <summary>True for a port that Nova made, and so deletes with its server.</summary>
    public bool MadeByNova { get; init; }

    public JsonArray FixedIps => Subnet is null ? [] : [new JsonObject { ["subnet_id"] = Subnet.Id, ["ip_address"] = Address }];

    public override JsonObject ToJson() => Close(new JsonObject
    {
        ["id"] = Id,
        ["name"] = Name,
        ["network_id"] = Network.Id,
        ["tenant_id"] = ProjectId,
        ["mac_address"] = Mac,
        ["admin_state_up"] = true,
        ["status"] = Status,
        ["device_id"] = DeviceId,
        ["device_owner"] = DeviceOwner,
        ["fixed_ips"] = FixedIps,
        ["allowed_address_pairs"] = new JsonArray(),
        ["extra_dhcp_opts"] = new JsonArray(),
        ["security_groups"] = JsonHttp.Strings(Groups.Select(g => g.Id)),
        ["binding:vnic_type"] = "normal",
        ["port_security_enabled"] = true,
    });
}

/// <summary>A security group.</summary>
internal sealed class SecurityGroup(string projectId, DateTimeOffset now) : NetworkResource(projectId, now)
{
    public List<SecurityGroupRule> Rules { get; } = [];

    public override JsonObject ToJson() => Close(new JsonObject
    {
        ["id"] = Id,
        ["name"] = Name,
        ["stateful"] = true,
        ["tenant_id"] = ProjectId,
        ["shared"] = false,
        ["security_group_rules"] = JsonHttp.ToArray(Rules, r => r.ToJsonInGroup()),
    });
}

/// <summary>A rule of a security group.</summary>
internal sealed class SecurityGroupRule(string projectId, DateTimeOffset now, string groupId) : NetworkResource(projectId, now)
{
    public string GroupId { get; } = groupId;

    public required string Direction { get; init; }

    public string Ethertype { get; init; } = "IPv4";

    public string? Protocol { get; init; }

    public int? PortMin { get; init; }

    public int? PortMax { get; init; }

    public string? RemotePrefix { get; init; }

    public string? RemoteGroup { get; init; }

    public int AttributeId { get; init; }

    /// <summary>True for the rules that come with a group: their description is null, not empty.</summary>
    public bool BuiltIn { get; init; }

    public bool SameAs(SecurityGroupRule other) =>
        (Direction, Ethertype, Protocol, PortMin, PortMax, RemotePrefix, RemoteGroup)
        == (other.Direction, other.Ethertype, other.Protocol, other.PortMin, other.PortMax, other.RemotePrefix, other.RemoteGroup);

    public override JsonObject ToJson()
    {
        var body = Close(new JsonObject
        {
            ["id"] = Id,
            ["tenant_id"] = ProjectId,
            ["security_group_id"] = GroupId,
            ["ethertype"] = Ethertype,
            ["direction"] = Direction,
            ["protocol"] = Protocol,
            ["port_range_min"] = PortMin,
            ["port_range_max"] = PortMax,
            ["remote_ip_prefix"] = RemotePrefix,
            ["remote_address_group_id"] = null,
            ["normalized_cidr"] = RemotePrefix,
            ["remote_group_id"] = RemoteGroup,
        });
        body.Remove("tags");
        if (BuiltIn) body["description"] = null;
        body["revision_number"] = 0;
        return body;
    }

    public JsonObject ToJsonInGroup()
    {
        var body = ToJson();
        body["standard_attr_id"] = AttributeId;
        body["tags"] = new JsonArray();
        return body;
    }
}
