namespace K2hdkcDbaas.Protocol.Commands;

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
