using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>Neutron v2.0.</summary>
public sealed class NetworkClient
{
    private readonly ServiceEndpoint _neutron;

    internal NetworkClient(ServiceEndpoint neutron)
    {
        _neutron = neutron;
        SecurityGroups = new SecurityGroupsClient(neutron);
    }

    /// <summary>Security groups and their rules.</summary>
    public SecurityGroupsClient SecurityGroups { get; }

    /// <summary>The networks that the project sees (/v2.0/networks).</summary>
    /// <param name="name">The exact name; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Network> ListNetworksAsync(string? name, CancellationToken cancellationToken) =>
        _neutron.ListAsync("/networks" + (name is null ? "" : "?name=" + Uri.EscapeDataString(name)), NetworkJson.Default.NetworksReply, p => p.Networks, p => LinkBody.Next(p.NetworksLinks), cancellationToken);

    /// <summary>A network by its id.</summary>
    /// <param name="id">The network's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<Network> GetNetworkAsync(string id, CancellationToken cancellationToken) =>
        (await _neutron.GetAsync("/networks/" + ServiceEndpoint.Segment(id, "network"), NetworkJson.Default.NetworkReply, cancellationToken).ConfigureAwait(false)).Network;

    /// <summary>The ports that use a server (/v2.0/ports).</summary>
    /// <param name="deviceId">The server's id.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Port> ListPortsAsync(string deviceId, CancellationToken cancellationToken) =>
        _neutron.ListAsync("/ports?device_id=" + Uri.EscapeDataString(deviceId), NetworkJson.Default.PortsReply, p => p.Ports, p => LinkBody.Next(p.PortsLinks), cancellationToken);

    /// <summary>The ports that have a security group.</summary>
    /// <param name="groupId">The group's id.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Port> ListPortsOfGroupAsync(string groupId, CancellationToken cancellationToken) =>
        _neutron.ListAsync("/ports?security_groups=" + Uri.EscapeDataString(groupId), NetworkJson.Default.PortsReply, p => p.Ports, p => LinkBody.Next(p.PortsLinks), cancellationToken)
            .Where(p => p.SecurityGroups.Contains(groupId));
}

/// <summary>A network of Neutron.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record Network(string Id, string Name)
{
    /// <summary>ACTIVE, DOWN, BUILD or ERROR.</summary>
    public string? Status { get; init; }

    /// <summary>Whether other projects see it.</summary>
    public bool Shared { get; init; }

    /// <summary>Whether it leads outside; servers are seldom plugged into such.</summary>
    [JsonPropertyName("router:external")]
    public bool IsExternal { get; init; }

    /// <summary>Whether it is switched on.</summary>
    public bool AdminStateUp { get; init; } = true;

    /// <summary>The largest packet, bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>The ids of its subnets; a server needs one at least.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>The id of the owning project.</summary>
    public string? ProjectId { get; init; }
}

/// <summary>A plug of a server in a network.</summary>
/// <param name="Id">Its id.</param>
public sealed record Port(string Id)
{
    /// <summary>The network's id.</summary>
    public string? NetworkId { get; init; }

    /// <summary>The server's id; empty for none.</summary>
    public string? DeviceId { get; init; }

    /// <summary>ACTIVE, DOWN or BUILD.</summary>
    public string? Status { get; init; }

    /// <summary>The ids of its security groups.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>Its addresses.</summary>
    public IReadOnlyList<FixedIp> FixedIps { get; init; } = [];
}

/// <summary>An address of a port.</summary>
/// <param name="IpAddress">The address.</param>
public sealed record FixedIp(string IpAddress)
{
    /// <summary>The id of its subnet.</summary>
    public string? SubnetId { get; init; }
}
