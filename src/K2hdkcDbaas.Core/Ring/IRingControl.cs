using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>Steers the running rings of clusters; what back ends ask of <see cref="RingController"/>.</summary>
public interface IRingControl
{
    /// <summary>
    /// Makes a server node leave without loss: its keys go to their new holders, it goes out of service, and what was written meanwhile
    /// follows; then every other node is settled, and it may be deleted. Fails with <c>DataAtRisk</c>, the node still running, when that
    /// cannot be done.
    /// </summary>
    /// <param name="ring">The ring.</param>
    /// <param name="node">The node that leaves.</param>
    /// <param name="options">How long to wait, and who watches.</param>
    /// <param name="cancellationToken">Stops the change; run again, it goes on.</param>
    Task LeaveAsync(RingMembers ring, ClusterNode node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until no data moves any more, and then keeps merges from starting until the answer is disposed of. A node that does not answer
    /// is left out: the ring passes the command on. Where merges are held off already they stay so afterwards, too.
    /// </summary>
    /// <param name="ring">The ring.</param>
    /// <param name="options">How long to wait, and who watches.</param>
    /// <param name="cancellationToken">Stops the call, and cuts the end of the hold short.</param>
    /// <exception cref="DbaasException">No node's control port answers, or a merge does not end; then no merge is held off.</exception>
    Task<IMergeHold> HoldMergesAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken);
}
