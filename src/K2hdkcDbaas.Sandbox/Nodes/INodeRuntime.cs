using System.Net;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>What a guest runs for its cluster.</summary>
public enum NodeRole
{
    /// <summary>chmpx in server mode with k2hdkc: a member of the ring that holds data.</summary>
    Server,

    /// <summary>chmpx in slave mode: answers on its control port only.</summary>
    Slave,
}

/// <summary>A node to start, as the services inside a guest see it.</summary>
public sealed record NodeDescription
{
    /// <summary>Name of the cluster; nodes with the same name and GROUP form one ring.</summary>
    public required string Cluster { get; init; }

    /// <summary>The chmpx configuration (INI, or JSON, or YAML) as the guest wrote it, with <c>__SELF_INSTANCE_ID__</c> already replaced.</summary>
    public required string Configuration { get; init; }

    /// <summary>The node's custom unique key; on OpenStack the instance id.</summary>
    public string Cuk { get; init; } = "";

    /// <summary>Loopback address that its two ports are opened on; also selects its own entry in the configuration.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Id of the server or instance that it runs in; one node each.</summary>
    public required string InstanceId { get; init; }

    /// <summary>What it runs.</summary>
    public NodeRole Role { get; init; }

    /// <summary>Data to start with, as <see cref="INode.SnapshotAsync"/> made it; empty starts blank.</summary>
    public ReadOnlyMemory<byte> Snapshot { get; init; }
}

/// <summary>Runs K2HDKC nodes inside this process.</summary>
public interface INodeRuntime : IAsyncDisposable
{
    /// <summary>Starts a node. It returns when the ports answer; joining the ring and merging data go on afterwards.</summary>
    /// <param name="node">What to start.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="K2hdkcDbaas.Errors.DbaasException">The configuration cannot be read, or names no server with this address and cuk.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    Task<INode> StartAsync(NodeDescription node, CancellationToken ct);
}

/// <summary>A running node.</summary>
public interface INode : IAsyncDisposable
{
    /// <summary>What it was started as.</summary>
    NodeDescription Description { get; }

    /// <summary>Its chmpxid.</summary>
    ulong Id { get; }

    /// <summary>Its place in the ring at this moment.</summary>
    NodeStatus Status { get; }

    /// <summary>The configuration file has changed: the node learns of new and removed servers and slaves, as chmpx does by watching the file.</summary>
    /// <param name="configuration">The whole new text.</param>
    /// <param name="ct">Cancels the wait.</param>
    Task ReconfigureAsync(string configuration, CancellationToken ct);

    /// <summary>Leaves in order: out of service, data moved to the others, then stopped.</summary>
    /// <param name="ct">Cancels the wait for the merge; the node then keeps running.</param>
    Task LeaveAsync(CancellationToken ct);

    /// <summary>Stops at once, as a killed process: its connections drop and the others see it down.</summary>
    /// <param name="ct">Not waited for long; the ports are closed in any case.</param>
    Task StopAsync(CancellationToken ct);

    /// <summary>The node's data (keys, values, subkeys, attributes) as bytes that a later start takes. Works on a stopped node too.</summary>
    /// <param name="ct">Cancels the copy.</param>
    Task<ReadOnlyMemory<byte>> SnapshotAsync(CancellationToken ct);
}
