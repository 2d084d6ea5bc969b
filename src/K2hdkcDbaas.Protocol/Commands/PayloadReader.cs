using System.Buffers.Binary;

namespace K2hdkcDbaas.Protocol.Commands;

/// <summary>
/// Reads a payload front to back. The caller has made sure that the fixed part is there; every offset and length is
/// checked here before anything is cut by it. A wrong one leaves <see cref="IsBroken"/> set and yields nothing.
/// </summary>
internal ref struct PayloadReader
{
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _field;

    public PayloadReader(ReadOnlyMemory<byte> payload, int start)
    {
        _payload = payload;
        _bytes = payload.Span;
        _field = start;
    }

    public bool IsBroken { get; private set; }

    public ulong UInt64()
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[_field..]);
        _field += sizeof(ulong);
        return value;
    }

    public long Int64() => (long)UInt64();

    public bool Flag() => _bytes[_field++] != 0;

    public ReadOnlyMemory<byte> Data()
    {
        var offset = UInt64();
        var length = UInt64();
        // Length 0 is "absent", whatever the offset says.
        if (length == 0) return default;
        var total = (ulong)_payload.Length;
        if (offset > total || length > total - offset)
        {
            IsBroken = true;
            return default;
        }

        return _payload.Slice((int)offset, (int)length);
    }

    public long? Expiry()
    {
        var seconds = Int64();
        return Flag() ? seconds : null;
    }
}
