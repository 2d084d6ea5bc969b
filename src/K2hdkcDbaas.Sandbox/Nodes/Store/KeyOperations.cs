using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>Which attributes a write sets, by what the key is for.</summary>
internal enum WriteKind
{
    /// <summary>Ordinary key.</summary>
    Normal,

    /// <summary>Item of a queue: an expiry that came with it stays.</summary>
    QueueItem,

    /// <summary>Item of a key queue, or a queue's marker: no attribute at all.</summary>
    Bare,
}

/// <summary>Reads and writes of single keys with the meaning that k2hash gives them, its quirks included.</summary>
internal sealed class KeyOperations(NodeStore store, TimeProvider clock)
{
    private static readonly byte[] NoBytes = [];

    public NodeStore Store { get; } = store;

    public WireTime Now => WireTime.From(clock.GetUtcNow());

    /// <summary>The value; null for a missing key or an empty value, and with <paramref name="check"/> also for one that has expired
    /// or is sealed with another pass phrase.</summary>
    public byte[]? Read(ReadOnlySpan<byte> key, bool check, ReadOnlyMemory<byte> passPhrase)
    {
        var entry = Store.Find(key);
        if (entry is null || entry.Value.Length == 0) return null;
        if (!check) return entry.Value;
        if (!entry.IsVisible(Now)) return null;
        if (entry.Attributes.Encryption is not { } encryption) return entry.Value;
        var pass = ValueCipher.PassPhrase(passPhrase);
        if (pass is null || !encryption.Digest.Span.SequenceEqual(ValueCipher.Digest(pass))) return null;
        return ValueCipher.Decrypt(pass, entry.Value, encryption.IsPbkdf2) is { Length: > 0 } plain ? plain : null;
    }

    /// <summary>The subkey list; null when there is none or, with <paramref name="check"/>, when the key has expired.</summary>
    public byte[]? Subkeys(ReadOnlySpan<byte> key, bool check)
    {
        var entry = Store.Find(key);
        return entry is null || entry.Subkeys.Length == 0 || (check && !entry.IsVisible(Now)) ? null : entry.Subkeys;
    }

    /// <summary>Writes a key anew: attributes that are not given again are gone.</summary>
    /// <returns>False, with the key removed, for a negative expiry: the servers take the old key away before they look at it.</returns>
    public bool Write(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, byte[]? subkeys, EntryAttributes attributes, ReadOnlyMemory<byte> passPhrase,
        long? expiry, WriteKind kind = WriteKind.Normal)
    {
        var time = clock.GetUtcNow();
        if (expiry < 0)
        {
            Store.Remove(key, time);
            return false;
        }

        byte[] stored;
        if (kind == WriteKind.Bare)
        {
            attributes = attributes.WithTimes(WireTime.None, WireTime.None).WithEncryption(null);
            stored = value.ToArray();
        }
        else
        {
            var now = WireTime.From(time);
            var expires = expiry is { } seconds ? now.AddSeconds(seconds) : WireTime.None;
            if (kind == WriteKind.QueueItem && !attributes.Expires.IsNone) expires = attributes.Expires;
            attributes = attributes.WithTimes(now, expires);
            var pass = value.IsEmpty ? null : ValueCipher.PassPhrase(passPhrase);
            if (pass is not null || attributes.Encryption is not null)
                attributes = attributes.WithEncryption(pass is null ? null : ValueCipher.Digest(pass));
            stored = pass is null ? value.ToArray() : ValueCipher.Encrypt(pass, value);
        }

        Store.Put(key, new Entry(stored, subkeys ?? NoBytes, attributes), time);
        return true;
    }

    /// <summary>Writes a value and keeps what else the key has (counters).</summary>
    public bool Rewrite(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ReadOnlyMemory<byte> passPhrase, long? expiry) =>
        Write(key, value, Subkeys(key, check: true), Store.Find(key)?.Attributes ?? EntryAttributes.Empty, passPhrase, expiry);

    /// <summary>Replaces the subkey list only; a missing key is made with no value.</summary>
    public bool ReplaceSubkeys(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> blob)
    {
        var known = Store.Find(key);
        if (!TryNormalise(blob, out var subkeys) && known is null) return false;
        if (known is null) return Write(key, default, subkeys, EntryAttributes.Empty, default, null);
        Store.Put(key, known.WithSubkeys(subkeys), clock.GetUtcNow());
        return true;
    }

    /// <summary>Replaces value, subkeys and attributes; an empty list or attribute blob leaves what the key has.</summary>
    public bool ReplaceAll(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value, ReadOnlyMemory<byte> subkeys,
        ReadOnlyMemory<byte> attributes)
    {
        if (Store.Find(key) is { } known) Store.Put(key, known.WithValue(value.ToArray()), clock.GetUtcNow());
        else Write(key, value.Span, null, EntryAttributes.Empty, default, null);
        if (!subkeys.IsEmpty && !ReplaceSubkeys(key, subkeys)) return false;
        if (!attributes.IsEmpty) Store.Put(key, Store.Find(key)!.WithAttributes(EntryAttributes.Read(attributes)), clock.GetUtcNow());
        return true;
    }

    /// <summary>Writes into a value from a position on; a gap before it is filled.</summary>
    public bool WriteAt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> part, long position)
    {
        var known = Store.Find(key);
        if (known is null)
        {
            Write(key, default, null, EntryAttributes.Empty, default, null);
            known = Store.Find(key)!;
        }

        var end = position + part.Length;
        if (end > Array.MaxLength) return false;
        var value = new byte[Math.Max(known.Value.Length, end)];
        known.Value.CopyTo(value, 0);
        part.CopyTo(value.AsSpan((int)position));
        Store.Put(key, known.WithValue(value), clock.GetUtcNow());
        return true;
    }

    public void Remove(ReadOnlySpan<byte> key) => Store.Remove(key, clock.GetUtcNow());

    /// <summary>
    /// Takes over a key from another node unless what is here is as new: the arbitration of k2hash, by the time of the last value.
    /// </summary>
    /// <param name="key">The key; the array is kept.</param>
    /// <param name="entry">What the other node has; null or empty for nothing.</param>
    /// <param name="sent">When it was sent.</param>
    public void Accept(byte[] key, Entry? entry, WireTime sent)
    {
        var known = Store.Find(key);
        if (known is not null && !known.Attributes.IsExpired(Now) && !known.Attributes.Modified.IsNone)
        {
            var modified = known.Attributes.Modified;
            if (sent <= modified || entry is null || entry.Attributes.Modified.IsNone || entry.Attributes.Modified <= modified) return;
        }

        if (entry is null || entry.IsEmpty) Store.Drop(key);
        else Store.PutShared(key, entry);
    }

    /// <summary>Removes a key that another node has removed, unless what is here is newer.</summary>
    /// <returns>False when it is.</returns>
    public bool AcceptRemoval(ReadOnlySpan<byte> key, WireTime sent)
    {
        if (Store.Find(key) is { } known && !known.Attributes.Modified.IsNone && sent < known.Attributes.Modified) return false;
        Remove(key);
        return true;
    }

    private static bool TryNormalise(ReadOnlyMemory<byte> blob, out byte[] subkeys)
    {
        subkeys = NoBytes;
        if (!SubkeyList.TryDecode(blob, out var names)) return false;
        subkeys = SubkeyList.Encode(names.Where(n => !n.IsEmpty));
        return true;
    }
}
