using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>
/// What a merging server asks the others for, with the arithmetic of the real one (<c>MergeWorkerFunc</c> in chmpx's chmeventsock.cc).
/// </summary>
/// <param name="Member">The server that asks.</param>
/// <param name="Filter">What it asks for.</param>
internal sealed record MergeRequest(RingMember Member, MergeFilter Filter)
{
    /// <summary>Makes the request of a server; null when the ring will have no server to hold anything.</summary>
    public static MergeRequest? Of(RingMember member, RingState state)
    {
        if (state.Find(member.Id) is not { } record || state.PendingSlots == 0) return null;
        var copies = (ulong)member.Configuration.Replicas + 1;
        var pending = (ulong)state.PendingSlots;
        var start = Start(record.PendingSlot, pending, copies);
        copies = Math.Min(copies, pending + 1);
        SlotRange? held = null;
        if (record.BaseSlot != ServerRecord.NoSlot)
        {
            var slots = (ulong)state.BaseSlots;
            var heldFrom = Start(record.BaseSlot, slots, copies);
            copies = Math.Min(copies, slots + 1);
            held = new SlotRange(heldFrom, copies, slots);
        }

        return new MergeRequest(member,
            new MergeFilter(new SlotRange(start, copies, pending), held, LastUpdate(member.Keys.Store), member.Keys.Now));
    }

    // A server holds its own slot and, as a copy, those of the servers before it. "No slot" is -1 in an unsigned number, and sums wrap.
    private static ulong Start(ulong slot, ulong slots, ulong copies) =>
        unchecked(copies <= slot + 1 ? slot + 1 - copies : slot + slots + 1 - copies);

    // The store notes it in microseconds.
    private static WireTime LastUpdate(NodeStore store) =>
        WireTime.From(store.LastUpdate.AddTicks(-(store.LastUpdate.Ticks % TimeSpan.TicksPerMicrosecond)));
}
