namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>Reads the names of the subkeys.</summary>
/// <param name="Key">The key.</param>
public sealed record GetSubkeysRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 57;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.GetSubkeys;

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => Key.Length;

    internal static GetSubkeysRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var checkAttributes = r.Flag();
        return new GetSubkeysRequest(key) { CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Flag(CheckAttributes);
    }
}
