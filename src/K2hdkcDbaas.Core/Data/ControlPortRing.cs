using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Data;

/// <summary>
/// A ring of which only a server is known: its control port tells the rest. What an exchange between nodes never says (how ids are made,
/// how keys are spread, how many copies there are) stands in the port's DUMP.
/// </summary>
/// <param name="servers">Servers with their control ports; the first that answers is enough.</param>
/// <param name="time">Where waits take the time from.</param>
public sealed class ControlPortRing(IReadOnlyList<HostPort> servers, TimeProvider time) : IRingSource
{
    /// <summary>The control port of a cluster's servers unless its configuration says otherwise.</summary>
    public const int DefaultControlPort = 8021;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public string Name => string.Join(',', servers);

    /// <inheritdoc/>
    public string? FilePath => null;

    /// <summary>Reads <c>host</c> or <c>host:controlport</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.InvalidRequest"/>.</exception>
    public static HostPort Parse(string text)
    {
        if (HostPort.TryParse(text, out var server) && server.Host.Length > 0)
            return server.Port > 0 ? server : server with { Port = DefaultControlPort };
        throw new DbaasException(
            ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"'{text}' names no server.",
            $"Give host:controlport, or the host alone when its control port is {DefaultControlPort}.")
        { Target = text };
    }

    /// <inheritdoc/>
    /// <exception cref="DbaasException">No server answers (<see cref="Client.K2hdkcErrors.ControlPortFailed"/>).</exception>
    public async Task<RingConfiguration> ReadAsync(CancellationToken cancellationToken)
    {
        DbaasException? last = null;
        foreach (var server in servers)
        {
            try
            {
                return await AskAsync(server, cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException fault) when (fault.IsTransient || fault.Kind == ErrorKind.Forbidden)
            {
                last = fault;
            }
        }

        throw last ?? new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "No server is given.",
            "Give one as host:controlport.");
    }

    private async Task<RingConfiguration> AskAsync(HostPort server, CancellationToken cancellationToken)
    {
        var port = new ControlPortClient(server, Limit, time);
        var self = await port.GetSelfStatusAsync(cancellationToken).ConfigureAwait(false);
        var all = await port.GetAllStatusAsync(cancellationToken).ConfigureAwait(false);
        var dump = DumpFacts.Read(await port.DumpAsync(cancellationToken).ConfigureAwait(false));
        return new RingConfiguration
        {
            Group = self.Group,
            IdType = dump.IdType ?? GuessIdType(self),
            DeliveryMode = dump.IsRandom ? DeliveryMode.Random : DeliveryMode.Hash,
            // Unknown, none is safe: a copy looked for where there is none would make a key seem missing.
            Replicas = dump.Replicas ?? 0,
            Servers = [.. all.Servers.Select(s => Node(s, server, s.Id == self.Id))],
        };
    }

    private static RingNode Node(ServerRecord record, HostPort asked, bool isAsked) => new()
    {
        Name = record.Name,
        Port = record.Port,
        ControlPort = record.ControlPort,
        Cuk = record.Cuk,
        CustomSeed = record.CustomSeed,
        // A server that was reached by another name or address than its own is reached so again: that one, not the others of its port.
        Endpoints = isAsked && record.Endpoints.Count == 0 && record.ControlPort == asked.Port && record.Port > 0
            && record.Name != asked.Host
            ? [asked with { Port = record.Port }, new HostPort(record.Name, record.Port)]
            : record.Endpoints,
        ControlEndpoints = record.ControlEndpoints,
        Tls = new TlsSettings { IsEnabled = record.Tls.IsEnabled, VerifyPeer = record.Tls.VerifyPeer },
    };

    // The server's id follows from its name, port, CUK or seed: the way that gives it is the ring's.
    private static NodeIdType GuessIdType(NodeSelfStatus self)
    {
        if (self.Cuk.Length > 0 && Id(NodeIdType.Cuk) == self.Id) return NodeIdType.Cuk;
        if (self.CustomSeed.Length > 0 && Id(NodeIdType.Custom) == self.Id) return NodeIdType.Custom;
        return NodeIdType.Name;

        ulong Id(NodeIdType way) => NodeIdentity.Compute(way, self.Group, self.Name, self.ControlPort, self.Cuk, self.CustomSeed);
    }
}
