using System.Text;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>The attributes of one key, immutable. The two times are held as numbers, since nearly every key has just those.</summary>
internal sealed class EntryAttributes
{
    public static readonly EntryAttributes Empty = new(WireTime.None, WireTime.None, []);

    private static readonly byte[] ModifiedName = Name(AttributeNames.Modified);
    private static readonly byte[] ExpiresName = Name(AttributeNames.Expires);
    private static readonly byte[] Pbkdf2Name = Name(AttributeNames.EncryptedPbkdf2);
    private static readonly byte[] Md5Name = Name(AttributeNames.EncryptedMd5);
    private static readonly byte[] HistoryName = Name(AttributeNames.HistoryMark);

    private readonly KeyAttribute[] _others;

    private EntryAttributes(WireTime modified, WireTime expires, KeyAttribute[] others)
    {
        Modified = modified;
        Expires = expires;
        _others = others;
    }

    /// <summary>Time of the last write of the value, or none.</summary>
    public WireTime Modified { get; }

    /// <summary>Time from which the key reads as missing, or none.</summary>
    public WireTime Expires { get; }

    public bool IsEmpty => Modified.IsNone && Expires.IsNone && _others.Length == 0;

    /// <summary>Bytes that they take in the store.</summary>
    public int Length =>
        IsEmpty ? 0 : 8 + Cost(Modified, ModifiedName) + Cost(Expires, ExpiresName) + _others.Sum(a => 16 + a.Name.Length + a.Value.Length);

    /// <summary>Reads a stored or received blob; what follows a broken part is dropped, as the servers do it.</summary>
    public static EntryAttributes Read(ReadOnlyMemory<byte> blob)
    {
        if (!AttributeList.TryDecode(blob, out var list)) return Empty;
        var read = Empty;
        foreach (var attribute in list)
            if (!attribute.Name.IsEmpty) read = read.With(attribute.Name, attribute.Value);
        return read;
    }

    public bool IsExpired(WireTime now) => !Expires.IsNone && Expires < now;

    /// <summary>Whether the key is only kept as history of another one.</summary>
    public bool IsHistory => Find(HistoryName) is { Length: 1 } mark && mark.Span[0] != 0;

    /// <summary>Digest of the pass phrase, and which of the two formats the value has; null for a plain value.</summary>
    public (ReadOnlyMemory<byte> Digest, bool IsPbkdf2)? Encryption =>
        _others.Length == 0
            ? null
            : Find(Pbkdf2Name) is { IsEmpty: false } digest
            ? (digest, true)
            : Find(Md5Name) is { IsEmpty: false } old ? (old, false) : null;

    public EntryAttributes WithTimes(WireTime modified, WireTime expires) => new(modified, expires, _others);

    public EntryAttributes WithEncryption(byte[]? digest)
    {
        // Only the mark of the current format is taken away: the servers leave the other one alone.
        var others = _others.Where(a => !a.Name.Span.SequenceEqual(Pbkdf2Name));
        if (digest is not null) others = others.Append(new KeyAttribute(Pbkdf2Name, digest));
        return new EntryAttributes(Modified, Expires, others.ToArray());
    }

    /// <summary>Value of the attribute with exactly these name bytes (built-in names end with NUL), or null.</summary>
    public ReadOnlyMemory<byte>? Find(ReadOnlySpan<byte> name)
    {
        if (!Modified.IsNone && name.SequenceEqual(ModifiedName)) return Modified.ToArray();
        if (!Expires.IsNone && name.SequenceEqual(ExpiresName)) return Expires.ToArray();
        foreach (var other in _others)
            if (name.SequenceEqual(other.Name.Span)) return other.Value;
        return null;
    }

    /// <summary>The blob as it goes over the wire: sorted by name.</summary>
    public byte[] Encode()
    {
        if (IsEmpty) return [];
        var list = new List<KeyAttribute>(_others.Length + 2);
        if (!Modified.IsNone) list.Add(new KeyAttribute(ModifiedName, Modified.ToArray()));
        if (!Expires.IsNone) list.Add(new KeyAttribute(ExpiresName, Expires.ToArray()));
        list.AddRange(_others);
        return AttributeList.Encode(list);
    }

    private EntryAttributes With(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value)
    {
        if (WireTime.TryRead(value.Span, out var time))
        {
            if (name.Span.SequenceEqual(ModifiedName)) return new EntryAttributes(time, Expires, _others);
            if (name.Span.SequenceEqual(ExpiresName)) return new EntryAttributes(Modified, time, _others);
        }

        var copy = new KeyAttribute(name.ToArray(), value.ToArray());
        return new EntryAttributes(Modified, Expires, [.. _others.Where(a => !a.Name.Span.SequenceEqual(name.Span)), copy]);
    }

    private static int Cost(WireTime time, byte[] name) => time.IsNone ? 0 : 16 + name.Length + WireTime.Size;

    private static byte[] Name(string text) => Encoding.ASCII.GetBytes(text + "\0");
}
