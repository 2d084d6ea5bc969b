using System.Buffers;

namespace K2hdkcDbaas.Protocol.Frames;

/// <summary>One whole message: header and payload.</summary>
/// <param name="Header">The header.</param>
/// <param name="Payload">The bytes after it; memory of its own, so values may be cut out of it without copying.</param>
public readonly record struct Frame(FrameHeader Header, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The longest frame accepted unless told otherwise: 64 MiB; the servers know no limit.</summary>
    public const int DefaultMaxLength = 64 << 20;

    /// <summary>Takes the first whole frame out of received bytes.</summary>
    /// <param name="buffer">What has been received; moved behind the frame when there is one, else untouched.</param>
    /// <param name="maxLength">The longest frame to accept, header included.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="ProtocolException">The bytes are no frame.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxLength, out Frame frame)
    {
        frame = default;
        if (buffer.Length < FrameHeader.Size) return false;
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        buffer.Slice(0, FrameHeader.Size).CopyTo(head);
        var header = FrameHeader.Read(head, maxLength);
        if (buffer.Length - FrameHeader.Size < header.PayloadLength) return false;
        var rest = buffer.Slice(FrameHeader.Size);
        frame = new Frame(header, rest.Slice(0, header.PayloadLength).ToArray());
        buffer = rest.Slice(header.PayloadLength);
        return true;
    }

    /// <summary>The frame's bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[FrameHeader.Size + Payload.Length];
        (Header with { PayloadLength = Payload.Length }).Write(bytes);
        Payload.Span.CopyTo(bytes.AsSpan(FrameHeader.Size));
        return bytes;
    }
}
