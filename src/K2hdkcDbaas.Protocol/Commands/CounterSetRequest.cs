namespace K2hdkcDbaas.Protocol.Commands;

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
