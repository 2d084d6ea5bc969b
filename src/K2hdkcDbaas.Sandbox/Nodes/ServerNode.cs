using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>A running server node: its ports, and its place in the ring.</summary>
internal sealed class ServerNode(NodeRing ring, RingMember member, NodeListener listener) : INode
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    public NodeDescription Description => member.Description;

    public ulong Id => member.Id;

    public NodeStatus Status
    {
        get
        {
            lock (ring.Gate)
            {
                return ring.StatusOf(member.Id);
            }
        }
    }

    public Task ReconfigureAsync(string configuration, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var parsed = RingConfiguration.Parse(configuration);
        lock (ring.Gate)
        {
            member.Configuration = parsed;
            // Reading it anew, chmpx forgets that merges were suspended.
            member.HoldsMerges = false;
            if (member.IsRunning) ring.Learn(member);
            ring.Merges.Wake();
        }

        return Task.CompletedTask;
    }

    public async Task LeaveAsync(CancellationToken ct)
    {
        var asked = false;
        while (true)
        {
            lock (ring.Gate)
            {
                if (!member.IsRunning) return;
                var status = ring.StatusOf(member.Id);
                member.WantsService = false;
                if (status.Membership == RingMembership.ServiceOut) break;
                // The death of another node breaks a leave off, and this one is in service again.
                if (status == NodeStatus.InService) asked = false;
                if (!asked && !ring.State.IsMerging) asked = ring.Merges.ServiceOut(member.Id);
                if (asked && !ring.Merges.IsAutomatic)
                {
                    // Nobody else is there to give these two orders.
                    if (status.Merge == MergeProgress.Pending) ring.Merges.Start();
                    else if (status.Merge == MergeProgress.Done) ring.Merges.Complete();
                }
            }

            await Task.Delay(LookAgain, ring.Clock, ct).ConfigureAwait(false);
        }

        await StopAsync(ct).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken ct)
    {
        lock (ring.Gate)
        {
            if (!member.IsRunning) return;
            ring.Remove(member);
        }

        // First the connections, as when a process dies; then the others notice.
        await listener.DisposeAsync().ConfigureAwait(false);
        lock (ring.Gate)
        {
            ring.Merges.Gone(member.Id);
        }
    }

    public Task<ReadOnlyMemory<byte>> SnapshotAsync(CancellationToken ct)
    {
        KeyValuePair<byte[], Entry>[] entries;
        lock (ring.Gate)
        {
            entries = member.Keys.Store.ToArray();
        }

        // Entries never change, so the copy is written without the lock.
        return Task.Run(() => StoreSnapshot.Write(entries, ct), ct);
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);
}
