using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>
/// One way to run K2HDKC as a service. Clusters and nodes are meant by name or, where the service has one, by id. What a back end
/// cannot do ends in a <c>NotSupported</c> error that says so.
/// </summary>
public interface IClusterBackend
{
    /// <summary>The engine's name; see <see cref="IClusterBackendProvider.Name"/>.</summary>
    string Name { get; }

    /// <summary>In what it differs from others; see <see cref="IClusterBackendProvider.Capabilities"/>.</summary>
    BackendCapabilities Capabilities { get; }

    /// <summary>The objects that carry its features; the back end itself may carry some, too.</summary>
    IReadOnlyList<object> Features => [];

    /// <summary>A feature that not every back end has; null when this one does not.</summary>
    /// <typeparam name="T">The feature's interface, such as <see cref="IBackupBackend"/>.</typeparam>
    T? Feature<T>()
        where T : class => this as T ?? Features.OfType<T>().FirstOrDefault();

    /// <summary>
    /// Makes a cluster, and its first nodes if asked. Fails with <c>ClusterExists</c>, changing nothing, when there is one; undoes its
    /// steps when one fails.
    /// </summary>
    /// <param name="request">What to make.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow within a second; see <see cref="FlowCanceledException"/>.</param>
    /// <returns>The cluster with the nodes that were asked for.</returns>
    Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Finds clusters, complete or incomplete, with their registered nodes.</summary>
    /// <param name="pattern">A name, an id, or a pattern with <c>*</c>, <c>?</c> and <c>[a-c]</c>. A name that fits nothing yields
    /// nothing.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<Cluster> GetClustersAsync(string pattern, CancellationToken cancellationToken);

    /// <summary>Reads one cluster; fails with <c>ClusterNotFound</c> when there is none.</summary>
    /// <param name="cluster">Its name or id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a cluster with all its nodes, also an incomplete one. Fails with <c>ClusterNotFound</c> when nothing bears the name.
    /// </summary>
    /// <param name="cluster">Its name or id.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    /// <returns>What was removed, in order.</returns>
    Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Adds nodes; several are asked for at the same time.</summary>
    /// <param name="request">What to add.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow within a second; see <see cref="FlowCanceledException"/>.</param>
    /// <returns>The nodes, as they are when the call returns.</returns>
    Task<IReadOnlyList<ClusterNode>> AddNodesAsync(NewNodes request, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Finds a cluster's nodes: those registered and those only known to the cloud.</summary>
    /// <param name="cluster">The cluster's name or id; fails with <c>ClusterNotFound</c> when there is none.</param>
    /// <param name="role">Only nodes of this role; null for both.</param>
    /// <param name="pattern">Node name, id, cuk, tag, tag's first label or address, or a pattern for these; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<ClusterNode> GetNodesAsync(string cluster, NodeRole? role, string? pattern, CancellationToken cancellationToken);

    /// <summary>
    /// Removes one node. A server's data is moved first (service out, merge) unless <see cref="FlowOptions.Force"/> is set; a server that
    /// is already gone counts as removed.
    /// </summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="role">The node's role; null looks among servers first, then slaves.</param>
    /// <param name="node">Its name, id, cuk, tag, tag's first label or address; fails with <c>NodeNotFound</c> or
    /// <c>NodeAmbiguous</c>.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    /// <returns>What was removed, in order.</returns>
    Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string node, FlowOptions options,
        CancellationToken cancellationToken);

    /// <summary>
    /// Removes nodes of one role as <see cref="RemoveNodeAsync"/> does: one after the other, or in one task where the service takes no
    /// other before that is over.
    /// </summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="role">The nodes' role; null looks among servers first, then slaves.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    /// <returns>What was removed, in order.</returns>
    async Task<IReadOnlyList<FlowItem>> RemoveNodesAsync(string cluster, NodeRole? role, IReadOnlyList<string> nodes, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var removed = new List<FlowItem>();
        foreach (var node in nodes)
            removed.AddRange(await RemoveNodeAsync(cluster, role, node, options, cancellationToken).ConfigureAwait(false));
        return removed;
    }

    /// <summary>
    /// Looks for what is known to make <see cref="CreateClusterAsync"/> fail, and changes nothing: for -WhatIf, and before a person is
    /// asked.
    /// </summary>
    /// <param name="request">What would be made.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="Errors.DbaasException">It would fail so.</exception>
    Task CheckClusterAsync(NewCluster request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Looks for what is known to make <see cref="AddNodesAsync"/> fail, and changes nothing.</summary>
    /// <param name="request">What would be added.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="Errors.DbaasException">It would fail so.</exception>
    Task CheckNodesAsync(NewNodes request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads the configuration.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="role">Whose view; null for the cluster's own template (then <paramref name="expanded"/> must be false).</param>
    /// <param name="expanded">The INI as a node reads it now, rather than the template.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<ClusterConfiguration> GetConfigurationAsync(string cluster, NodeRole? role, bool expanded, CancellationToken cancellationToken);

    /// <summary>The K2HR3 role whose hosts the servers accept as slaves. Where the cluster has none that K2HR3 knows, it is made.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    /// <returns>The role's name.</returns>
    Task<string> GetSlaveRoleAsync(string cluster, FlowOptions options, CancellationToken cancellationToken);
}
