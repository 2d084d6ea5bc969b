using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>
/// A node's answer to CHMPX_COM_REQ_UPDATEDATA, which servers send each other in a merge and which any member of the ring may send: one
/// message for each element of the store that is wanted, and one at the end. It is answered only when the next server of the ring is named
/// as its sender (<c>PxComReceiveReqUpdateData</c> in chmeventsock.cc): there the message, which goes around the ring, comes to its end.
/// </summary>
internal static class StoreListing
{
    // Of the content, behind the head of 24 bytes: merge parameters, then a list of (server, state) with its count and offset.
    private const int ParameterSize = 65;
    private const int ListAt = ParameterSize + 16;
    private const int PairSize = 16;
    private const int HeadSize = 24;
    private const ulong NoHash = ulong.MaxValue;
    private const ulong Succeeded = 3;

    /// <summary>What is to be sent, and to whom; null where the real server stays silent.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="node">The node that was asked.</param>
    /// <param name="sender">The sender that the message names.</param>
    /// <param name="content">The message's content.</param>
    public static (ulong Receiver, MergeFilter Filter, KeyValuePair<byte[], Entry>[] Elements)? Read(NodeRing ring, RingMember node,
        ulong sender, ReadOnlySpan<byte> content)
    {
        if (content.Length < ListAt || Number(content, 3) == 0) return null;
        var since = new WireTime((long)Number(content, 1), (long)Number(content, 2));
        var (slots, count) = (Number(content, 3), Number(content, 7));
        if (Number(content, 6) != NoHash && Number(content, 5) == 0) return null;
        lock (ring.Gate)
        {
            if (Next(ring, node) != sender || !Names(content, node.Id)) return null;
            if (ring.StatusOf(node.Id) is not { IsSuspended: false, Action: RingAction.None or RingAction.Delete }) return null;
            SlotRange? held = Number(content, 6) == NoHash ? null : new SlotRange(Number(content, 6), count, Number(content, 5));
            var filter = new MergeFilter(new SlotRange(Number(content, 4), count, slots), held, since, node.Keys.Now);
            var now = node.Keys.Now;
            var dropsExpired = content[64] != 0;
            var elements = node.Keys.Store.ToArray()
                .Where(e => filter.Includes(K2hash.Hash(e.Key), e.Value) && !(dropsExpired && e.Value.Attributes.IsExpired(now)));
            return (Number(content, 0), filter, [.. elements]);
        }
    }

    /// <summary>One element as a message (CHMPX_COM_RES_UPDATEDATA with k2hash's RALLEDATA).</summary>
    public static OpaqueMessage Element(byte[] key, Entry entry, WireTime asked)
    {
        byte[][] parts = [key, entry.Value, entry.Subkeys, entry.Attributes.Encode()];
        const int Fields = 10 * 8;
        var length = Fields + parts.Sum(p => p.Length);
        var content = new byte[32 + length];
        Put(content, 0, (ulong)asked.Seconds);
        Put(content, 1, (ulong)asked.Nanoseconds);
        Put(content, 2, (ulong)length);
        Put(content, 3, HeadSize + 32);
        // From here on as it lies in the server's memory: little-endian.
        var blob = content.AsSpan(32);
        BinaryPrimitives.WriteUInt64LittleEndian(blob, K2hash.Hash(key));
        BinaryPrimitives.WriteUInt64LittleEndian(blob[8..], K2hash.SecondHash(key));
        var at = Fields;
        for (var i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(blob[(16 + (8 * i))..], (ulong)parts[i].Length);
            BinaryPrimitives.WriteUInt64LittleEndian(blob[(48 + (8 * i))..], (ulong)at);
            parts[i].CopyTo(blob[at..]);
            at += parts[i].Length;
        }

        return new OpaqueMessage(ControlMessageType.UpdateData, content);
    }

    /// <summary>The message behind the last element (CHMPX_COM_RESULT_UPDATEDATA).</summary>
    public static OpaqueMessage End(ulong server)
    {
        var content = new byte[16];
        Put(content, 0, server);
        Put(content, 1, Succeeded);
        return new OpaqueMessage(ControlMessageType.UpdateDataResult, content);
    }

    // The next server of the ring that is up; none for a server that is alone.
    private static ulong? Next(NodeRing ring, RingMember node)
    {
        var servers = ring.State.Servers;
        var self = 0;
        while (self < servers.Count && servers[self].Id != node.Id) self++;
        for (var i = 1; i < servers.Count; i++)
            if (servers[(self + i) % servers.Count] is { Status.IsUp: true } next) return next.Id;
        return null;
    }

    private static bool Names(ReadOnlySpan<byte> content, ulong server)
    {
        var pairs = Math.Min(BinaryPrimitives.ReadUInt64BigEndian(content[ParameterSize..]), (ulong)(content.Length - ListAt) / PairSize);
        for (var i = 0; i < (int)pairs; i++)
            if (BinaryPrimitives.ReadUInt64BigEndian(content[(ListAt + (i * PairSize))..]) == server) return true;
        return false;
    }

    private static ulong Number(ReadOnlySpan<byte> content, int index) => BinaryPrimitives.ReadUInt64BigEndian(content[(index * 8)..]);

    private static void Put(byte[] content, int index, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(index * 8), value);
}
