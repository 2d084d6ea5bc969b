namespace K2hdkcDbaas.Core;

/// <summary>The server nodes of a ring, as far as they are registered.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Servers">The nodes, each with its address.</param>
/// <param name="Ports">The ports that the configuration names.</param>
public sealed record RingMembers(string Cluster, IReadOnlyList<ClusterNode> Servers, ClusterPorts Ports);

/// <summary>Steers a running ring through its nodes' control ports.</summary>
public interface IRingControl
{
    /// <summary>
    /// Makes a server node leave without loss: service out, merge, and wait until every other node is settled. Fails with <c>DataAtRisk</c>,
    /// the node still serving, when the data cannot be moved.
    /// </summary>
    /// <param name="ring">The ring.</param>
    /// <param name="node">The node that leaves.</param>
    /// <param name="options">How long to wait, and who watches.</param>
    /// <param name="cancellationToken">Stops the wait; the merge may go on.</param>
    Task LeaveAsync(RingMembers ring, ClusterNode node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Keeps merges from starting, on every server node, until the answer is disposed of.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="Faults.DbaasException">A node's control port does not answer; then no merge is held off.</exception>
    Task<IAsyncDisposable> HoldMergesAsync(RingMembers ring, CancellationToken cancellationToken);
}
