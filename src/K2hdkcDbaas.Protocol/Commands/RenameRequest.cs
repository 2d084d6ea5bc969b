namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>
/// Gives a key another name; subkeys and attributes go along. A missing key is the error <see cref="ResultDetail.NoData"/>.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="NewKey">The new name.</param>
public sealed record RenameRequest(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> NewKey) : CommandRequest
{
    internal const int Fixed = 89;

    /// <inheritdoc/>
    public override CommandType Command => CommandType.Rename;

    /// <summary>The pass phrase as on the wire: its UTF-8 bytes and a NUL; empty for none.</summary>
    public ReadOnlyMemory<byte> PassPhrase { get; init; }

    /// <summary>Whether expiry and encryption are looked at; without, the stored bytes are what they are.</summary>
    public bool CheckAttributes { get; init; } = true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> RoutingKey => Key;

    internal override int FixedSize => Fixed;

    internal override long DataSize => (long)Key.Length + NewKey.Length + PassPhrase.Length;

    internal static RenameRequest Read(ref PayloadReader r)
    {
        var key = r.Data();
        var newKey = r.Data();
        var passPhrase = r.Data();
        var checkAttributes = r.Flag();
        return new RenameRequest(key, newKey) { PassPhrase = passPhrase, CheckAttributes = checkAttributes };
    }

    internal override void WriteFields(ref PayloadWriter writer)
    {
        writer.Data(Key);
        writer.Data(NewKey);
        writer.Data(PassPhrase);
        writer.Flag(CheckAttributes);
    }
}
