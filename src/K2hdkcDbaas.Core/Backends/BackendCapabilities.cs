using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>In what engines differ though all offer it. Everything is false unless an engine says otherwise.</summary>
public sealed record BackendCapabilities
{
    /// <summary>
    /// Several server nodes are best removed in one call of <see cref="IClusterBackend.RemoveNodesAsync"/>, since the service takes no
    /// other task before one is over. Otherwise the caller removes one after the other, so that an error concerns one node.
    /// </summary>
    public bool RemovesNodesTogether { get; init; }

    /// <summary>The same of several slave nodes.</summary>
    public bool RemovesSlavesTogether { get; init; }

    /// <summary>It boots slave nodes: <see cref="NodeRole.Slave"/> may be added and removed.</summary>
    public bool StartsSlaves { get; init; }

    /// <summary>
    /// The server nodes that it lists, with their addresses, ids and the cluster's ports, are the whole ring even where K2HR3 does not know
    /// the cluster: whoever joins the ring can do so by them.
    /// </summary>
    public bool KnowsRingWithoutRegistry { get; init; }
}
