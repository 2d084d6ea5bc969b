using System.Net.WebSockets;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// One forwarded port over a WebSocket of its own (protocol v4.channel.k8s.io): binary messages whose first byte is the channel, 0 for data
/// and 1 for errors; the first message of each channel is the port's number.
/// </summary>
/// <param name="socket">The WebSocket.</param>
internal sealed class PortStream(WebSocket socket) : Stream
{
    private const int MaxChunk = 32 * 1024;

    private readonly SemaphoreSlim _writing = new(1);
    private readonly byte[] _buffer = new byte[MaxChunk + 1];
    private readonly byte[] _message = new byte[MaxChunk + 1];
    private readonly bool[] _greeted = new bool[2];
    private int _start, _end, _channel = -1, _skip;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _end)
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close) return 0;
            (_start, _end) = (0, received.Count);
            if (_channel < 0 && _end > 0)
            {
                _channel = _buffer[_start++];
                if (_channel < 2 && !_greeted[_channel]) (_greeted[_channel], _skip) = (true, 2);
            }

            var skipped = Math.Min(_skip, _end - _start);
            (_start, _skip) = (_start + skipped, _skip - skipped);
            // The API server says on the error channel why the pod does not answer.
            if (_channel != 0 && _start < _end) throw new IOException(System.Text.Encoding.UTF8.GetString(_buffer, _start, _end - _start));
            if (received.EndOfMessage) _channel = -1;
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (buffer.Length > 0)
            {
                var count = Math.Min(buffer.Length, MaxChunk);
                _message[0] = 0;
                buffer[..count].CopyTo(_message.AsMemory(1));
                await socket.SendAsync(_message.AsMemory(0, count + 1), WebSocketMessageType.Binary,
                    true, cancellationToken).ConfigureAwait(false);
                buffer = buffer[count..];
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
            _writing.Dispose();
        }

        base.Dispose(disposing);
    }
}
