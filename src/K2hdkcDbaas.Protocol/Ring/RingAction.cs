namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>What is about to happen to a server's membership.</summary>
public enum RingAction
{
    /// <summary>Nothing.</summary>
    None = 0x000,

    /// <summary>It is joining.</summary>
    Add = 0x100,

    /// <summary>It is leaving.</summary>
    Delete = 0x200,
}
