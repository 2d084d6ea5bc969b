using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Model;

/// <summary>What a client is doing.</summary>
public enum ClientState
{
    /// <summary>It is joining the ring for the first time.</summary>
    Connecting,

    /// <summary>It is connected to every server that is up.</summary>
    Connected,

    /// <summary>It is connected to some of the servers that are up and dials the others.</summary>
    Degraded,

    /// <summary>It has lost all servers and dials them again and again.</summary>
    Disconnected,

    /// <summary>It is closed, by its owner or by a failure that dialling cannot mend.</summary>
    Closed,
}

/// <summary>The ring as a client knew it at one moment.</summary>
/// <param name="Group">The ring's name.</param>
/// <param name="State">What the client is doing.</param>
/// <param name="Servers">The servers in ring order.</param>
public sealed record RingSnapshot(string Group, ClientState State, IReadOnlyList<RingServer> Servers)
{
    /// <summary>How keys are spread.</summary>
    public DeliveryMode DeliveryMode { get; init; }

    /// <summary>Copies of a key beside the first.</summary>
    public int Replicas { get; init; }

    /// <summary>Data is being moved between servers.</summary>
    public bool IsMerging { get; init; }

    /// <summary>This client's id in the ring; 0 for the native client.</summary>
    public ulong ClientId { get; init; }
}

/// <summary>One server of a snapshot.</summary>
/// <param name="Record">What the ring says of it.</param>
/// <param name="IsConnected">Whether this client has a connection to it.</param>
public sealed record RingServer(ServerRecord Record, bool IsConnected);

/// <summary>The ring, or a connection, has changed.</summary>
/// <param name="ring">The ring as it is now.</param>
/// <param name="reason">What happened, in a few words.</param>
public sealed class RingChangedEventArgs(RingSnapshot ring, string reason) : EventArgs
{
    /// <summary>The ring as it is now.</summary>
    public RingSnapshot Ring { get; } = ring;

    /// <summary>What happened, in a few words.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The state of one server's store, or why it is not known.</summary>
/// <param name="Name">The server's host name.</param>
/// <param name="Id">Its id.</param>
/// <param name="State">The state; null when it could not be read.</param>
/// <param name="Fault">Why it could not be read; null when it was.</param>
public sealed record ServerState(string Name, ulong Id, NodeState? State, DbaasException? Fault)
{
    /// <summary>What the ring says of the server; null where the transport does not tell (native).</summary>
    public ServerRecord? Record { get; init; }
}
