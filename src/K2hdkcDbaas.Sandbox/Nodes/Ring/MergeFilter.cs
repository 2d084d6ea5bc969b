using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>
/// Which elements a server sends to one that merges: chmpx's PXCOMMON_MERGE_PARAM, applied as k2hash does (<c>GetElementListToBinary</c> in
/// k2hshmdirect.cc).
/// </summary>
/// <param name="Wanted">Slots that the asker is to hold.</param>
/// <param name="Held">Slots that it held before; null for one that held nothing.</param>
/// <param name="Since">Its last update: what lies in the slots held before counts as known to it until then, whether it is there or
/// not.</param>
/// <param name="Asked">When it asked: what is written later reaches it as a copy.</param>
internal sealed record MergeFilter(SlotRange Wanted, SlotRange? Held, WireTime Since, WireTime Asked)
{
    /// <summary>Whether a key is to be sent.</summary>
    public bool Includes(ulong hash, Entry entry)
    {
        if (!Wanted.Contains(hash)) return false;
        var modified = entry.Attributes.Modified;
        return modified.IsNone || (modified <= Asked && (Held?.Contains(hash) != true || modified >= Since));
    }
}

/// <summary>Some slots in a row, around the end of the ring. As in C, numbers are unsigned and wrap.</summary>
internal readonly struct SlotRange
{
    private readonly ulong _first;
    private readonly ulong _last;
    private readonly ulong _slots;

    /// <param name="first">The first slot.</param>
    /// <param name="count">How many.</param>
    /// <param name="slots">How many there are; above 0.</param>
    public SlotRange(ulong first, ulong count, ulong slots)
    {
        _first = first;
        _last = unchecked(first + Math.Max(count, 1) - 1) % slots;
        _slots = slots;
    }

    public bool Contains(ulong hash)
    {
        var slot = hash % _slots;
        return _first <= _last ? _first <= slot && slot <= _last : slot <= _last || _first <= slot;
    }
}
