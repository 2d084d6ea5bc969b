namespace K2hdkcDbaas.Core.Model;

/// <summary>What a node does in a cluster.</summary>
public enum NodeRole
{
    /// <summary>Holds data: chmpx in server mode and k2hdkc. A part of the ring.</summary>
    Server,

    /// <summary>Uses data: chmpx in slave mode and the user's own program.</summary>
    Slave,
}
