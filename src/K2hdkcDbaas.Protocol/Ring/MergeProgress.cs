namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>How far a server is with the merge that a join or leave brings.</summary>
public enum MergeProgress
{
    /// <summary>No merge.</summary>
    None = 0x0000,

    /// <summary>Waiting for it to start.</summary>
    Pending = 0x1000,

    /// <summary>Moving data.</summary>
    Doing = 0x2000,

    /// <summary>Its own part is done; the ring is not yet.</summary>
    Done = 0x3000,
}
