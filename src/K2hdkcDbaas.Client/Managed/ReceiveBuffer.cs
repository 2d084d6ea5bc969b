namespace K2hdkcDbaas.Client.Managed;

/// <summary>What has come over a stream and is not taken yet.</summary>
internal sealed class ReceiveBuffer(Stream stream)
{
    private readonly byte[] _bytes = new byte[32 * 1024];
    private int _start;
    private int _end;

    /// <summary>The bytes that are here.</summary>
    public ReadOnlyMemory<byte> Filled => _bytes.AsMemory(_start, _end - _start);

    /// <summary>Waits until so many bytes are here, at most the buffer's length.</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public ValueTask FillAsync(int count) => _end - _start >= count ? ValueTask.CompletedTask : FillNowAsync(count);

    public void Skip(int count) => _start += count;

    /// <summary>Fills memory with the next bytes, some of which may be here already.</summary>
    public async ValueTask ReadAsync(Memory<byte> target)
    {
        var present = Math.Min(target.Length, _end - _start);
        _bytes.AsSpan(_start, present).CopyTo(target.Span);
        _start += present;
        if (present < target.Length) await stream.ReadExactlyAsync(target[present..], CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask FillNowAsync(int count)
    {
        while (_end - _start < count)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
            var read = await stream.ReadAsync(_bytes.AsMemory(_end), CancellationToken.None).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException(_end == 0
                    ? "The server closed the connection."
                    : "The server closed the connection within a message.");
            _end += read;
        }
    }
}
