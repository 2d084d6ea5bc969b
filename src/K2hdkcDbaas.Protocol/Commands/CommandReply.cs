using System.Buffers.Binary;

namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>A server's reply to a command. Servers write it, clients read it.</summary>
/// <param name="Command">The command that is answered.</param>
/// <param name="Result">How it went.</param>
public readonly record struct CommandReply(CommandType Command, ResultCode Result)
{
    /// <summary>Bytes of a value's reply before the value.</summary>
    public const int ValueStart = 56;

    private const int DataFixed = ValueStart;
    private const int PopFixed = 72;

    /// <summary>The request's number, echoed.</summary>
    public ulong Number { get; init; }

    /// <summary>
    /// What was read: a value, a blob of subkeys or attributes, a queue item, a store's state; empty where there is none.
    /// </summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The key of a popped key-queue item.</summary>
    public ReadOnlyMemory<byte> ItemKey { get; init; }

    /// <summary>Bytes of the written reply.</summary>
    public int EncodedLength => checked(FixedSize + Data.Length + (Command == CommandType.QueuePop ? ItemKey.Length : 0));

    private int FixedSize => Command switch
    {
        CommandType.QueuePop => PopFixed,
        CommandType.Get or CommandType.GetDirect or CommandType.GetSubkeys or CommandType.GetAttributes or CommandType.GetAttribute
            or CommandType.CounterGet => DataFixed,
        _ => CommandHead.Size,
    };

    /// <summary>Reads a reply.</summary>
    /// <param name="payload">The payload of a command frame; the reply keeps parts of it.</param>
    /// <param name="reply">The reply.</param>
    /// <returns>False when the bytes are no reply: wrong lengths or offsets, or a request.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> payload, out CommandReply reply)
    {
        reply = default;
        if (!CommandHead.TryRead(payload.Span, out var head) || head.IsRequest) return false;
        reply = new CommandReply(head.Command, head.Result) { Number = head.Number };
        if (head.Command == CommandType.State)
        {
            // An error carries no state.
            reply = reply with { Data = payload[CommandHead.Size..] };
            return true;
        }

        // A server that refuses a request may leave out what only a success needs.
        if (payload.Length < reply.FixedSize) return !head.Result.IsSuccess;
        if (reply.FixedSize == CommandHead.Size) return true;
        var reader = new PayloadReader(payload, CommandHead.Size);
        if (head.Command == CommandType.QueuePop) reply = reply with { ItemKey = reader.Data() };
        reply = reply with { Data = reader.Data() };
        return !reader.IsBroken;
    }

    /// <summary>Reads the start of a reply with a value, whose bytes are still to come.</summary>
    /// <param name="start">The first <see cref="ValueStart"/> bytes of the payload.</param>
    /// <param name="payloadLength">Bytes of the whole payload.</param>
    /// <param name="reply">The reply, without its value.</param>
    /// <param name="value">Where in the payload the value lies.</param>
    /// <returns>False when this is no such reply: wrong lengths or offsets, or another command.</returns>
    public static bool TryReadStart(ReadOnlySpan<byte> start, int payloadLength, out CommandReply reply, out Range value)
    {
        (reply, value) = (default, default);
        if (start.Length < ValueStart || !CommandHead.TryRead(start, payloadLength, out var head) || head.IsRequest
            || head.Command != CommandType.Get) return false;
        var (offset, length) = (BinaryPrimitives.ReadUInt64LittleEndian(start[40..]), BinaryPrimitives.ReadUInt64LittleEndian(start[48..]));
        if (length > 0 && (offset < ValueStart || offset > (ulong)payloadLength || length > (ulong)payloadLength - offset)) return false;
        reply = new CommandReply(head.Command, head.Result) { Number = head.Number };
        if (length > 0) value = (int)offset..(int)(offset + length);
        return true;
    }

    /// <summary>Writes the reply.</summary>
    /// <param name="payload">At least <see cref="EncodedLength"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        var writer = new PayloadWriter(payload[..EncodedLength], FixedSize);
        writer.Head(Command, Result, Number);
        if (FixedSize == CommandHead.Size)
        {
            Data.Span.CopyTo(payload[CommandHead.Size..]);
            return;
        }

        if (Command == CommandType.QueuePop) writer.Data(ItemKey);
        writer.Data(Data);
    }

    /// <summary>The reply's bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[EncodedLength];
        Write(bytes);
        return bytes;
    }
}
