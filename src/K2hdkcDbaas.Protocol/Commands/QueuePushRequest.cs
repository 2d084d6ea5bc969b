namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Puts an item into a queue, or a key and its value into a key queue.</summary>
/// <param name="Prefix">The queue's name.</param>
/// <param name="Value">The item, or the value of <see cref="ItemKey"/>.</param>
public sealed record QueuePushRequest(ReadOnlyMemory<byte> Prefix, ReadOnlyMemory<byte> Value) : CommandRequest
{
    internal const int Fixed = 132;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.QueuePush;

    /// <summary>The key of a key queue's item; empty for a plain queue.</summary>
    public ReadOnlyMemory<byte> ItemKey { get; init; }

    /// <summary>Attributes to store, as a blob; empty for the server's own.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Seconds from now after which the value is gone; null for never.</summary>
    public long? Expiry { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <summary>First in, first out; else last in, first out.</summary>
    public bool IsFifo { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Prefix;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Prefix.Length + ItemKey.Length + Value.Length + Attributes.Length + PassPhrase.Length;

    internal static QueuePushRequest Read(ref PayloadReader r)
    {
        r.Flag();
        var prefix = r.Data();
        var itemKey = r.Data();
        var value = r.Data();
        var attributes = r.Data();
        var passPhrase = r.Data();
        var expiry = r.Expiry();
        var checkAttributes = r.Flag();
        var isFifo = r.Flag();
        return new QueuePushRequest(prefix, value)
        {
            ItemKey = itemKey,
            Attributes = attributes,
            PassPhrase = passPhrase,
            Expiry = expiry,
            CheckAttributes = checkAttributes,
            IsFifo = isFifo
        };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Flag(IsFifo);
        writer.Data(Prefix);
        writer.Data(ItemKey);
        writer.Data(Value);
        writer.Data(Attributes);
        writer.Data(PassPhrase);
        writer.Expiry(Expiry);
        writer.Flag(CheckAttributes);
        writer.Flag(IsFifo);
    }
}
