using System.Buffers.Binary;
using System.Text;

namespace K2hdkcDbaas.Protocol.Values;

/// <summary>One attribute of a key.</summary>
/// <param name="Name">Its name; built-in names end with a NUL.</param>
/// <param name="Value">Its value.</param>
public readonly record struct KeyAttribute(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>The name as text, without a trailing NUL.</summary>
    public string DisplayName => Encoding.UTF8.GetString(Name.Span.TrimEnd((byte)0));

    /// <summary>Whether it has this name, NUL or not.</summary>
    /// <param name="name">A name from <see cref="AttributeNames"/> or any other.</param>
    public bool Is(string name) => DisplayName == name;

    /// <summary>The time that the value holds, for <c>mtime</c> and <c>expire</c>.</summary>
    /// <param name="time">The time.</param>
    /// <returns>False when the value has not the form of a time.</returns>
    public bool TryGetTime(out DateTimeOffset time)
    {
        time = default;
        if (Value.Length != 16) return false;
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(Value.Span);
        var nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(Value.Span[8..]);
        if (seconds is < -62135596800 or > 253402300799 || nanoseconds is < 0 or > 999_999_999) return false;
        time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100);
        return true;
    }

    /// <summary>A time as an attribute's value: seconds and nanoseconds, 16 bytes.</summary>
    /// <param name="time">The time.</param>
    public static byte[] EncodeTime(DateTimeOffset time)
    {
        var value = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(value, time.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(8), (time.UtcTicks % TimeSpan.TicksPerSecond + TimeSpan.TicksPerSecond) % TimeSpan.TicksPerSecond * 100);
        return value;
    }
}

/// <summary>Names of the attributes that servers set by themselves, without their trailing NUL.</summary>
public static class AttributeNames
{
    /// <summary>When the value was written.</summary>
    public const string Modified = "mtime";

    /// <summary>When the value ends.</summary>
    public const string Expires = "expire";

    /// <summary>The value is encrypted (default method); holds a hash of the pass phrase.</summary>
    public const string EncryptedPbkdf2 = "aes256_cbc_pad.pbkdf2.sha256";

    /// <summary>The value is encrypted (older method); holds a hash of the pass phrase.</summary>
    public const string EncryptedMd5 = "aes256md5";

    /// <summary>Id of this version of the value, where history is kept.</summary>
    public const string UniqueId = "uniqid";

    /// <summary>Id of the version before.</summary>
    public const string ParentUniqueId = "parentuniqid";

    /// <summary>Marks an older version.</summary>
    public const string HistoryMark = "hismark";
}

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
