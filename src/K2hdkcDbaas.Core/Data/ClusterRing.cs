using K2hdkcDbaas.Faults;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core;

/// <summary>The ring of a cluster, as K2HR3 (or Trove) tells it to the cluster's slaves.</summary>
/// <param name="session">The session that reads it.</param>
/// <param name="backend">How the cluster is run.</param>
/// <param name="cluster">The cluster's name or id.</param>
public sealed class ClusterRing(IDbaasSession session, IClusterBackend backend, string cluster) : IRingSource
{
    /// <inheritdoc/>
    public string Name => cluster;

    /// <inheritdoc/>
    public string? FilePath => null;

    /// <summary>The session that reads it.</summary>
    public IDbaasSession Session => session;

    /// <summary>The K2HR3 role of the cluster's slaves; made when it is missing.</summary>
    /// <param name="observer">Is told of what is made.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<string> GetSlaveRoleAsync(IFlowObserver observer, CancellationToken cancellationToken) =>
        backend.GetSlaveRoleAsync(cluster, FlowOptions.Default with { Observer = observer }, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="DbaasException"><see cref="ErrorIds.ClusterHasNoServer"/>, and what the back end raises.</exception>
    public async Task<RingConfiguration> ReadAsync(CancellationToken cancellationToken)
    {
        var view = await backend.GetConfigurationAsync(cluster, NodeRole.Slave, expanded: true, cancellationToken).ConfigureAwait(false);
        var configuration = RingConfiguration.Parse(view.Text, ConfigurationFormat.Ini);
        if (configuration.Servers.Count > 0) return configuration;
        throw new DbaasException(
            FaultKind.Conflict, ErrorIds.ClusterHasNoServer, $"Cluster '{cluster}' has no server node yet, so it holds no data.",
            $"Add one with 'Add-K2hdkcNode {cluster} -Wait', or wait until its first node has registered itself.")
        { Target = cluster };
    }
}
