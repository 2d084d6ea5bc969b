namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Replaces the list of subkeys.</summary>
/// <param name="Key">The key.</param>
/// <param name="Subkeys">The list of subkeys, as a blob; empty for none.</param>
public sealed record SetSubkeysRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Subkeys) : CommandRequest
{
    internal const int Fixed = 72;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.SetSubkeys;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Subkeys.Length;

    internal static SetSubkeysRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var subkeys = r.Data();
        return new SetSubkeysRequest(key, subkeys);
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Subkeys);
    }
}
