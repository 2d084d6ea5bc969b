namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>
/// Overwrites a part of a value and extends it where needed. The gap before a position past the end holds no defined bytes.
/// </summary>
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
