namespace K2hdkcDbaas.Protocol.Control;

/// <summary>Whether merging is suspended in the ring.</summary>
/// <param name="IsSuspended">Whether it is.</param>
public sealed record MergeSuspendResponse(bool IsSuspended) : ControlMessage(ControlMessageType.MergeSuspendResponse)
{
    /// <inheritdoc/>
    public override int EncodedLength => HeadSize + 1;

    internal static MergeSuspendResponse ReadContent(ReadOnlySpan<byte> payload)
    {
        Need(payload, HeadSize + 1, ControlMessageType.MergeSuspendResponse);
        return new MergeSuspendResponse(payload[HeadSize] != 0);
    }

    internal override void WriteContent(Span<byte> payload) => payload[HeadSize] = IsSuspended ? (byte)1 : (byte)0;
}
