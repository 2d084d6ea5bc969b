using System.Buffers.Binary;

namespace K2hdkcDbaas.Protocol.Values;

/// <summary>The blob that holds a key's attributes: a count, then both lengths, name and value of each; sorted by name.</summary>
public static class AttributeList
{
    private const int LengthSize = sizeof(ulong);

    /// <summary>Makes the blob of some attributes; none make no bytes. Of doubles the last counts.</summary>
    /// <param name="attributes">The attributes, in any order.</param>
    public static byte[] Encode(IEnumerable<KeyAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var sorted = new SortedDictionary<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(BlobOrder.Instance);
        foreach (var attribute in attributes) sorted[attribute.Name] = attribute.Value;
        if (sorted.Count == 0) return [];
        var blob = new byte[LengthSize + sorted.Sum(a => (2 * LengthSize) + a.Key.Length + a.Value.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(blob, (ulong)sorted.Count);
        var at = LengthSize;
        foreach (var (name, value) in sorted)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(at), (ulong)name.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(at + LengthSize), (ulong)value.Length);
            at += 2 * LengthSize;
            name.Span.CopyTo(blob.AsSpan(at));
            value.Span.CopyTo(blob.AsSpan(at + name.Length));
            at += name.Length + value.Length;
        }

        return blob;
    }

    /// <summary>Reads a blob.</summary>
    /// <param name="blob">The blob; names and values are parts of it.</param>
    /// <param name="attributes">The attributes in the blob's order.</param>
    /// <returns>False when lengths or count do not fit the bytes.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> blob, out IReadOnlyList<KeyAttribute> attributes)
    {
        attributes = [];
        if (blob.IsEmpty) return true;
        if (blob.Length < LengthSize) return false;
        var count = BinaryPrimitives.ReadUInt64LittleEndian(blob.Span);
        if (count > (ulong)(blob.Length - LengthSize) / (2 * LengthSize)) return false;
        var read = new List<KeyAttribute>((int)count);
        var rest = blob[LengthSize..];
        for (var i = 0UL; i < count; i++)
        {
            if (rest.Length < 2 * LengthSize) return false;
            var nameLength = BinaryPrimitives.ReadUInt64LittleEndian(rest.Span);
            var valueLength = BinaryPrimitives.ReadUInt64LittleEndian(rest.Span[LengthSize..]);
            rest = rest[(2 * LengthSize)..];
            var left = (ulong)rest.Length;
            if (nameLength > left || valueLength > left - nameLength) return false;
            read.Add(new KeyAttribute(rest[..(int)nameLength], rest.Slice((int)nameLength, (int)valueLength)));
            rest = rest[(int)(nameLength + valueLength)..];
        }

        attributes = read;
        return true;
    }
}
