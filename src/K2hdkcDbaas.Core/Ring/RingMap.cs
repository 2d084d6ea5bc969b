using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>Who holds which key: the servers in ring order, and how many copies each key has.</summary>
/// <param name="Members">The servers that own a slot, in ring order.</param>
/// <param name="Replicas">Copies beside the first (<c>REPLICA</c>).</param>
public sealed record RingMap(IReadOnlyList<ServerRecord> Members, int Replicas)
{
    /// <summary>How many members hold each key.</summary>
    public int Copies => Math.Min(Replicas + 1, Members.Count);

    /// <summary>The present ring.</summary>
    /// <param name="state">The ring.</param>
    public static RingMap Of(RingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new RingMap([.. state.Servers.Where(s => s.BaseSlot != ServerRecord.NoSlot)], state.Replicas);
    }

    /// <summary>The ring after a change: with a server in service that is not, or without one that is.</summary>
    /// <param name="state">The ring before it.</param>
    /// <param name="server">The server that changes.</param>
    /// <param name="joins">Whether it comes into service.</param>
    public static RingMap After(RingState state, ulong server, bool joins)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new RingMap([.. state.Servers.Where(s => s.Id == server ? joins : s.BaseSlot != ServerRecord.NoSlot)], state.Replicas);
    }

    /// <summary>The servers with certain ids, in ring order; null when one of them is not known any more.</summary>
    /// <param name="state">The ring.</param>
    /// <param name="ids">The ids.</param>
    public static RingMap? From(RingState state, IReadOnlyCollection<ulong> ids)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(ids);
        var found = state.Servers.Where(s => ids.Contains(s.Id)).ToList();
        return found.Count == ids.Count && found.Count > 0 ? new RingMap(found, state.Replicas) : null;
    }

    /// <summary>The ids of a key's holders, the first holder first.</summary>
    /// <param name="hash">The key's hash.</param>
    public ulong[] Holders(ulong hash)
    {
        var holders = new ulong[Copies];
        for (var i = 0; i < holders.Length; i++)
            holders[i] = Members[(int)(((hash % (ulong)Members.Count) + (ulong)i) % (ulong)Members.Count)].Id;
        return holders;
    }
}
