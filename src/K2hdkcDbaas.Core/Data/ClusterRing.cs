using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Data;

/// <summary>The ring of a cluster, as K2HR3 (or the back end itself) tells it to the cluster's slaves.</summary>
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
        var configuration = await ConfigurationAsync(cancellationToken).ConfigureAwait(false);
        if (configuration.Servers.Count > 0) return configuration;
        throw new DbaasException(
            ErrorKind.Conflict, ErrorIds.ClusterHasNoServer, $"Cluster '{cluster}' has no server node yet, so it holds no data.",
            $"Add one with 'Add-K2hdkcNode {cluster} -Wait', or wait until its first node has registered itself.")
        { Target = cluster };
    }

    private async Task<RingConfiguration> ConfigurationAsync(CancellationToken cancellationToken)
    {
        try
        {
            var view = await backend.GetConfigurationAsync(cluster, NodeRole.Slave, expanded: true,
                cancellationToken).ConfigureAwait(false);
            var ring = RingConfiguration.Parse(view.Text, ConfigurationFormat.Ini);
            return backend.Feature<IRingAccess>() is { } access
                ? await access.EquipAsync(cluster, ring, cancellationToken).ConfigureAwait(false)
                : ring;
        }
        catch (DbaasException e)
            when (backend.Capabilities.KnowsRingWithoutRegistry
                && e.ErrorId is ErrorIds.ClusterNotRegistered or ErrorIds.K2hr3NotConfigured or ErrorIds.K2hr3CredentialMissing)
        {
            // K2HR3 may not know the cluster yet. All that it would say follows from its members and ports.
            return Of(await backend.GetClusterAsync(cluster, cancellationToken).ConfigureAwait(false));
        }
    }

    private static RingConfiguration Of(Cluster cluster) => new()
    {
        Group = cluster.Name,
        IdType = NodeIdType.Custom,
        DeliveryMode = DeliveryMode.Hash,
        Replicas = 1,
        ControlPort = cluster.Ports.SlaveControl,
        Servers = [.. cluster.Nodes.Where(n => n is { Role: NodeRole.Server, IPAddress: not null }).Select(n => new RingNode
        {
            Name = n.IPAddress!,
            Port = cluster.Ports.Server,
            ControlPort = cluster.Ports.ServerControl,
            Cuk = n.Id ?? "",
            CustomSeed = ClusterNames.Normal(n.Name),
        })],
    };
}
