using System.Buffers.Binary;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>A node's data as bytes: what a backup or an image of its machine holds.</summary>
internal static class StoreSnapshot
{
    private static readonly byte[] Mark = "K2HSNAP1"u8.ToArray();

    public static ReadOnlyMemory<byte> Write(KeyValuePair<byte[], Entry>[] entries, CancellationToken ct)
    {
        using var stream = new MemoryStream();
        stream.Write(Mark);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, entries.Length);
        stream.Write(number);
        foreach (var (key, entry) in entries)
        {
            ct.ThrowIfCancellationRequested();
            Put(stream, key);
            Put(stream, entry.Value);
            Put(stream, entry.Subkeys);
            Put(stream, entry.Attributes.Encode());
        }

        return stream.GetBuffer().AsMemory(0, (int)stream.Length);
    }

    /// <summary>Reads a snapshot into a store; an empty one changes nothing.</summary>
    /// <exception cref="DbaasException">The bytes are no snapshot, or it is cut short.</exception>
    public static void Load(ReadOnlyMemory<byte> snapshot, NodeStore store)
    {
        if (snapshot.IsEmpty) return;
        var rest = snapshot;
        if (!rest.Span.StartsWith(Mark) || rest.Length < Mark.Length + 8) throw Broken("it does not start as one");
        var count = BinaryPrimitives.ReadInt64LittleEndian(rest.Span[Mark.Length..]);
        rest = rest[(Mark.Length + 8)..];
        var latest = WireTime.None;
        for (var i = 0L; i < count; i++)
        {
            var key = Take(ref rest);
            var value = Take(ref rest);
            var subkeys = Take(ref rest);
            var attributes = EntryAttributes.Read(Take(ref rest));
            if (!SubkeyList.TryDecode(subkeys, out _)) throw Broken($"the subkey list of its entry {i} is damaged");
            store.PutShared(key, new Entry(value, subkeys, attributes));
            if (attributes.Modified > latest) latest = attributes.Modified;
        }

        if (latest.Seconds is >= 0 and <= LastSecond)
            store.Touch(DateTimeOffset.UnixEpoch.AddSeconds(latest.Seconds).AddTicks(latest.Nanoseconds / 100));

        if (!rest.IsEmpty) throw Broken($"{rest.Length} bytes follow its last entry");
    }

    // The end of the year 9999: a damaged time must not keep a node from starting.
    private const long LastSecond = 253_402_300_799;

    private static void Put(MemoryStream stream, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        stream.Write(length);
        stream.Write(bytes);
    }

    private static byte[] Take(ref ReadOnlyMemory<byte> rest)
    {
        if (rest.Length < 4) throw Broken("it is cut short");
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        if (length < 0 || length > rest.Length - 4) throw Broken("it is cut short");
        var bytes = rest.Slice(4, length).ToArray();
        rest = rest[(4 + length)..];
        return bytes;
    }

    private static DbaasException Broken(string why) => new(
        ErrorKind.InvalidInput, "NodeSnapshotBroken", $"The snapshot of a node's data cannot be read: {why}.",
        "Take a new backup or image; this one is not whole.");
}
