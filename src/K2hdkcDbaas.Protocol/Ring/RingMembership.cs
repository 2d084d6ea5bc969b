namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>A node's place in the ring.</summary>
public enum RingMembership
{
    /// <summary>A client of the ring.</summary>
    Slave = 0x00,

    /// <summary>A server that holds no part of the data.</summary>
    ServiceOut = 0x10,

    /// <summary>A server that holds its part of the data.</summary>
    ServiceIn = 0x20,
}
