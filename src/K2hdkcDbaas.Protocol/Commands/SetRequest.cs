namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Writes a value; an empty one is allowed.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public sealed record SetRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value) : CommandRequest
{
    internal const int Fixed = 122;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.Set;

    /// <summary>Attributes to store, as a blob; empty for the server's own.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>
    /// Bytes of a value that its sender lets follow the written command, for one too large for memory; <see cref="Value"/> is empty then. 0
    /// for none.
    /// </summary>
    public long FollowingLength { get; init; }

    /// <summary>Seconds from now after which the value is gone; null for never.</summary>
    public long? Expiry { get; init; }

    /// <summary>Whether the list of subkeys is cleared; else it is kept.</summary>
    public bool RemoveSubkeys { get; init; }

    /// <summary>0 for a plain key; 1 queue key and 2 key-queue key, between servers.</summary>
    public ulong QueueKind { get; init; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Value.Length + Attributes.Length + PassPhrase.Length;

    internal override long FollowingSize => FollowingLength;

    internal static SetRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var value = r.Data();
        var attributes = r.Data();
        var passPhrase = r.Data();
        var expiry = r.Expiry();
        var removeSubkeys = r.Flag();
        var queueKind = r.UInt64();
        return new SetRequest(key, value)
        {
            Attributes = attributes,
            PassPhrase = passPhrase,
            Expiry = expiry,
            RemoveSubkeys = removeSubkeys,
            QueueKind = queueKind
        };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        if (FollowingLength > 0) writer.Following();
        else writer.Data(Value);
        writer.Data(Attributes);
        writer.Data(PassPhrase);
        writer.Expiry(Expiry);
        writer.Flag(RemoveSubkeys);
        writer.UInt64(QueueKind);
    }
}
