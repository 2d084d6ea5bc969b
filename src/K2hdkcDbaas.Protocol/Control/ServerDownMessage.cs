using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Protocol.Control;

/// <summary>A server is gone (between servers).</summary>
/// <param name="Id">Its id.</param>
public sealed record ServerDownMessage(ulong Id) : ControlMessage(ControlMessageType.ServerDown)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize + sizeof(ulong);

    internal static ServerDownMessage ReadContent(ReadOnlySpan<byte> payload)
    {
        Need(payload, HeadSize + sizeof(ulong), ControlMessageType.ServerDown);
        return new ServerDownMessage(WireFields.UInt64(payload, HeadSize));
    }

    internal override void WriteContent(Span<byte> payload) => WireFields.PutUInt64(payload, HeadSize, Id);
}
