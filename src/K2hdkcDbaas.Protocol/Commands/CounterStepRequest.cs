namespace K2hdkcDbaas.Protocol.Commands;

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
        return new CounterStepRequest(key)
        {
            PassPhrase = passPhrase,
            Expiry = expiry,
            CheckAttributes = checkAttributes,
            IsIncrement = isIncrement
        };
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
