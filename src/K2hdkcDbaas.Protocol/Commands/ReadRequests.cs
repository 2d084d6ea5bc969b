namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Reads a value. A missing key, an empty, an expired and a locked value are all answered with <see cref="ResultDetail.NoData"/>.</summary>
/// <param name="Key">The key.</param>
public sealed record GetRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 73;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.Get;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + PassPhrase.Length;

    internal static GetRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var passPhrase = r.Data();
        var checkAttributes = r.Flag();
        return new GetRequest(key) { PassPhrase = passPhrase, CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(PassPhrase);
        writer.Flag(CheckAttributes);
    }
}

/// <summary>Reads a part of a value as stored. Reading past the end yields the shorter rest; a missing key is the error <see cref="ResultDetail.DirectOpen"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Length">How many bytes; 0 is invalid.</param>
/// <param name="Position">Where to start; negative is invalid.</param>
public sealed record GetDirectRequest(ReadOnlyMemory<byte> Key, ulong Length, long Position) : CommandRequest
{
    internal const int Fixed = 72;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.GetDirect;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => Key.Length;

    internal static GetDirectRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var length = r.UInt64();
        var position = r.Int64();
        return new GetDirectRequest(key, length, position);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.UInt64(Length);
        writer.Int64(Position);
    }
}

/// <summary>Reads the names of the subkeys.</summary>
/// <param name="Key">The key.</param>
public sealed record GetSubkeysRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 57;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.GetSubkeys;

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => Key.Length;

    internal static GetSubkeysRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var checkAttributes = r.Flag();
        return new GetSubkeysRequest(key) { CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Flag(CheckAttributes);
    }
}

/// <summary>Reads all attributes.</summary>
/// <param name="Key">The key.</param>
public sealed record GetAttributesRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 56;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.GetAttributes;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => Key.Length;

    internal static GetAttributesRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        return new GetAttributesRequest(key);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
    }
}

/// <summary>Reads one attribute. Real servers stay silent when the key has attributes but not this one: clients read all of them instead.</summary>
/// <param name="Key">The key.</param>
/// <param name="Name">The attribute's name; built-in names end with a NUL.</param>
public sealed record GetAttributeRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Name) : CommandRequest
{
    internal const int Fixed = 72;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.GetAttribute;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Name.Length;

    internal static GetAttributeRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var name = r.Data();
        return new GetAttributeRequest(key, name);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Name);
    }
}

/// <summary>Reads a counter.</summary>
/// <param name="Key">The key.</param>
public sealed record CounterGetRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 73;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.CounterGet;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + PassPhrase.Length;

    internal static CounterGetRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var passPhrase = r.Data();
        var checkAttributes = r.Flag();
        return new CounterGetRequest(key) { PassPhrase = passPhrase, CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(PassPhrase);
        writer.Flag(CheckAttributes);
    }
}

/// <summary>Reads the state of a server's store.</summary>
/// <param name="NodeId">The server's own id; another is the error <see cref="ResultDetail.NotSameNode"/>.</param>
/// <param name="BaseSlot">The server's slot; also what the command is routed by.</param>
public sealed record StateRequest(ulong NodeId, ulong BaseSlot) : CommandRequest
{
    internal const int Fixed = 56;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.State;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => default;

    /// <inheritdoc/>
    public override ulong RoutingHash => BaseSlot;

    internal override int FixedSize => Fixed;

    internal override long DataSize => 0;

    internal static StateRequest Read(ref PayloadReader r)
    {
        var nodeId = r.UInt64();
        var baseSlot = r.UInt64();
        return new StateRequest(nodeId, baseSlot);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.UInt64(NodeId);
        writer.UInt64(BaseSlot);
    }
}
