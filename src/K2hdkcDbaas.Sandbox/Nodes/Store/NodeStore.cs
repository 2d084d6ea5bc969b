using System.Diagnostics.CodeAnalysis;

namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>The keys that one node holds. Not safe for use from several threads: its ring's lock guards it.</summary>
internal sealed class NodeStore
{
    private readonly Dictionary<byte[], Entry> _entries = new(KeyComparer.Instance);
    private readonly Dictionary<byte[], Entry>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    public NodeStore() => _byBytes = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _entries.Count;

    /// <summary>Bytes of keys, values, subkey lists and attributes.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Time of the last change that a client asked for, as the state command reports it; copies from other nodes do not count.
    /// </summary>
    public DateTimeOffset LastUpdate { get; private set; }

    public Entry? Find(ReadOnlySpan<byte> key) => _byBytes.TryGetValue(key, out var entry) ? entry : null;

    /// <summary>Finds a key and the array that it is stored under, which copies may share.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, [MaybeNullWhen(false)] out byte[] stored, [MaybeNullWhen(false)] out Entry entry) =>
        _byBytes.TryGetValue(key, out stored, out entry);

    public void Put(ReadOnlySpan<byte> key, Entry entry, DateTimeOffset now)
    {
        if (_byBytes.TryGetValue(key, out var known, out var old))
        {
            Bytes += Size(known, entry) - Size(known, old);
            _entries[known] = entry;
        }
        else
        {
            var copy = key.ToArray();
            Bytes += Size(copy, entry);
            _entries.Add(copy, entry);
        }

        Touch(now);
    }

    /// <summary>Takes the key's array as it is: for the copies of a key that share it.</summary>
    public void PutShared(byte[] key, Entry entry)
    {
        if (_entries.TryGetValue(key, out var old)) Bytes -= Size(key, old);
        _entries[key] = entry;
        Bytes += Size(key, entry);
    }

    public bool Remove(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        if (!Drop(key)) return false;
        Touch(now);
        return true;
    }

    /// <summary>Removes a key that another node no longer has.</summary>
    public bool Drop(ReadOnlySpan<byte> key)
    {
        if (!_byBytes.Remove(key, out var known, out var old)) return false;
        Bytes -= Size(known, old);
        return true;
    }

    /// <summary>Notes a change at a time.</summary>
    public void Touch(DateTimeOffset now) => LastUpdate = now;

    public void Clear()
    {
        _entries.Clear();
        Bytes = 0;
    }

    /// <summary>The keys at this moment; entries may change while a merge goes through them.</summary>
    public byte[][] Keys() => [.. _entries.Keys];

    public KeyValuePair<byte[], Entry>[] ToArray() => [.. _entries];

    private static int Size(byte[] key, Entry entry) => key.Length + entry.Value.Length + entry.Subkeys.Length + entry.Attributes.Length;

    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        // Seeded per process: keys come from strangers.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
