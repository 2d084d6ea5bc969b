namespace K2hdkcDbaas.Sandbox.Nodes.Store;

/// <summary>What a node stores under one key. Immutable, so that the copies on several nodes share one object.</summary>
internal sealed class Entry(byte[] value, byte[] subkeys, EntryAttributes attributes)
{
    /// <summary>The value as stored: encrypted ones as the encrypted bytes.</summary>
    public byte[] Value { get; } = value;

    /// <summary>The subkey list in its wire form, sorted; empty without any.</summary>
    public byte[] Subkeys { get; } = subkeys;

    public EntryAttributes Attributes { get; } = attributes;

    public bool IsEmpty => Value.Length == 0 && Subkeys.Length == 0 && Attributes.IsEmpty;

    public Entry WithValue(byte[] value) => new(value, Subkeys, Attributes);

    public Entry WithSubkeys(byte[] subkeys) => new(Value, subkeys, Attributes);

    public Entry WithAttributes(EntryAttributes attributes) => new(Value, Subkeys, attributes);

    /// <summary>Whether reads that look at the attributes see the key.</summary>
    public bool IsVisible(WireTime now) => !Attributes.IsExpired(now) && !Attributes.IsHistory;
}
