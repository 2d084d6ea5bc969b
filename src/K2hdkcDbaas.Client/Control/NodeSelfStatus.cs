using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Control;

/// <summary>What a node says of itself on its control port.</summary>
/// <param name="Name">Its host name as it knows it.</param>
/// <param name="Id">Its id in the ring.</param>
/// <param name="Group">The ring's name.</param>
/// <param name="IsServer">Whether it is a server; else a slave.</param>
/// <param name="Status">Its status.</param>
public sealed record NodeSelfStatus(string Name, ulong Id, string Group, bool IsServer, NodeStatus Status)
{
    /// <summary>Its slot in the present ring.</summary>
    public ulong BaseSlot { get; init; } = ServerRecord.NoSlot;

    /// <summary>Its slot in the ring after the merge.</summary>
    public ulong PendingSlot { get; init; } = ServerRecord.NoSlot;

    /// <summary>The port that nodes connect to; -1 for none.</summary>
    public int Port { get; init; } = -1;

    /// <summary>Its control port.</summary>
    public int ControlPort { get; init; } = -1;

    /// <summary>What the ring makes ids from, as this node's own id shows.</summary>
    public NodeIdType IdType =>
        CustomSeed.Length > 0 && NodeIdentity.Compute(NodeIdType.Custom, Group, Name, ControlPort, Cuk, CustomSeed) == Id
            ? NodeIdType.Custom
        : Cuk.Length > 0 && NodeIdentity.Compute(NodeIdType.Cuk, Group, Name, ControlPort, Cuk) == Id ? NodeIdType.Cuk
        : NodeIdType.Name;

    /// <summary>Its CUK, or empty.</summary>
    public string Cuk { get; init; } = "";

    /// <summary>Its id seed, or empty.</summary>
    public string CustomSeed { get; init; } = "";

    /// <summary>Whether it speaks TLS.</summary>
    public bool UsesTls { get; init; }

    /// <summary>Connections to servers.</summary>
    public int ConnectionsToServers { get; init; }

    /// <summary>Connections from slaves.</summary>
    public int ConnectionsFromSlaves { get; init; }

    /// <summary>When its status changed last; null when it did not say.</summary>
    public DateTimeOffset? LastUpdate { get; init; }
}
