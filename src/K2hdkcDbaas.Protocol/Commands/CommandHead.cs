using System.Buffers.Binary;

namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>The 40 bytes that start every command and reply.</summary>
/// <param name="Command">Which command.</param>
/// <param name="Result">The result of a reply; all ones on a request.</param>
/// <param name="Number">The client's number of the command, echoed by the server.</param>
public readonly record struct CommandHead(CommandType Command, ResultCode Result, ulong Number)
{
    /// <summary>Bytes of a head.</summary>
    public const int Size = 40;

    /// <summary>Whether this starts a request.</summary>
    public bool IsRequest => Result == ResultCode.Request;

    /// <summary>Reads a head.</summary>
    /// <param name="payload">The payload of a command frame.</param>
    /// <param name="head">The head.</param>
    /// <returns>False when the payload is too short or does not have the length it says.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out CommandHead head) => TryRead(payload, payload.Length, out head);

    /// <summary>Reads the head of a payload whose rest is still to come.</summary>
    /// <param name="start">Its first bytes.</param>
    /// <param name="payloadLength">Bytes of the whole payload.</param>
    /// <param name="head">The head.</param>
    /// <returns>False when there are too few bytes or the payload has another length than it says.</returns>
    public static bool TryRead(ReadOnlySpan<byte> start, int payloadLength, out CommandHead head)
    {
        head = default;
        if (start.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(start[32..]) != (ulong)payloadLength) return false;
        head = new CommandHead(
            (CommandType)BinaryPrimitives.ReadUInt64LittleEndian(start),
            new ResultCode(BinaryPrimitives.ReadUInt64LittleEndian(start[8..])),
            BinaryPrimitives.ReadUInt64LittleEndian(start[16..]));
        return true;
    }
}
