namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>
/// Reads a value. A missing key, an empty, an expired and a locked value are all answered with <see cref="ResultDetail.NoData"/>.
/// </summary>
/// <param name="Key">The key.</param>
public sealed record GetRequest(ReadOnlyMemory<byte> Key) : CommandRequest
{
    internal const int Fixed = 73;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.Get;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + PassPhrase.Length;

    internal static GetRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var passPhrase = r.Data();
        var checkAttributes = r.Flag();
        return new GetRequest(key) { PassPhrase = passPhrase, CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(PassPhrase);
        writer.Flag(CheckAttributes);
    }
}
