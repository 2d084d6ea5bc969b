using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>A running node.</summary>
public interface INode : IAsyncDisposable
{
    /// <summary>What it was started as.</summary>
    NodeDescription Description { get; }

    /// <summary>Its chmpxid.</summary>
    ulong Id { get; }

    /// <summary>Its place in the ring at this moment.</summary>
    NodeStatus Status { get; }

    /// <summary>
    /// The configuration file has changed: the node learns of new and removed servers and slaves, as chmpx does by watching the file.
    /// </summary>
    /// <param name="configuration">The whole new text.</param>
    /// <param name="ct">Cancels the wait.</param>
    Task ReconfigureAsync(string configuration, CancellationToken ct);

    /// <summary>Leaves in order: out of service, data moved to the others, then stopped.</summary>
    /// <param name="ct">Cancels the wait for the merge; the node then keeps running.</param>
    Task LeaveAsync(CancellationToken ct);

    /// <summary>Stops at once, as a killed process: its connections drop and the others see it down.</summary>
    /// <param name="ct">Not waited for long; the ports are closed in any case.</param>
    Task StopAsync(CancellationToken ct);

    /// <summary>
    /// The node's data (keys, values, subkeys, attributes) as bytes that a later start takes. Works on a stopped node too.
    /// </summary>
    /// <param name="ct">Cancels the copy.</param>
    Task<ReadOnlyMemory<byte>> SnapshotAsync(CancellationToken ct);
}
