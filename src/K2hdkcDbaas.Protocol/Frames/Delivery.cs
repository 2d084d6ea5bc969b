namespace K2hdkcDbaas.Protocol.Frames;

/// <summary>How a command frame was addressed (the <c>c2ctype</c> of a COMPKT).</summary>
public enum Delivery : ulong
{
    /// <summary>A control frame has none.</summary>
    None = 0,

    /// <summary>To one server by hash; replies carry it too.</summary>
    Normal = 1,

    /// <summary>To one server by hash, also during a merge: what slaves send every command with.</summary>
    Routing = 2,

    /// <summary>To all servers.</summary>
    Broadcast = 3,

    /// <summary>To all servers that hold the hash.</summary>
    RoutingBroadcast = 4,

    /// <summary>To all other servers that hold the hash: what servers replicate with.</summary>
    Replication = 0x14,
}
