
namespace K2hdkcDbaas.Core.Ring;

/// <summary>How the copies of a key stand to where they belong.</summary>
public enum KeyPlacement
{
    /// <summary>Every holder has the same copy, and nobody else has one.</summary>
    Ok,

    /// <summary>No server has it.</summary>
    Missing,

    /// <summary>
    /// Its first holder does not have it, and another server does: to readers it is gone, or it was removed and came back nowhere yet.
    /// </summary>
    Hidden,

    /// <summary>Its first holder has it; a replica does not.</summary>
    CopyMissing,

    /// <summary>Holders have different copies.</summary>
    Differs,

    /// <summary>All holders have it; a server that is no holder has a copy, too, which a later change of the ring could serve.</summary>
    Stray,
}
