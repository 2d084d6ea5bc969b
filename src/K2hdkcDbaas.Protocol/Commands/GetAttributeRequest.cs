namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>
/// Reads one attribute. Real servers stay silent when the key has attributes but not this one: clients read all of them instead.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Name">The attribute's name; built-in names end with a NUL.</param>
public sealed record GetAttributeRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Name) : CommandRequest
{
    internal const int Fixed = 72;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.GetAttribute;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Name.Length;

    internal static GetAttributeRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var name = r.Data();
        return new GetAttributeRequest(key, name);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Name);
    }
}
