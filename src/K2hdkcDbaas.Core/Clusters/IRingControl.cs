using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Clusters;

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

    /// <summary>
    /// Waits until no data moves any more, and then keeps merges from starting until the answer is disposed of. A node that does not answer is
    /// left out: the ring passes the command on. Where merges are held off already they stay so afterwards, too.
    /// </summary>
    /// <param name="ring">The ring.</param>
    /// <param name="options">How long to wait, and who watches.</param>
    /// <param name="cancellationToken">Stops the call, and cuts the end of the hold short.</param>
    /// <exception cref="Errors.DbaasException">No node's control port answers, or a merge does not end; then no merge is held off.</exception>
    Task<IMergeHold> HoldMergesAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken);
}

/// <summary>Merges that are held off; disposing of it lets them go.</summary>
public interface IMergeHold : IAsyncDisposable
{
    /// <summary>Holds them off again: a node that reads its configuration anew has forgotten it (chmpx resets the flag then).</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    Task RenewAsync(CancellationToken cancellationToken);
}
