using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Neutron;

/// <summary>Neutron v2.0.</summary>
public sealed class NetworkClient
{
    internal NetworkClient(HttpClient way)
    {
        Networks = HttpConnection.Service<INetworks>(way, NetworkJson.Bodies);
        SecurityGroups = HttpConnection.Service<ISecurityGroups>(way, NetworkJson.Bodies);
    }

    /// <summary>Networks and ports.</summary>
    internal INetworks Networks { get; }

    /// <summary>Security groups and their rules.</summary>
    internal ISecurityGroups SecurityGroups { get; }
}

/// <summary>Neutron's networks and ports (Networking API reference, "Networks" and "Ports").</summary>
internal interface INetworks
{
    /// <summary>A page of the networks that the project sees.</summary>
    /// <param name="name">The exact name; null for all.</param>
    /// <param name="marker">The id of the last network of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/networks")]
    Task<NetworksReply> ListPageAsync([Query] string? name, [Query] string? marker, CancellationToken cancellationToken);

    /// <summary>A network by its id.</summary>
    /// <param name="id">The network's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/networks/{id}")]
    Task<Network> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>A page of ports.</summary>
    /// <param name="deviceId">The id of the server that uses them; null for all.</param>
    /// <param name="securityGroups">The id of a security group that they have; null for all. Older releases do not know this filter, and
    /// tell all.</param>
    /// <param name="marker">The id of the last port of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/ports")]
    Task<PortsReply> ListPortsPageAsync([Query, AliasAs("device_id")] string? deviceId,
        [Query, AliasAs("security_groups")] string? securityGroups,
        [Query] string? marker, CancellationToken cancellationToken);

    /// <summary>The networks that the project sees.</summary>
    /// <param name="name">The exact name; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<Network> ListAsync(string? name, CancellationToken cancellationToken) =>
        Pages.AllAsync("neutron", (marker, ct) => ListPageAsync(name, marker, ct), p => p.Networks, p => LinkBody.Next(p.NetworksLinks),
            cancellationToken);

    /// <summary>The ports that use a server.</summary>
    /// <param name="deviceId">The server's id.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<Port> ListPortsAsync(string deviceId, CancellationToken cancellationToken) =>
        Pages.AllAsync("neutron", (marker, ct) => ListPortsPageAsync(deviceId, null, marker, ct), p => p.Ports,
            p => LinkBody.Next(p.PortsLinks), cancellationToken);

    /// <summary>The ports that have a security group.</summary>
    /// <param name="groupId">The group's id.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<Port> ListPortsOfGroupAsync(string groupId, CancellationToken cancellationToken) =>
        Pages.AllAsync("neutron", (marker, ct) => ListPortsPageAsync(null, groupId, marker, ct), p => p.Ports,
            p => LinkBody.Next(p.PortsLinks), cancellationToken)
            .Where(p => p.SecurityGroups.Contains(groupId));
}
