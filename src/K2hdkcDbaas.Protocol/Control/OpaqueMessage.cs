namespace K2hdkcDbaas.Protocol.Control;

/// <summary>A message whose content only servers understand; kept as bytes.</summary>
/// <param name="Type">Which message.</param>
/// <param name="Content">The bytes after the head.</param>
public sealed record OpaqueMessage(ControlMessageType Type, ReadOnlyMemory<byte> Content) : ControlMessage(Type)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize + Content.Length;

    internal static OpaqueMessage ReadContent(ControlMessageType type, ReadOnlySpan<byte> payload) =>
        new(type, payload[HeadSize..].ToArray());

    internal override void WriteContent(Span<byte> payload) => Content.Span.CopyTo(payload[HeadSize..]);
}
