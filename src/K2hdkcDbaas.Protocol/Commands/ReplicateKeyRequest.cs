namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Copies a key to another server (between servers only).</summary>
/// <param name="Hash">The key's hash.</param>
/// <param name="SecondHash">The key's second hash.</param>
/// <param name="Key">The key.</param>
public sealed record ReplicateKeyRequest(ulong Hash, ulong SecondHash, ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 136;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.ReplicateKey;

    /// <summary>The value.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The list of subkeys, as a blob; empty for none.</summary>
    public ReadOnlyMemory<byte> Subkeys { get; init; }

    /// <summary>Attributes to store, as a blob; empty for the server's own.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>When it was written: seconds since 1970.</summary>
    public ulong Seconds { get; init; }

    /// <summary>And nanoseconds within the second.</summary>
    public ulong Nanoseconds { get; init; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    /// <inheritdoc/>
    public override ulong RoutingHash => Hash;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Value.Length + Subkeys.Length + Attributes.Length;

    internal static ReplicateKeyRequest Read(ref PayloadReader r)
    {
        var hash = r.UInt64();
        var secondHash = r.UInt64();
        var key = r.Data();
        var value = r.Data();
        var subkeys = r.Data();
        var attributes = r.Data();
        var seconds = r.UInt64();
        var nanoseconds = r.UInt64();
        return new ReplicateKeyRequest(hash, secondHash, key)
        {
            Value = value,
            Subkeys = subkeys,
            Attributes = attributes,
            Seconds = seconds,
            Nanoseconds = nanoseconds
        };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.UInt64(Hash);
        writer.UInt64(SecondHash);
        writer.Data(Key);
        writer.Data(Value);
        writer.Data(Subkeys);
        writer.Data(Attributes);
        writer.UInt64(Seconds);
        writer.UInt64(Nanoseconds);
    }
}
