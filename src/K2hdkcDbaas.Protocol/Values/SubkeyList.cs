using System.Buffers.Binary;

namespace K2hdkcDbaas.Protocol.Values;

/// <summary>The blob that holds a key's subkey names: a count, then length and bytes of each; sorted and without doubles.</summary>
public static class SubkeyList
{
    private const int LengthSize = sizeof(ulong);

    /// <summary>Makes the blob of some names; no names make no bytes.</summary>
    /// <param name="names">The names, in any order.</param>
    public static byte[] Encode(IEnumerable<ReadOnlyMemory<byte>> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var sorted = new SortedSet<ReadOnlyMemory<byte>>(names, BlobOrder.Instance);
        if (sorted.Count == 0) return [];
        var blob = new byte[LengthSize + sorted.Sum(n => LengthSize + n.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(blob, (ulong)sorted.Count);
        var at = LengthSize;
        foreach (var name in sorted)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(at), (ulong)name.Length);
            name.Span.CopyTo(blob.AsSpan(at + LengthSize));
            at += LengthSize + name.Length;
        }

        return blob;
    }

    /// <summary>Reads a blob.</summary>
    /// <param name="blob">The blob; the names are parts of it.</param>
    /// <param name="names">The names in the blob's order.</param>
    /// <returns>False when lengths or count do not fit the bytes.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> blob, out IReadOnlyList<ReadOnlyMemory<byte>> names)
    {
        names = [];
        if (blob.IsEmpty) return true;
        if (blob.Length < LengthSize) return false;
        var count = BinaryPrimitives.ReadUInt64LittleEndian(blob.Span);
        // Every name takes at least its length field: a larger count is a lie, and sizes nothing.
        if (count > (ulong)(blob.Length - LengthSize) / LengthSize) return false;
        var read = new List<ReadOnlyMemory<byte>>((int)count);
        var rest = blob[LengthSize..];
        for (var i = 0UL; i < count; i++)
        {
            if (rest.Length < LengthSize) return false;
            var length = BinaryPrimitives.ReadUInt64LittleEndian(rest.Span);
            rest = rest[LengthSize..];
            if (length > (ulong)rest.Length) return false;
            read.Add(rest[..(int)length]);
            rest = rest[(int)length..];
        }

        names = read;
        return true;
    }
}
