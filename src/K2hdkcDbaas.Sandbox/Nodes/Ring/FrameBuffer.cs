using System.Buffers;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>Pooled bytes of one direction of a connection. Grows with what has really come, never by an announced length alone.</summary>
internal sealed class FrameBuffer : IDisposable
{
    private const int Initial = 16 << 10;
    private const int KeepAtMost = 1 << 20;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Initial);
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Filled => _bytes.AsMemory(_start, _end - _start);

    public int Length => _end - _start;

    /// <summary>Room for at least some more bytes; at most doubles what is there.</summary>
    public Memory<byte> Room(int wanted)
    {
        if (_start == _end) Reset();
        if (_bytes.Length - _end >= wanted) return _bytes.AsMemory(_end);
        var needed = Length + wanted;
        if (needed <= _bytes.Length)
        {
            Buffer.BlockCopy(_bytes, _start, _bytes, 0, Length);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(_bytes.Length * 2, Array.MaxLength)));
            Buffer.BlockCopy(_bytes, _start, larger, 0, Length);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        _end -= _start;
        _start = 0;
        return _bytes.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    public void Consume(int count) => _start += count;

    public void Reset()
    {
        _start = _end = 0;
        if (_bytes.Length <= KeepAtMost) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(Initial);
    }

    public void Dispose()
    {
        if (_bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }
}
