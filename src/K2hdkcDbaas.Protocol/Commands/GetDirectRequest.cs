namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>
/// Reads a part of a value as stored. Reading past the end yields the shorter rest; a missing key is the error
/// <see cref="ResultDetail.DirectOpen"/>.
/// </summary>
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
