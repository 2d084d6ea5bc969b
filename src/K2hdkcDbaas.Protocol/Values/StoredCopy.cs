using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Protocol.Values;

/// <summary>A key exactly as one server stores it: encrypted where it is encrypted, with all its attributes.</summary>
/// <param name="Hash">The key's hash, which decides who holds it.</param>
/// <param name="SecondHash">The key's second hash.</param>
/// <param name="Key">The key.</param>
public sealed record StoredCopy(ulong Hash, ulong SecondHash, ReadOnlyMemory<byte> Key)
{
    // Source: k2hash's RALLEDATA, which servers send each other in a merge; little-endian on every platform that chmpx runs on.
    private const int HeadSize = 80;
    private const int TimeSize = 16;

    /// <summary>The stored value.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The list of subkeys, as a blob.</summary>
    public ReadOnlyMemory<byte> Subkeys { get; init; }

    /// <summary>The attributes, as a blob.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>
    /// When it was written, by the clock of the server that took the write; <see cref="StoredTime.None"/> where servers keep no times.
    /// </summary>
    public StoredTime Modified => Time(AttributeNames.Modified);

    /// <summary>When its value ends; <see cref="StoredTime.None"/> for never.</summary>
    public StoredTime Expires => Time(AttributeNames.Expires);

    /// <summary>A copy of a key that is known by its bytes alone.</summary>
    /// <param name="key">The key.</param>
    public static StoredCopy Of(ReadOnlyMemory<byte> key) => new(K2hash.Hash(key.Span), K2hash.SecondHash(key.Span), key);

    /// <summary>Reads the blob in which a server sends one element of its store.</summary>
    /// <param name="blob">The blob; key and value are parts of it.</param>
    /// <exception cref="ProtocolException">Lengths do not fit.</exception>
    public static StoredCopy Read(ReadOnlyMemory<byte> blob)
    {
        if (blob.Length < HeadSize)
            throw new ProtocolException($"A stored element of {blob.Length} bytes is too short; {HeadSize} are needed.");
        return new StoredCopy(Number(blob, 0), Number(blob, 1), Part(blob, 2, 6))
        {
            Value = Part(blob, 3, 7),
            Subkeys = Part(blob, 4, 8),
            Attributes = Part(blob, 5, 9),
        };
    }

    /// <summary>Writes the blob in which a server sends one element of its store.</summary>
    public byte[] ToBlob()
    {
        ReadOnlyMemory<byte>[] parts = [Key, Value, Subkeys, Attributes];
        var blob = new byte[HeadSize + parts.Sum(p => p.Length)];
        Put(blob, 0, Hash);
        Put(blob, 1, SecondHash);
        var at = HeadSize;
        for (var i = 0; i < parts.Length; i++)
        {
            Put(blob, 2 + i, (ulong)parts[i].Length);
            Put(blob, 6 + i, (ulong)at);
            parts[i].Span.CopyTo(blob.AsSpan(at));
            at += parts[i].Length;
        }

        return blob;
    }

    private StoredTime Time(string name)
    {
        if (!AttributeList.TryDecode(Attributes, out var all)) return StoredTime.None;
        foreach (var attribute in all)
            if (attribute.Value.Length == TimeSize && attribute.Is(name) && StoredTime.TryRead(attribute.Value.Span, out var time))
                return time;
        return StoredTime.None;
    }

    private static ulong Number(ReadOnlyMemory<byte> blob, int index) => BinaryPrimitives.ReadUInt64LittleEndian(blob.Span[(index * 8)..]);

    private static void Put(byte[] blob, int index, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan(index * 8), value);

    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> blob, int lengthIndex, int positionIndex)
    {
        var length = Number(blob, lengthIndex);
        var position = Number(blob, positionIndex);
        if (length == 0) return default;
        if (position < HeadSize || position > (ulong)blob.Length || length > (ulong)blob.Length - position)
            throw new ProtocolException($"A stored element of {blob.Length} bytes has a part of {length} bytes at {position}.");
        return blob.Slice((int)position, (int)length);
    }
}
