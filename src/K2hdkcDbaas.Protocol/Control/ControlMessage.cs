using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Protocol.Control;

/// <summary>A message between CHMPX nodes (PXCOM): a head of 24 bytes, then what its type asks for; all integers big-endian.</summary>
/// <param name="Type">Which message.</param>
public abstract record ControlMessage(ControlMessageType Type)
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadSize = 24;

    internal const int ListHeadSize = 40;

    /// <summary>Whether the sender reports a failure.</summary>
    public bool IsFailure { get; init; }

    /// <summary>Bytes of the written message.</summary>
    public abstract int EncodedLength { get; }

    /// <summary>Reads a message.</summary>
    /// <param name="payload">The payload of a control frame.</param>
    /// <exception cref="ProtocolException">The bytes are no message, or shorter than their type asks for.</exception>
    public static ControlMessage Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeadSize)
            throw new ProtocolException($"A control message of {payload.Length} bytes is too short; {HeadSize} are needed.");
        var type = (ControlMessageType)WireFields.UInt64(payload, 0);
        var length = WireFields.UInt64(payload, 16);
        // Released chmpx leaves the head of this one as it finds it in memory (seen with 1.0.113).
        if (length != (ulong)payload.Length && type != ControlMessageType.UpdateDataResult)
            throw new ProtocolException($"A control message of type {type} says it has {length} bytes; {payload.Length} came.");
        var failed = WireFields.UInt64(payload, 8) != 0;
        return Content(type, payload, failed) with { IsFailure = failed };
    }

    /// <summary>Writes the message.</summary>
    /// <param name="payload">At least <see cref="EncodedLength"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        payload = payload[..EncodedLength];
        payload.Clear();
        WireFields.PutUInt64(payload, 0, (ulong)Type);
        WireFields.PutUInt64(payload, 8, IsFailure ? 1UL : 0UL);
        WireFields.PutUInt64(payload, 16, (ulong)EncodedLength);
        WriteContent(payload);
    }

    /// <summary>The whole frame: header and message.</summary>
    /// <param name="sender">Id of the sending node.</param>
    /// <param name="receiver">Id of the receiving node.</param>
    /// <param name="now">The time to write into the header.</param>
    /// <param name="protocolVersion">Protocol version of the ring.</param>
    public byte[] ToFrame(ulong sender, ulong receiver, DateTimeOffset now, ulong protocolVersion = 2)
    {
        var bytes = new byte[FrameHeader.Size + EncodedLength];
        FrameHeader.ForControl(sender, receiver, EncodedLength, now, protocolVersion).Write(bytes);
        Write(bytes.AsSpan(FrameHeader.Size));
        return bytes;
    }

    internal abstract void WriteContent(Span<byte> payload);

    private static ControlMessage Content(ControlMessageType type, ReadOnlySpan<byte> payload, bool failed)
    {
        // A refusal may come without the content that a success has.
        if (failed && payload.Length == HeadSize) return new EmptyMessage(type);
        return type switch
        {
            ControlMessageType.VersionResponse => VersionResponse.ReadContent(payload),
            ControlMessageType.ConnectRequest or ControlMessageType.ConnectRequestV1 => ConnectRequest.ReadContent(type, payload),
            ControlMessageType.StatusResponse or ControlMessageType.StatusUpdate or ControlMessageType.StatusConfirm =>
                ServerListMessage.ReadContent(type, payload, 2),
            ControlMessageType.StatusResponseV1 or ControlMessageType.StatusUpdateV1 or ControlMessageType.StatusConfirmV1 =>
                ServerListMessage.ReadContent(type, payload, 1),
            ControlMessageType.StatusChange or ControlMessageType.JoinRing => ServerMessage.ReadContent(type, payload, 2),
            ControlMessageType.StatusChangeV1 or ControlMessageType.JoinRingV1 => ServerMessage.ReadContent(type, payload, 1),
            ControlMessageType.MergeSuspendResponse => MergeSuspendResponse.ReadContent(payload),
            ControlMessageType.ServerDown => ServerDownMessage.ReadContent(payload),
            ControlMessageType.RequestUpdateData or ControlMessageType.UpdateData or ControlMessageType.UpdateDataResult =>
                OpaqueMessage.ReadContent(type, payload),
            _ when Enum.IsDefined(type) && payload.Length == HeadSize => new EmptyMessage(type),
            _ => OpaqueMessage.ReadContent(type, payload),
        };
    }

    internal static void Need(ReadOnlySpan<byte> payload, int length, ControlMessageType type)
    {
        if (payload.Length != length)
            throw new ProtocolException($"A control message of type {type} has {length} bytes; {payload.Length} came.");
    }
}
