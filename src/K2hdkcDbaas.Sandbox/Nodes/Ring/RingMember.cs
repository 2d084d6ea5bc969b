using System.Net;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>One server node of a ring in this process: who it is, what it holds, who is connected to it.</summary>
internal sealed class RingMember
{
    private readonly Lock _sessionGate = new();
    private readonly List<SlaveSession> _sessions = [];
    private SlaveSession[] _snapshot = [];

    public RingMember(NodeDescription description, RingConfiguration configuration, RingNode self, TimeProvider clock)
    {
        Description = description;
        Configuration = configuration;
        Self = self;
        Keys = new KeyOperations(new NodeStore(), clock);
        StartedAt = clock.GetUtcNow();
        Id = NodeIdentity.Compute(configuration.IdType, configuration.Group, self.Name, self.ControlPort, self.Cuk, self.CustomSeed,
            self.ControlEndpoints);
    }

    public NodeDescription Description { get; }

    /// <summary>The configuration that it follows now.</summary>
    public RingConfiguration Configuration { get; set; }

    /// <summary>Its own entry there.</summary>
    public RingNode Self { get; }

    public ulong Id { get; }

    public KeyOperations Keys { get; }

    public DateTimeOffset StartedAt { get; }

    public IPAddress Address => Description.Address;

    /// <summary>Whether its process runs. A stopped member keeps its data for a snapshot.</summary>
    public bool IsRunning { get; set; } = true;

    /// <summary>Its open ports.</summary>
    public NodeListener? Listener { get; set; }

    /// <summary>Whether merging by itself has been suspended here from a control port.</summary>
    public bool HoldsMerges { get; set; }

    /// <summary>Whether it still has to ask for service by itself, as a starting node does.</summary>
    public bool WantsService { get; set; } = true;

    /// <summary>Connections of slaves that have been admitted.</summary>
    public IReadOnlyList<SlaveSession> Sessions => Volatile.Read(ref _snapshot);

    /// <summary>Requests taken and bytes of their payloads, for the control port.</summary>
    public TrafficCount Traffic { get; } = new();

    public void Add(SlaveSession session) => Change(() => _sessions.Add(session));

    public void Remove(SlaveSession session) => Change(() => _sessions.Remove(session));

    /// <summary>The connection that a reply to this slave leaves on: the first one registered with its id, whoever asked.</summary>
    public SlaveSession ReplySession(SlaveSession asked)
    {
        foreach (var session in Sessions)
            if (session.PeerId == asked.PeerId) return session;
        return asked;
    }

    public ServerRecord Record(NodeStatus status, StatusTime time) => RecordOf(Configuration, Self, status, time);

    /// <summary>What a ring knows about a server of its configuration.</summary>
    public static ServerRecord RecordOf(RingConfiguration configuration, RingNode node, NodeStatus status, StatusTime time) => new()
    {
        Id = NodeIdentity.Compute(configuration.IdType, configuration.Group, node.Name, node.ControlPort, node.Cuk, node.CustomSeed,
            node.ControlEndpoints),
        Name = node.Name,
        Port = node.Port,
        ControlPort = node.ControlPort,
        Cuk = node.Cuk,
        CustomSeed = node.CustomSeed,
        Endpoints = node.Endpoints,
        ControlEndpoints = node.ControlEndpoints,
        Status = status,
        StatusTime = time,
        Tls = new ServerTls
        {
            IsEnabled = node.Tls.IsEnabled,
            VerifyPeer = node.Tls.VerifyPeer,
            IsCaFile = node.Tls.CaPath.Length > 0 && !Directory.Exists(node.Tls.CaPath),
            CaPath = node.Tls.CaPath,
            ServerCertificate = node.Tls.ServerCertificate,
            ServerKey = node.Tls.ServerKey,
            SlaveCertificate = node.Tls.SlaveCertificate,
            SlaveKey = node.Tls.SlaveKey,
        },
    };

    private void Change(Action change)
    {
        lock (_sessionGate)
        {
            change();
            Volatile.Write(ref _snapshot, [.. _sessions]);
        }
    }
}

/// <summary>Counts of what a node has taken from slaves and sent to them.</summary>
internal sealed class TrafficCount
{
    private long _received;
    private long _sent;
    private long _bytes;
    private long _least = long.MaxValue;
    private long _most;

    public long Received => Interlocked.Read(ref _received);

    public long Sent => Interlocked.Read(ref _sent);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Least => Interlocked.Read(ref _least) is var least && least == long.MaxValue ? 0 : least;

    public long Most => Interlocked.Read(ref _most);

    public void Count(int payload, bool sent)
    {
        if (sent) Interlocked.Increment(ref _sent);
        else Interlocked.Increment(ref _received);
        Interlocked.Add(ref _bytes, payload);
        // Two threads may lose a new extreme to each other; these are statistics.
        if (payload < Least || Least == 0) Interlocked.Exchange(ref _least, payload);
        if (payload > Most) Interlocked.Exchange(ref _most, payload);
    }
}
