using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>How to reach one server: where to dial, with what TLS settings, and which ids it may have.</summary>
internal sealed record ServerAddress(string Display, IReadOnlyList<HostPort> Addresses, TlsSettings Tls)
{
    /// <summary>The server's id where it is known; else null.</summary>
    public ulong? Id { get; init; }

    /// <summary>Ids that follow from the configuration, best first.</summary>
    public IReadOnlyList<ulong> LikelyIds { get; init; } = [];

    /// <summary>Where to ask the server for its id.</summary>
    public HostPort Control { get; init; } = HostPort.Empty;

    /// <summary>The address of a server as the configuration gives it.</summary>
    public static ServerAddress From(RingConfiguration configuration, RingNode node)
    {
        var ids = new List<ulong>();
        var missesSeed =
            configuration.IdType switch
            {
                NodeIdType.Cuk => node.Cuk.Length == 0,
                NodeIdType.Custom => node.CustomSeed.Length == 0,
                _ =>
                false
            };
        if (!missesSeed)
            ids.Add(NodeIdentity.Compute(configuration.IdType, configuration.Group, node.Name, node.ControlPort, node.Cuk, node.CustomSeed,
                node.ControlEndpoints));
        var address = new HostPort(node.Name, node.Port);
        return new ServerAddress(address.ToString(), [.. node.Endpoints.Where(e => e.Port > 0), address], node.Tls)
        {
            LikelyIds = ids,
            Control = new HostPort(node.Name, node.ControlPort),
        };
    }

    /// <summary>
    /// The address of a server as the ring tells it. Whether it speaks TLS is the ring's word; certificates and authorities are this
    /// host's.
    /// </summary>
    public static ServerAddress From(RingConfiguration configuration, ServerRecord record)
    {
        var node = configuration.Servers.FirstOrDefault(
            s => s.Port == record.Port && s.ControlPort == record.ControlPort && s.Name == record.Name)
            ?? configuration.Servers.FirstOrDefault(
                s => s.Port == record.Port && s.CustomSeed.Length > 0 && s.CustomSeed == record.CustomSeed)
            ?? configuration.Servers.FirstOrDefault(s => s.Port == record.Port && s.ControlPort == record.ControlPort);
        var tls = (node?.Tls ?? configuration.Tls) with { IsEnabled = record.Tls.IsEnabled, VerifyPeer = record.Tls.VerifyPeer };
        if (tls.CaPath.Length == 0 && tls.SlaveCertificate.Length == 0)
        {
            // A server that joined after this configuration was made: its fellows' settings serve it too.
            var fellow = configuration.Servers.FirstOrDefault(s => s.Tls.CaPath.Length > 0 || s.Tls.SlaveCertificate.Length > 0)?.Tls;
            if (fellow is not null) tls = fellow with { IsEnabled = tls.IsEnabled, VerifyPeer = tls.VerifyPeer };
        }

        var address = new HostPort(record.Name, record.Port);
        var addresses = record.Endpoints.Where(e => e.Port > 0).Append(address).ToList();
        // The ring's name for a server need not resolve here; the configuration's may.
        if (node is not null && node.Name != record.Name) addresses.Add(new HostPort(node.Name, node.Port));
        return new ServerAddress(address.ToString(), addresses, tls)
        {
            Id = record.Id,
            LikelyIds = [record.Id],
            Control = new HostPort(record.Name, record.ControlPort)
        };
    }
}
