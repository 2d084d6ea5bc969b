using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>The nodes of all clusters in this process. Nodes of one cluster and GROUP form a ring.</summary>
public sealed class NodeRuntime : INodeRuntime
{
    /// <summary>Keys that a merge moves in a second, unless said otherwise.</summary>
    public const double DefaultKeysPerSecond = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Cluster, string Group), NodeRing> _rings = [];
    private readonly NodeRuntimeOptions _options;

    /// <summary>Makes a runtime with no nodes.</summary>
    /// <param name="options">How it runs its rings.</param>
    public NodeRuntime(NodeRuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.KeysPerSecond);
        _options = options;
    }

    /// <inheritdoc/>
    public Task<INode> StartAsync(NodeDescription node, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(node);
        ct.ThrowIfCancellationRequested();
        var configuration = RingConfiguration.Parse(node.Configuration);
        return Task.FromResult<INode>(node.Role == NodeRole.Slave
            ? SlaveNode.Start(node, configuration, _options.Clock)
            : StartServer(node, configuration));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NodeRing[] rings;
        lock (_gate)
        {
            rings = [.. _rings.Values];
            _rings.Clear();
        }

        foreach (var ring in rings) await ring.DisposeAsync().ConfigureAwait(false);
    }

    private ServerNode StartServer(NodeDescription description, RingConfiguration configuration)
    {
        var self = SelfEntry.Find(description, configuration)
            ?? throw new DbaasException(
                ErrorKind.InvalidInput, "NodeNotInConfiguration",
                $"The configuration of cluster '{description.Cluster}' has no SVRNODE for {description.Address} with control port "
                    + $"{configuration.ControlPort} and cuk '{description.Cuk}'.",
                "Register the node in the cluster's server role first, then start it with the configuration that follows.");
        var member = new RingMember(description, configuration, self, _options.Clock);
        StoreSnapshot.Load(description.Snapshot, member.Keys.Store);
        var ring = RingOf(description.Cluster, configuration);
        var listener = NodeListener.Open(ring, member);
        member.Listener = listener;
        lock (ring.Gate)
        {
            ring.Add(member);
            ring.Merges.Joined(member);
        }

        listener.Start();
        return new ServerNode(ring, member, listener);
    }

    private NodeRing RingOf(string cluster, RingConfiguration configuration)
    {
        lock (_gate)
        {
            if (_rings.TryGetValue((cluster, configuration.Group), out var ring)) return ring;
            ring = new NodeRing(cluster, new RingState(configuration.IdType, configuration.DeliveryMode, configuration.Replicas, []),
                _options);
            _rings.Add((cluster, configuration.Group), ring);
            return ring;
        }
    }
}
