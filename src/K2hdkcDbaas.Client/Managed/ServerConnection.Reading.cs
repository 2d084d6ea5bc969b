using System.Buffers;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;

namespace K2hdkcDbaas.Client.Managed;

/// <content>What the server sends.</content>
internal sealed partial class ServerConnection
{
    /// <summary>Replies above this length are looked at before they are taken into memory.</summary>
    private const int LargePayload = 64 * 1024;

    private async Task ReadAllAsync()
    {
        var input = new ReceiveBuffer(_stream);
        try
        {
            while (true)
            {
                await input.FillAsync(FrameHeader.Size).ConfigureAwait(false);
                var header = FrameHeader.Read(input.Filled.Span, int.MaxValue);
                input.Skip(FrameHeader.Size);
                if (header.PayloadLength > LargePayload && header.Type == FrameType.Command)
                {
                    await ReceiveLargeAsync(input, header).ConfigureAwait(false);
                    continue;
                }

                if (IsTooLong(header))
                    throw new ProtocolException(
                        $"The server {Server} announced a message of {header.PayloadLength} bytes; at most {_options.MaxFrameLength} are "
                            + $"accepted.");
                // Memory of its own: the value handed out is a part of it.
                var payload = GC.AllocateUninitializedArray<byte>(header.PayloadLength);
                await input.ReadAsync(payload).ConfigureAwait(false);
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
        var now = _options.TimeProvider.GetTimestamp();
        Interlocked.Exchange(ref _lastReceived, now);
        if (header.Type == FrameType.Command)
        {
            Interlocked.Exchange(ref _lastReply, now);
            Interlocked.Exchange(ref _clockAhead, header.SentAt.Ticks - Now.UtcTicks);
            if (!CommandReply.TryRead(payload, out var reply))
                throw new ProtocolException(
                    $"The server {Server} sent a reply of {payload.Length} bytes whose lengths or offsets are wrong.");
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
        if (message is OpaqueMessage { Type: ControlMessageType.UpdateData or ControlMessageType.UpdateDataResult } piece)
        {
            // Without a listing it is the end of one that was given up.
            Volatile.Read(ref _listing)?.Take(piece, now);
            return;
        }

        TaskCompletionSource<ControlMessage>? answer = null;
        lock (_lock)
        {
            if (_answer is not null && message.Type == _awaited) (answer, _answer) = (_answer, null);
        }

        if (answer is not null) answer.TrySetResult(message);
        else _onNotice(this, message);
    }

    private bool IsTooLong(in FrameHeader header) => header.PayloadLength > _options.MaxFrameLength - FrameHeader.Size;

    // A reply that nobody waits for any more, or one too long for memory, is passed over: the connection and its other calls are none the
    // worse for it.
    private async ValueTask ReceiveLargeAsync(ReceiveBuffer input, FrameHeader header)
    {
        var call = _pending.Find(header.ReceiverMessageId);
        if (call?.Sink is { } sink)
        {
            await ReceiveIntoAsync(input, header, call, sink).ConfigureAwait(false);
        }
        else if (call is null || IsTooLong(header))
        {
            await PassAsync(input, header.PayloadLength, null, call).ConfigureAwait(false);
            if (call is not null)
                _pending.Take(call.MessageId)?.TrySetException(
                    ClientErrors.ReplyTooLarge(Server, header.PayloadLength, _options.MaxFrameLength));
        }
        else
        {
            var payload = GC.AllocateUninitializedArray<byte>(header.PayloadLength);
            for (var done = 0; done < payload.Length;)
            {
                var part = payload.AsMemory(done, Math.Min(StreamedValue.PartLength, payload.Length - done));
                await input.ReadAsync(part).ConfigureAwait(false);
                Note(call);
                done += part.Length;
            }

            Receive(header, payload);
        }
    }

    private async ValueTask ReceiveIntoAsync(ReceiveBuffer input, FrameHeader header, PendingCall call, ReplySink sink)
    {
        await input.FillAsync(CommandReply.ValueStart).ConfigureAwait(false);
        if (!CommandReply.TryReadStart(input.Filled.Span, header.PayloadLength, out var reply, out var value))
            throw new ProtocolException(
                $"The server {Server} sent a reply of {header.PayloadLength} bytes whose lengths or offsets are wrong.");
        input.Skip(CommandReply.ValueStart);
        await PassAsync(input, Math.Max(value.Start.Value - CommandReply.ValueStart, 0), null, call).ConfigureAwait(false);
        await PassAsync(input, value.End.Value - value.Start.Value, sink, call).ConfigureAwait(false);
        await PassAsync(input, header.PayloadLength - Math.Max(value.End.Value, CommandReply.ValueStart), null, call).ConfigureAwait(false);
        if (_pending.Take(call.MessageId) is null) return;
        if (sink.Fault is { } fault) call.TrySetException(new StreamFaultException(fault));
        else call.TrySetResult(reply);
    }

    /// <summary>Takes bytes off the stream, into a sink or into nothing.</summary>
    private async ValueTask PassAsync(ReceiveBuffer input, int length, ReplySink? sink, PendingCall? call)
    {
        if (length <= 0) return;
        var buffer = ArrayPool<byte>.Shared.Rent(StreamedValue.PartLength);
        try
        {
            while (length > 0)
            {
                var part = buffer.AsMemory(0, Math.Min(length, StreamedValue.PartLength));
                await input.ReadAsync(part).ConfigureAwait(false);
                Note(call);
                if (sink is not null) await sink.WriteAsync(part).ConfigureAwait(false);
                // Again: the caller's stream may have taken its time.
                Note(call);
                length -= part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A reply that arrives renews its call's patience.
    private void Note(PendingCall? call)
    {
        var now = _options.TimeProvider.GetTimestamp();
        Interlocked.Exchange(ref _lastReceived, now);
        Interlocked.Exchange(ref _lastReply, now);
        call?.Renew(now);
    }

    private async ValueTask<CommandReply> ReceiveIntoAsync(CommandRequest request, ulong hash, StreamedValue value,
        CancellationToken cancellationToken)
    {
        var sink = new ReplySink(value);
        CommandReply reply;
        await using (sink.ConfigureAwait(false))
            reply = await CallNowAsync(request, hash, null, sink, cancellationToken).ConfigureAwait(false);
        if (reply.Data.IsEmpty) return reply;
        // A small one came whole.
        await WriteAsync(value, reply.Data, cancellationToken).ConfigureAwait(false);
        return reply with { Data = default };
    }

    private static async ValueTask WriteAsync(StreamedValue value, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await value.WriteAsync(data, cancellationToken).ConfigureAwait(false);
            value.Tell();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new StreamFaultException(e);
        }
    }
}
