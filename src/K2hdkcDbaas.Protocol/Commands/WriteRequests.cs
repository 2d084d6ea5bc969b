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
    /// Bytes of a value that its sender lets follow the written command, for one too large for memory; <see cref="Value"/> is empty then. 0 for none.
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
        return new SetRequest(key, value) { Attributes = attributes, PassPhrase = passPhrase, Expiry = expiry, RemoveSubkeys = removeSubkeys, QueueKind = queueKind };
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

/// <summary>Overwrites a part of a value and extends it where needed. The gap before a position past the end holds no defined bytes.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes; none is invalid.</param>
/// <param name="Position">Where to write; negative is invalid.</param>
public sealed record SetDirectRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, long Position) : CommandRequest
{
    internal const int Fixed = 80;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.SetDirect;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Value.Length;

    internal static SetDirectRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var value = r.Data();
        var position = r.Int64();
        return new SetDirectRequest(key, value, position);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Value);
        writer.Int64(Position);
    }
}

/// <summary>Replaces the list of subkeys.</summary>
/// <param name="Key">The key.</param>
/// <param name="Subkeys">The list of subkeys, as a blob; empty for none.</param>
public sealed record SetSubkeysRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Subkeys) : CommandRequest
{
    internal const int Fixed = 72;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.SetSubkeys;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Subkeys.Length;

    internal static SetSubkeysRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var subkeys = r.Data();
        return new SetSubkeysRequest(key, subkeys);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Subkeys);
    }
}

/// <summary>Replaces value, subkeys and attributes with exactly what is given.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="Subkeys">The list of subkeys, as a blob; empty for none.</param>
/// <param name="Attributes">Attributes to store, as a blob; empty for the server's own.</param>
public sealed record SetAllRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Subkeys, ReadOnlyMemory<byte> Attributes) : CommandRequest
{
    internal const int Fixed = 104;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.SetAll;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Value.Length + Subkeys.Length + Attributes.Length;

    internal static SetAllRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var value = r.Data();
        var subkeys = r.Data();
        var attributes = r.Data();
        return new SetAllRequest(key, value, subkeys, attributes);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Value);
        writer.Data(Subkeys);
        writer.Data(Attributes);
    }
}

/// <summary>Puts one name into the list of subkeys; a key without a list gets one.</summary>
/// <param name="Key">The key.</param>
/// <param name="Subkey">The name.</param>
public sealed record AddSubkeyRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Subkey) : CommandRequest
{
    internal const int Fixed = 73;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.AddSubkey;

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Subkey.Length;

    internal static AddSubkeyRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var subkey = r.Data();
        var checkAttributes = r.Flag();
        return new AddSubkeyRequest(key, subkey) { CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Subkey);
        writer.Flag(CheckAttributes);
    }
}

/// <summary>Takes one name out of the list of subkeys. A list without it is an error, no list at all is none.</summary>
/// <param name="Key">The key.</param>
/// <param name="Subkey">The name.</param>
public sealed record RemoveSubkeyRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Subkey) : CommandRequest
{
    internal const int Fixed = 73;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.RemoveSubkey;

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Subkey.Length;

    internal static RemoveSubkeyRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var subkey = r.Data();
        var checkAttributes = r.Flag();
        return new RemoveSubkeyRequest(key, subkey) { CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Subkey);
        writer.Flag(CheckAttributes);
    }
}

/// <summary>Deletes a key, not its subkeys. A missing key is no error.</summary>
/// <param name="Key">The key.</param>
public sealed record DeleteRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 56;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.Delete;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => Key.Length;

    internal static DeleteRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        return new DeleteRequest(key);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
    }
}

/// <summary>Gives a key another name; subkeys and attributes go along. A missing key is the error <see cref="ResultDetail.NoData"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="NewKey">The new name.</param>
public sealed record RenameRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> NewKey) : CommandRequest
{
    internal const int Fixed = 89;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.Rename;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + NewKey.Length + PassPhrase.Length;

    internal static RenameRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var newKey = r.Data();
        var passPhrase = r.Data();
        var checkAttributes = r.Flag();
        return new RenameRequest(key, newKey) { PassPhrase = passPhrase, CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(NewKey);
        writer.Data(PassPhrase);
        writer.Flag(CheckAttributes);
    }
}

/// <summary>Creates or replaces a counter.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">1, 2, 4 or 8 bytes, little-endian.</param>
public sealed record CounterInitRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value) : CommandRequest
{
    internal const int Fixed = 97;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.CounterInit;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Seconds from now after which the value is gone; null for never.</summary>
    public long? Expiry { get; init; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Value.Length + PassPhrase.Length;

    internal static CounterInitRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var value = r.Data();
        var passPhrase = r.Data();
        var expiry = r.Expiry();
        return new CounterInitRequest(key, value) { PassPhrase = passPhrase, Expiry = expiry };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Value);
        writer.Data(PassPhrase);
        writer.Expiry(Expiry);
    }
}

/// <summary>Sets a counter if it has the expected value; else the error <see cref="ResultDetail.NotSameValue"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Expected">The value it must have.</param>
/// <param name="Value">The value to give it.</param>
public sealed record CounterSetRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte> Value) : CommandRequest
{
    internal const int Fixed = 114;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.CounterSet;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Seconds from now after which the value is gone; null for never.</summary>
    public long? Expiry { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Expected.Length + Value.Length + PassPhrase.Length;

    internal static CounterSetRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var expected = r.Data();
        var value = r.Data();
        var passPhrase = r.Data();
        var expiry = r.Expiry();
        var checkAttributes = r.Flag();
        return new CounterSetRequest(key, expected, value) { PassPhrase = passPhrase, Expiry = expiry, CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Expected);
        writer.Data(Value);
        writer.Data(PassPhrase);
        writer.Expiry(Expiry);
        writer.Flag(CheckAttributes);
    }
}

/// <summary>Adds one to a counter or takes one from it; it wraps at its width.</summary>
/// <param name="Key">The key.</param>
public sealed record CounterStepRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 83;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.CounterStep;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Seconds from now after which the value is gone; null for never.</summary>
    public long? Expiry { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <summary>Up or down.</summary>
    public bool IsIncrement { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + PassPhrase.Length;

    internal static CounterStepRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var passPhrase = r.Data();
        var expiry = r.Expiry();
        var checkAttributes = r.Flag();
        var isIncrement = r.Flag();
        return new CounterStepRequest(key) { PassPhrase = passPhrase, Expiry = expiry, CheckAttributes = checkAttributes, IsIncrement = isIncrement };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(PassPhrase);
        writer.Expiry(Expiry);
        writer.Flag(CheckAttributes);
        writer.Flag(IsIncrement);
    }
}
