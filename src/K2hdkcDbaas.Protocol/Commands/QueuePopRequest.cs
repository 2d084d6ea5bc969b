namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Takes the next item out of a queue. An empty queue is the error <see cref="ResultDetail.QueueEmpty"/>.</summary>
/// <param name="Prefix">The queue's name.</param>
public sealed record QueuePopRequest(ReadOnlyMemory<byte> Prefix) : CommandRequest
{
    internal const int Fixed = 75;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.QueuePop;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <summary>The oldest; else the newest.</summary>
    public bool IsFifo { get; init; } = true;

    /// <summary>Whether items are keys with values.</summary>
    public bool IsKeyQueue { get; init; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Prefix;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Prefix.Length + PassPhrase.Length;

    internal static QueuePopRequest Read(ref PayloadReader r)
    {
        var prefix = r.Data();
        var passPhrase = r.Data();
        var checkAttributes = r.Flag();
        var isFifo = r.Flag();
        var isKeyQueue = r.Flag();
        return new QueuePopRequest(prefix)
        {
            PassPhrase = passPhrase,
            CheckAttributes = checkAttributes,
            IsFifo = isFifo,
            IsKeyQueue = isKeyQueue
        };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Prefix);
        writer.Data(PassPhrase);
        writer.Flag(CheckAttributes);
        writer.Flag(IsFifo);
        writer.Flag(IsKeyQueue);
    }
}
