using System.Buffers;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>
/// One stream to one server: a reader task that hands out replies and notices, writes one frame at a time, and a first failure that is kept
/// and frees every waiter. It knows frames and request numbers, nothing of rings.
/// </summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    private const int ReadBufferSize = 32 * 1024;

    private readonly Stream _stream;
    private readonly PendingCalls _pending;
    private readonly K2hdkcClientOptions _options;
    private readonly Action<ServerConnection, ControlMessage> _onNotice;
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource<Exception> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task _reading = Task.CompletedTask;
    private TaskCompletionSource<ControlMessage>? _answer;
    private ControlMessageType _awaited;
    private long _lastReceived;
    private long _writeStarted;
    private int _probing;

    public ServerConnection(string server, ulong clientId, Stream stream, PendingCalls pending, K2hdkcClientOptions options, Action<ServerConnection, ControlMessage> onNotice)
    {
        Server = server;
        ClientId = clientId;
        _stream = stream;
        _pending = pending;
        _options = options;
        _onNotice = onNotice;
        _slots = new SemaphoreSlim(options.MaxInFlightPerServer);
        _lastReceived = options.TimeProvider.GetTimestamp();
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CommandReply> CallAsync(CommandRequest request, ulong hash, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var call = _pending.Add(this, request.Command);
            try
            {
                // Checked after the call is in the table: whoever breaks the connection from here on finds it there.
                if (!IsOpen) throw new ConnectionLostException(Server, wasSent: false, await Broken.ConfigureAwait(false));
                var sending = SendAsync(request, call.MessageId, hash);
                if (!sending.IsCompletedSuccessfully) await sending.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (!cancellationToken.CanBeCanceled) return await call.Task.ConfigureAwait(false);
                await using (cancellationToken.UnsafeRegister(static (state, token) => ((PendingCall)state!).TrySetCanceled(token), call).ConfigureAwait(false))
                    return await call.Task.ConfigureAwait(false);
            }
            finally
            {
                _pending.Remove(call);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Sends a control message and waits for the answer of a given type; other messages pass by as notices.</summary>
    public async Task<ControlMessage> AskAsync(ControlMessage question, ControlMessageType answer, TimeSpan timeout, CancellationToken cancellationToken)
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
            throw ClientFaults.Silent(Server, question.Type.ToString());
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
    /// A call on this connection got no reply in time. If nothing else came either, the server is asked for its status; when it is silent on that
    /// too, it hangs, and the connection is given up so that its calls go elsewhere.
    /// </summary>
    public void Suspect(long sentAt)
    {
        if (Interlocked.Read(ref _lastReceived) >= sentAt || Interlocked.Exchange(ref _probing, 1) == 1) return;
        _ = ProbeAsync();
    }

    /// <summary>Gives up a connection whose server takes in nothing: a frame that is half sent can neither be ended nor taken back.</summary>
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
    }

    public async ValueTask DisposeAsync()
    {
        Break(new ObjectDisposedException(nameof(ServerConnection)));
        await _reading.ConfigureAwait(false);
    }

    private async Task SendAsync(CommandRequest request, ulong messageId, ulong hash)
    {
        var length = request.EncodedLength;
        var buffer = ArrayPool<byte>.Shared.Rent(FrameHeader.Size + length);
        try
        {
            FrameHeader.ForRequest(ClientId, messageId, ServerId, hash, length, Now).Write(buffer);
            request.Write(buffer.AsSpan(FrameHeader.Size));
            await WriteAsync(buffer.AsMemory(0, FrameHeader.Size + length)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Task SendAsync(ControlMessage message) => WriteAsync(message.ToFrame(ClientId, ServerId, Now, ProtocolVersion)).AsTask();

    // A frame that has been begun is finished even when its caller gives up: half a frame would spoil the stream, and servers drop a
    // connection that pauses within one.
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> frame)
    {
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            Interlocked.Exchange(ref _writeStarted, _options.TimeProvider.GetTimestamp());
            await _stream.WriteAsync(frame, CancellationToken.None).ConfigureAwait(false);
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

    private async Task ReadAllAsync()
    {
        var buffer = new byte[ReadBufferSize];
        var (start, end) = (0, 0);
        try
        {
            while (true)
            {
                while (end - start < FrameHeader.Size)
                {
                    buffer.AsSpan(start, end - start).CopyTo(buffer);
                    (start, end) = (0, end - start);
                    var read = await _stream.ReadAsync(buffer.AsMemory(end), CancellationToken.None).ConfigureAwait(false);
                    if (read == 0) throw new EndOfStreamException(end == 0 ? "The server closed the connection." : "The server closed the connection within a message.");
                    end += read;
                }

                var header = FrameHeader.Read(buffer.AsSpan(start), _options.MaxFrameLength);
                start += FrameHeader.Size;
                // Memory of its own: the value handed out is a part of it.
                var payload = GC.AllocateUninitializedArray<byte>(header.PayloadLength);
                var present = Math.Min(payload.Length, end - start);
                buffer.AsSpan(start, present).CopyTo(payload);
                start += present;
                if (present < payload.Length) await _stream.ReadExactlyAsync(payload.AsMemory(present), CancellationToken.None).ConfigureAwait(false);
                Interlocked.Exchange(ref _lastReceived, _options.TimeProvider.GetTimestamp());
                Receive(header, payload);
            }
        }
        catch (Exception e)
        {
            // Whatever ends the reading ends the connection; the cause reaches every caller through it.
            Break(e);
        }
    }

    private void Receive(in FrameHeader header, byte[] payload)
    {
        if (header.Type == FrameType.Command)
        {
            if (!CommandReply.TryRead(payload, out var reply)) throw new ProtocolException($"The server {Server} sent a reply of {payload.Length} bytes whose lengths or offsets are wrong.");
            var call = _pending.Take(header.ReceiverMessageId);
            if (call is null) return;
            if (call.Command == reply.Command)
            {
                call.TrySetResult(reply);
                return;
            }

            var wrong = new ProtocolException($"The server {Server} answered {call.Command} with a reply to {reply.Command}.");
            call.TrySetException(wrong);
            throw wrong;
        }

        var message = ControlMessage.Read(payload);
        TaskCompletionSource<ControlMessage>? answer = null;
        lock (_lock)
        {
            if (_answer is not null && message.Type == _awaited) (answer, _answer) = (_answer, null);
        }

        if (answer is not null) answer.TrySetResult(message);
        else _onNotice(this, message);
    }

    private async Task ProbeAsync()
    {
        try
        {
            var (question, answer) = ProtocolVersion >= 2
                ? (ControlMessageType.StatusRequest, ControlMessageType.StatusResponse)
                : (ControlMessageType.StatusRequestV1, ControlMessageType.StatusResponseV1);
            _onNotice(this, await AskAsync(new EmptyMessage(question), answer, _options.HandshakeTimeout, CancellationToken.None).ConfigureAwait(false));
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
