namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>What a guest runs for its cluster.</summary>
public enum NodeRole
{
    /// <summary>chmpx in server mode with k2hdkc: a member of the ring that holds data.</summary>
    Server,

    /// <summary>chmpx in slave mode: answers on its control port only.</summary>
    Slave,
}
