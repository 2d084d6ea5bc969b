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
    public static bool TryRead(ReadOnlySpan<byte> payload, out CommandHead head)
    {
        head = default;
        if (payload.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(payload[32..]) != (ulong)payload.Length) return false;
        head = new CommandHead(
            (CommandType)BinaryPrimitives.ReadUInt64LittleEndian(payload),
            new ResultCode(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]));
        return true;
    }
}
