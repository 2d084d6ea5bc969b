using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>The server nodes of a ring, as far as they are registered.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Servers">The nodes, each with its address.</param>
/// <param name="Ports">The ports that the configuration names.</param>
public sealed record RingMembers(string Cluster, IReadOnlyList<ClusterNode> Servers, ClusterPorts Ports)
{
    /// <summary>The ring as a configuration names it. How ids are made and how many copies there are, the nodes themselves tell.</summary>
    internal RingConfiguration ToConfiguration() => Equipped ?? new() { Group = Cluster, Servers = [.. Servers.Select(ToNode)] };

    /// <summary>
    /// The ring with all that this host needs to reach it, where its back end gives such; null for what the nodes' addresses and ports say.
    /// </summary>
    internal RingConfiguration? Equipped { get; init; }

    internal RingNode ToNode(ClusterNode node) => Equipped?.Servers.FirstOrDefault(s => s.Name == node.IPAddress) ?? new()
    {
        Name = node.IPAddress ?? "",
        Port = Ports.Server,
        ControlPort = Ports.ServerControl,
        Cuk = node.Cuk ?? "",
        CustomSeed = node.Tag ?? "",
    };
}
