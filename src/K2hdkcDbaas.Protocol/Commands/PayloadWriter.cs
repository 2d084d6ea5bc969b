using System.Buffers.Binary;

namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>
/// Writes a command or reply front to back: fixed fields at one place, and the bytes that they point to behind all of them.
/// All integers of a payload are in the server's byte order, which is little-endian.
/// </summary>
internal ref struct PayloadWriter
{
    private readonly Span<byte> _payload;
    private readonly long _following;
    private int _field;
    private int _data;

    /// <summary>Makes a writer.</summary>
    /// <param name="payload">Where to write.</param>
    /// <param name="fixedSize">Bytes of the fixed fields.</param>
    /// <param name="following">Bytes that will follow the payload.</param>
    public PayloadWriter(Span<byte> payload, int fixedSize, long following = 0)
    {
        _payload = payload;
        _data = fixedSize;
        _following = following;
    }

    /// <summary>The head that starts every payload; <paramref name="number"/> is echoed by the server.</summary>
    public void Head(CommandType command, ResultCode result, ulong number)
    {
        UInt64((ulong)command);
        UInt64(result.Value);
        UInt64(number);
        UInt64(0);
        UInt64((ulong)(_payload.Length + _following));
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_payload[_field..], value);
        _field += sizeof(ulong);
    }

    public void Int64(long value) => UInt64((ulong)value);

    public void Flag(bool value) => _payload[_field++] = value ? (byte)1 : (byte)0;

    /// <summary>An offset and a length, and the bytes where they point to.</summary>
    public void Data(ReadOnlyMemory<byte> bytes)
    {
        UInt64((ulong)_data);
        UInt64((ulong)bytes.Length);
        bytes.Span.CopyTo(_payload[_data..]);
        _data += bytes.Length;
    }

    /// <summary>Offset and length of what follows the payload.</summary>
    public void Following()
    {
        UInt64((ulong)_payload.Length);
        UInt64((ulong)_following);
    }

    /// <summary>Relative seconds and whether they count.</summary>
    public void Expiry(long? seconds)
    {
        Int64(seconds ?? 0);
        Flag(seconds is not null);
    }
}
