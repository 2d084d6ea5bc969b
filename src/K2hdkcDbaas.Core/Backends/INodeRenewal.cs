using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>Nodes that an engine recreates, under the same name, when something about them is to change.</summary>
[FeatureName("nodes that are recreated in place")]
public interface INodeRenewal
{
    /// <summary>
    /// Whether a server's data outlasts the node: it comes back with it. Data in memory goes with the node, wherever its copies are.
    /// </summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<bool> KeepsDataAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a node and waits until the one that takes its place runs and is registered. It does nothing for the ring; see
    /// <see cref="Ring.RingRenewal"/>.
    /// </summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">How long to wait, and who watches.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The node that took its place.</returns>
    Task<ClusterNode> ReplaceAsync(string cluster, ClusterNode node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Makes new certificates for all nodes of a cluster, by the authority that they trust. Nodes read them when they start.
    /// </summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="template">Where the authority is, when the engine does not keep it itself; null otherwise.</param>
    /// <param name="options">Who watches.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The nodes.</returns>
    Task<IReadOnlyList<ClusterNode>> RenewCertificatesAsync(string cluster, NodeTemplate? template, FlowOptions options,
        CancellationToken cancellationToken);

    /// <summary>Names the images that nodes are made of from now on; those that run stay as they are.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="template">The images, as the engine's parameters; what it does not name stays.</param>
    /// <param name="options">Who watches.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The nodes that are made of others.</returns>
    Task<IReadOnlyList<ClusterNode>> SetImagesAsync(string cluster, NodeTemplate template, FlowOptions options,
        CancellationToken cancellationToken);
}
