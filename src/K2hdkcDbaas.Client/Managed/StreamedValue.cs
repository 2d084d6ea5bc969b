namespace K2hdkcDbaas.Client.Managed;

/// <summary>The caller's stream that a value comes from or goes to, part by part, and how far it is.</summary>
internal sealed class StreamedValue(Stream stream, Action<long>? onProgress)
{
    /// <summary>Bytes moved at a time.</summary>
    public const int PartLength = 256 * 1024;

    private readonly long _start = stream.CanSeek ? stream.Position : 0;

    /// <summary>Bytes moved by the attempt under way.</summary>
    public long Moved { get; private set; }

    /// <summary>Whether another attempt can start again.</summary>
    public bool CanRepeat => Moved == 0 || stream.CanSeek;

    /// <summary>Goes back to where the value begins, and takes away what an attempt in vain has written.</summary>
    public void Rewind(bool isTarget)
    {
        if (Moved == 0) return;
        stream.Position = _start;
        if (isTarget) stream.SetLength(_start);
        Moved = 0;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> part, CancellationToken cancellationToken)
    {
        var read = await stream.ReadAsync(part, cancellationToken).ConfigureAwait(false);
        Moved += read;
        return read;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        Moved += part.Length;
    }

    public void Tell() => onProgress?.Invoke(Moved);
}

/// <summary>
/// One reply's way into a <see cref="StreamedValue"/>. The reader of a connection writes through it; once closed nothing passes any more,
/// so that a caller who gives up has its stream to itself.
/// </summary>
internal sealed class ReplySink(StreamedValue value) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private bool _isClosed;

    /// <summary>What the caller's stream failed with; the rest of the reply is passed over then.</summary>
    public Exception? Fault { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> part)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isClosed) return;
            await value.WriteAsync(part, CancellationToken.None).ConfigureAwait(false);
            value.Tell();
        }
        catch (Exception e)
        {
            // The caller's stream, not the connection: its error is the caller's.
            Fault = e;
            _isClosed = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _isClosed = true;
        _gate.Release();
    }
}

/// <summary>The caller's stream failed, as the inner exception says; kept apart from the failures of connections.</summary>
internal sealed class StreamFaultException(Exception cause) : Exception(cause.Message, cause);
