using System.Buffers;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>
/// One stream to one server: a reader task that hands out replies and notices, writes one frame at a time, and a first failure that is kept
/// and frees every waiter. It knows frames and request numbers, nothing of rings.
/// </summary>
internal sealed partial class ServerConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly PendingCalls _pending;
    private readonly K2hdkcClientOptions _options;
    private readonly Action<ServerConnection, ControlMessage> _onNotice;
    private readonly CallSlots _slots;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource<Exception> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource<ControlMessage>? _answer;
    private ControlMessageType _awaited;
    private long _lastReceived;
    private long _lastReply;
    private long _writeStarted;
    private int _probing;

    public ServerConnection(string server, ulong clientId, Stream stream, PendingCalls pending, K2hdkcClientOptions options,
        Action<ServerConnection, ControlMessage> onNotice)
    {
        Server = server;
        ClientId = clientId;
        _stream = stream;
        _pending = pending;
        _options = options;
        _onNotice = onNotice;
        _slots = new CallSlots(options.MaxInFlightPerServer, options.TimeProvider);
        _lastReceived = _lastReply = options.TimeProvider.GetTimestamp();
    }

    /// <summary>The server as messages name it.</summary>
    public string Server { get; }

    /// <summary>This client's id.</summary>
    public ulong ClientId { get; }

    /// <summary>The server's id; it is known for sure once the server has answered to it.</summary>
    public ulong ServerId { get; set; }

    /// <summary>The protocol version both sides speak.</summary>
    public ulong ProtocolVersion { get; set; } = 2;

    /// <summary>Completes, with the cause, when the connection can be used no more.</summary>
    public Task<Exception> Broken => _broken.Task;

    public bool IsOpen => !_broken.Task.IsCompleted;

    private DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    public void Start() => _reading = Task.Run(ReadAllAsync, CancellationToken.None);

    /// <summary>Sends a command and waits for its reply. To be awaited once.</summary>
    /// <param name="request">The command.</param>
    /// <param name="hash">What it is routed by.</param>
    /// <param name="value">Where a value that follows the command comes from, or where a read one goes; null for memory.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CommandReply> CallAsync(CommandRequest request, ulong hash, StreamedValue? value,
        CancellationToken cancellationToken)
    {
        await _slots.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return value is null ? await CallNowAsync(request, hash, null, null, cancellationToken).ConfigureAwait(false)
                : request is SetRequest ? await CallNowAsync(request, hash, value, null, cancellationToken).ConfigureAwait(false)
                : await ReceiveIntoAsync(request, hash, value, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Sends a control message and waits for the answer of a given type; other messages pass by as notices.</summary>
    public async Task<ControlMessage> AskAsync(ControlMessage question, ControlMessageType answer, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<ControlMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _answer = waiter;
            _awaited = answer;
        }

        try
        {
            if (!IsOpen) throw new ConnectionLostException(Server, wasSent: false, await Broken.ConfigureAwait(false));
            await SendAsync(question).ConfigureAwait(false);
            return await waiter.Task.WaitAsync(timeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw ClientErrors.Silent(Server, question.Type.ToString());
        }
        finally
        {
            lock (_lock)
            {
                if (_answer == waiter) _answer = null;
            }
        }
    }

    /// <summary>
    /// A call on this connection got no reply in time. If no other did either, the calls that wait for their turn have waited for nothing.
    /// If nothing else came at all, the server is asked for its status; when it is silent on that too, it hangs, and the connection is
    /// given up so that its calls go elsewhere.
    /// </summary>
    public void Suspect(long sentAt)
    {
        if (Interlocked.Read(ref _lastReply) < sentAt)
            _slots.Fail(_options.CallTimeout, () => ClientErrors.TurnTimeout(Server, _options.CallTimeout));
        if (Interlocked.Read(ref _lastReceived) >= sentAt || Interlocked.Exchange(ref _probing, 1) == 1) return;
        _ = ProbeAsync();
    }

    /// <summary>
    /// Gives up a connection whose server takes in nothing: a frame that is half sent can neither be ended nor taken back.
    /// </summary>
    public void CheckWriting()
    {
        var started = Interlocked.Read(ref _writeStarted);
        if (started != 0 && _options.TimeProvider.GetElapsedTime(started) > _options.CallTimeout)
            Break(new TimeoutException($"The server {Server} took in no data for {_options.CallTimeout.TotalSeconds} s."));
    }

    /// <summary>Ends the connection. Only the first cause counts; all calls on it fail with it.</summary>
    public void Break(Exception cause)
    {
        if (!_broken.TrySetResult(cause)) return;
        // A real shutdown: a server keeps sending replies into a connection that it still holds for alive.
        _stream.Dispose();
        TaskCompletionSource<ControlMessage>? answer;
        lock (_lock) answer = _answer;
        answer?.TrySetException(new ConnectionLostException(Server, wasSent: true, cause));
        foreach (var call in _pending.TakeAll(this)) call.TrySetException(new ConnectionLostException(Server, wasSent: true, cause));
        _slots.Fail(TimeSpan.Zero, () => new ConnectionLostException(Server, wasSent: false, cause));
    }

    public async ValueTask DisposeAsync()
    {
        Break(new ObjectDisposedException(nameof(ServerConnection)));
        await _reading.ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CommandReply> CallNowAsync(CommandRequest request, ulong hash, StreamedValue? following, ReplySink? sink,
        CancellationToken cancellationToken)
    {
        var call = _pending.Add(this, request, sink);
        try
        {
            // Checked after the call is in the table: whoever breaks the connection from here on finds it there.
            if (!IsOpen) throw new ConnectionLostException(Server, wasSent: false, await Broken.ConfigureAwait(false));
            var sending = SendAsync(request, call, hash, following, cancellationToken);
            // What is in memory is sent on when its caller gives up; a caller's stream must not be read any more then.
            if (following is not null) await sending.ConfigureAwait(false);
            else if (!sending.IsCompletedSuccessfully) await sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!cancellationToken.CanBeCanceled) return await call.Task.ConfigureAwait(false);
            await using (cancellationToken.UnsafeRegister(static (state, token) => ((PendingCall)state!).TrySetCanceled(token),
                call).ConfigureAwait(false))
                return await call.Task.ConfigureAwait(false);
        }
        finally
        {
            _pending.Remove(call);
        }
    }

    private async Task SendAsync(CommandRequest request, PendingCall call, ulong hash, StreamedValue? following,
        CancellationToken cancellationToken)
    {
        var length = FrameHeader.Size + request.WrittenLength;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            FrameHeader.ForRequest(ClientId, call.MessageId, ServerId, hash, (int)request.EncodedLength, Now).Write(buffer);
            request.Write(buffer.AsSpan(FrameHeader.Size));
            await WriteAsync(buffer.AsMemory(0, length), call, following, request.EncodedLength - request.WrittenLength,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Task SendAsync(ControlMessage message) =>
        WriteAsync(message.ToFrame(ClientId, ServerId, Now, ProtocolVersion), null, null, 0, CancellationToken.None).AsTask();

    // A frame that has been begun is finished even when its caller gives up: half a frame would spoil the stream, and servers drop a
    // connection that pauses within one.
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> frame, PendingCall? call, StreamedValue? following, long followingLength,
        CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            // In parts, so that a server that takes them one by one is not held for one that takes nothing.
            for (; frame.Length > StreamedValue.PartLength; frame = frame[StreamedValue.PartLength..])
                await WritePartAsync(frame[..StreamedValue.PartLength], call).ConfigureAwait(false);
            await WritePartAsync(frame, null).ConfigureAwait(false);
            if (following is not null) await WriteFollowingAsync(following, followingLength, call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Break(e);
            // The first cause: this write may only have met a stream that the reader had closed.
            throw new ConnectionLostException(Server, wasSent: true, await Broken.ConfigureAwait(false));
        }
        finally
        {
            Interlocked.Exchange(ref _writeStarted, 0);
            _writing.Release();
        }
    }

    private ValueTask WritePartAsync(ReadOnlyMemory<byte> part, PendingCall? call)
    {
        var now = _options.TimeProvider.GetTimestamp();
        Interlocked.Exchange(ref _writeStarted, now);
        call?.Renew(now);
        return _stream.WriteAsync(part, CancellationToken.None);
    }

    // The only frame that may stay unfinished: its value cannot be had any more. The server drops what it has of it, and the connection
    // ends.
    private async ValueTask WriteFollowingAsync(StreamedValue following, long length, PendingCall? call,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(StreamedValue.PartLength);
        try
        {
            while (length > 0)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(length, StreamedValue.PartLength));
                await ReadPartAsync(following, part, cancellationToken).ConfigureAwait(false);
                await WritePartAsync(part, call).ConfigureAwait(false);
                length -= part.Length;
                following.Tell();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask ReadPartAsync(StreamedValue following, Memory<byte> part, CancellationToken cancellationToken)
    {
        try
        {
            // No write waits while this does: a slow stream of the caller's is not the server's silence.
            Interlocked.Exchange(ref _writeStarted, 0);
            for (var read = 0; read < part.Length;)
            {
                var more = await following.ReadAsync(part[read..], cancellationToken).ConfigureAwait(false);
                if (more == 0)
                    throw ClientErrors.Invalid($"The value ended after {following.Moved} bytes; more were announced.",
                        "Give a file that does not shrink while it is read. The key is unchanged.");
                read += more;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or DbaasException)
        {
            Break(e);
            throw;
        }
        catch (Exception e)
        {
            Break(e);
            throw new StreamFaultException(e);
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            var (question, answer) = ProtocolVersion >= 2
                ? (ControlMessageType.StatusRequest, ControlMessageType.StatusResponse)
                : (ControlMessageType.StatusRequestV1, ControlMessageType.StatusResponseV1);
            _onNotice(this,
                await AskAsync(new EmptyMessage(question), answer, _options.HandshakeTimeout,
                    CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            Break(e);
        }
        finally
        {
            Interlocked.Exchange(ref _probing, 0);
        }
    }
}
