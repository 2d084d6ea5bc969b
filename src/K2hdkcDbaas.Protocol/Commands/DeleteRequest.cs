namespace K2hdkcDbaas.Protocol.Commands;

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
