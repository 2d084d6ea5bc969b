namespace K2hdkcDbaas.Protocol.Commands;

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
