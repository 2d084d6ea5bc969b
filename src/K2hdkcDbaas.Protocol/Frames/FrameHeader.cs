using System.Buffers.Binary;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Protocol.Frames;

/// <summary>The 120 bytes that start every message (COMPKT), all big-endian.</summary>
public readonly record struct FrameHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 120;

    /// <summary>The value that means "none" for ids and hashes.</summary>
    public const ulong Invalid = ulong.MaxValue;

    private const ulong OldProtocol = 1;

    /// <summary>Protocol version of a control frame, 1 or 2; always 1 on command frames.</summary>
    public ulong Version { get; init; }

    /// <summary>What the frame carries.</summary>
    public FrameType Type { get; init; }

    /// <summary>How a command is addressed.</summary>
    public Delivery Delivery { get; init; }

    /// <summary>Id of the node that made the message.</summary>
    public ulong Sender { get; init; }

    /// <summary>The sender's number of the message; a reply echoes it as <see cref="ReceiverMessageId"/>.</summary>
    public ulong SenderMessageId { get; init; }

    /// <summary>Id of the node it is for.</summary>
    public ulong Receiver { get; init; }

    /// <summary>On a reply the request's number, else none.</summary>
    public ulong ReceiverMessageId { get; init; }

    /// <summary>Used between a chmpx and its local clients only.</summary>
    public ulong PeerSenderMessageId { get; init; }

    /// <summary>Used between a chmpx and its local clients only.</summary>
    public ulong PeerReceiverMessageId { get; init; }

    /// <summary>Used between a chmpx and its local clients only.</summary>
    public ulong QueueSerial { get; init; }

    /// <summary>The hash a command is routed by; a reply echoes it.</summary>
    public ulong Hash { get; init; }

    /// <summary>When it was made: whole seconds since 1970.</summary>
    public ulong Seconds { get; init; }

    /// <summary>When it was made: nanoseconds within the second.</summary>
    public ulong Nanoseconds { get; init; }

    /// <summary>When it was made, by the sender's clock.</summary>
    public DateTime SentAt =>
        DateTime.UnixEpoch.AddSeconds(Math.Min(Seconds, int.MaxValue)).AddTicks((long)Math.Min(Nanoseconds, 999_999_999) / 100);

    /// <summary>Bytes after the header.</summary>
    public int PayloadLength { get; init; }

    /// <summary>The header of a message between nodes.</summary>
    /// <param name="sender">Id of the sending node.</param>
    /// <param name="receiver">Id of the receiving node.</param>
    /// <param name="payloadLength">Bytes that follow.</param>
    /// <param name="now">The time to write into it.</param>
    /// <param name="version">Protocol version of the ring, 1 or 2.</param>
    public static FrameHeader ForControl(ulong sender, ulong receiver, int payloadLength, DateTimeOffset now, ulong version = 2) =>
        Unaddressed(now, payloadLength) with { Version = version, Type = FrameType.Control, Sender = sender, Receiver = receiver };

    /// <summary>The header of a command for a server.</summary>
    /// <param name="sender">Id of the client.</param>
    /// <param name="messageId">The client's number of this call.</param>
    /// <param name="receiver">Id of the server.</param>
    /// <param name="hash">What the command is routed by.</param>
    /// <param name="payloadLength">Bytes that follow.</param>
    /// <param name="now">The time to write into it.</param>
    public static FrameHeader ForRequest(ulong sender, ulong messageId, ulong receiver, ulong hash, int payloadLength,
        DateTimeOffset now) =>
        Unaddressed(now, payloadLength) with
        {
            Version = OldProtocol,
            Type = FrameType.Command,
            Delivery = Delivery.Routing,
            Sender = sender,
            SenderMessageId = messageId,
            Receiver = receiver,
            Hash = hash,
        };

    /// <summary>The header of a server's reply to a command.</summary>
    /// <param name="request">The request's header.</param>
    /// <param name="server">Id of the answering server.</param>
    /// <param name="messageId">The server's own number of the reply.</param>
    /// <param name="payloadLength">Bytes that follow.</param>
    /// <param name="now">The time to write into it.</param>
    public static FrameHeader ForReply(in FrameHeader request, ulong server, ulong messageId, int payloadLength, DateTimeOffset now) =>
        Unaddressed(now, payloadLength) with
        {
            Version = OldProtocol,
            Type = FrameType.Command,
            Delivery = Delivery.Normal,
            Sender = server,
            SenderMessageId = messageId,
            Receiver = request.Sender,
            ReceiverMessageId = request.SenderMessageId,
            Hash = request.Hash,
        };

    /// <summary>Reads a header and checks what a length is taken from.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    /// <param name="maxFrameLength">The longest frame, header included, that the caller is ready to hold.</param>
    /// <exception cref="ProtocolException">The type, the lengths or the offset cannot be.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes, int maxFrameLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, Size);
        var length = At(bytes, 13);
        var offset = At(bytes, 14);
        var type = (FrameType)At(bytes, 1);
        if (type is not (FrameType.Command or FrameType.Control))
            throw new ProtocolException($"The peer sent a frame of the unknown type {(ulong)type}.");
        if (offset != Size || length < Size)
            throw new ProtocolException(
                $"The peer sent a frame with length {length} and payload offset {offset}; {Size} is the least and the only allowed.");
        if (length > (ulong)maxFrameLength)
            throw new ProtocolException($"The peer announced a frame of {length} bytes; at most {maxFrameLength} are accepted.");
        return new FrameHeader
        {
            Version = At(bytes, 0),
            Type = type,
            Delivery = (Delivery)At(bytes, 2),
            Sender = At(bytes, 3),
            SenderMessageId = At(bytes, 4),
            Receiver = At(bytes, 5),
            ReceiverMessageId = At(bytes, 6),
            PeerSenderMessageId = At(bytes, 7),
            PeerReceiverMessageId = At(bytes, 8),
            QueueSerial = At(bytes, 9),
            Hash = At(bytes, 10),
            Seconds = At(bytes, 11),
            Nanoseconds = At(bytes, 12),
            PayloadLength = (int)(length - Size),
        };
    }

    /// <summary>Writes the header.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, Size);
        Put(bytes, 0, Version);
        Put(bytes, 1, (ulong)Type);
        Put(bytes, 2, (ulong)Delivery);
        Put(bytes, 3, Sender);
        Put(bytes, 4, SenderMessageId);
        Put(bytes, 5, Receiver);
        Put(bytes, 6, ReceiverMessageId);
        Put(bytes, 7, PeerSenderMessageId);
        Put(bytes, 8, PeerReceiverMessageId);
        Put(bytes, 9, QueueSerial);
        Put(bytes, 10, Hash);
        Put(bytes, 11, Seconds);
        Put(bytes, 12, Nanoseconds);
        Put(bytes, 13, (ulong)Size + (ulong)PayloadLength);
        Put(bytes, 14, Size);
    }

    private static FrameHeader Unaddressed(DateTimeOffset now, int payloadLength) => new()
    {
        Sender = NodeIdentity.None,
        SenderMessageId = Invalid,
        Receiver = NodeIdentity.None,
        ReceiverMessageId = Invalid,
        PeerSenderMessageId = Invalid,
        PeerReceiverMessageId = Invalid,
        Hash = Invalid,
        Seconds = (ulong)now.ToUnixTimeSeconds(),
        Nanoseconds = (ulong)(now.Ticks % TimeSpan.TicksPerSecond * 100),
        PayloadLength = payloadLength,
    };

    private static ulong At(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadUInt64BigEndian(bytes[(index * 8)..]);

    private static void Put(Span<byte> bytes, int index, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(bytes[(index * 8)..], value);
}
