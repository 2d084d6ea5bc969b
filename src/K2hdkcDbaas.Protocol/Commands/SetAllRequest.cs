namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Replaces value, subkeys and attributes with exactly what is given.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="Subkeys">The list of subkeys, as a blob; empty for none.</param>
/// <param name="Attributes">Attributes to store, as a blob; empty for the server's own.</param>
public sealed record SetAllRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Subkeys,
    ReadOnlyMemory<byte> Attributes) : CommandRequest
{
    internal const int Fixed = 104;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.SetAll;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Value.Length + Subkeys.Length + Attributes.Length;

    internal static SetAllRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var value = r.Data();
        var subkeys = r.Data();
        var attributes = r.Data();
        return new SetAllRequest(key, value, subkeys, attributes);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Value);
        writer.Data(Subkeys);
        writer.Data(Attributes);
    }
}
