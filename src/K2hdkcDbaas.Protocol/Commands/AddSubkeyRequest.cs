namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Puts one name into the list of subkeys; a key without a list gets one.</summary>
/// <param name="Key">The key.</param>
/// <param name="Subkey">The name.</param>
public sealed record AddSubkeyRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Subkey) : CommandRequest
{
    internal const int Fixed = 73;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.AddSubkey;

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + Subkey.Length;

    internal static AddSubkeyRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var subkey = r.Data();
        var checkAttributes = r.Flag();
        return new AddSubkeyRequest(key, subkey) { CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(Subkey);
        writer.Flag(CheckAttributes);
    }
}
