using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Protocol.Control;

/// <summary>What chmpx versions a node speaks and is.</summary>
/// <param name="ProtocolVersion">The newest protocol version it speaks.</param>
/// <param name="CurrentVersion">The protocol version that its ring uses now.</param>
/// <param name="BinaryVersion">Its program's version: major number in the upper half, patch number in the lower.</param>
/// <param name="Version">Its program's version as text, such as <c>1.0.113</c>.</param>
/// <param name="Commit">The commit it was built from.</param>
public sealed record VersionResponse(ulong ProtocolVersion, ulong CurrentVersion, ulong BinaryVersion, string Version, string Commit)
    : ControlMessage(ControlMessageType.VersionResponse)
{
    private const int Length = 112;
    private const int TextLength = 32;

    /// <inheritdoc/>
    public override int EncodedLength => Length;

    internal static VersionResponse ReadContent(ReadOnlySpan<byte> payload)
    {
        Need(payload, Length, ControlMessageType.VersionResponse);
        return new VersionResponse(
            WireFields.UInt64(payload, 24), WireFields.UInt64(payload, 32), WireFields.UInt64(payload, 40),
            WireFields.Text(payload.Slice(48, TextLength)), WireFields.Text(payload.Slice(80, TextLength)));
    }

    internal override void WriteContent(Span<byte> payload)
    {
        WireFields.PutUInt64(payload, 24, ProtocolVersion);
        WireFields.PutUInt64(payload, 32, CurrentVersion);
        WireFields.PutUInt64(payload, 40, BinaryVersion);
        WireFields.PutText(payload.Slice(48, TextLength), Version, "version");
        WireFields.PutText(payload.Slice(80, TextLength), Commit, "commit");
    }
}
