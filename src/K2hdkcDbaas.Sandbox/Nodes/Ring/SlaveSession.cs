using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>One connection on a node's PORT: admission, then commands and ring questions, with state changes sent as they happen.</summary>
internal sealed class SlaveSession(NodeRing ring, RingMember node, Admission admission, Stream stream, IPAddress peer) : IDisposable
{
    private const int ReadSize = 8 << 10;
    private const int MaxQueued = 1024;

    // The real server knows no limit; this one bounds what a connection can take of the sandbox's memory.
    private const int MaxFrame = 1 << 30;

    // A slave that takes nothing for this long is gone; its notices must not pile up.
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(20);

    private readonly FrameBuffer _input = new();
    private readonly FrameBuffer _output = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentQueue<byte[]> _notices = new();
    // Taken until the answer to the admission is out, so that no notice overtakes it.
    private int _pumping = 1;
    private bool _released;
    private int _queued;
    private readonly ulong _messageId = node.Id & 0xFFFF_FFFF_0000_0000;
    private ulong _protocol = 2;
    private bool _closing;

    /// <summary>The slave's id, once it is admitted.</summary>
    public ulong PeerId { get; private set; } = ulong.MaxValue;

    private bool IsAdmitted => PeerId != ulong.MaxValue;

    /// <summary>Serves the connection until either side ends it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (!_closing)
            {
                var read = await stream.ReadAsync(_input.Room(ReadSize), ct).ConfigureAwait(false);
                if (read == 0) return;
                _input.Advance(read);
                while (!_closing && TakeFrame()) await FlushIfLargeAsync(ct).ConfigureAwait(false);
                await FlushAsync(ct).ConfigureAwait(false);
                if (IsAdmitted && !_released) ReleaseNotices();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ProtocolException or ObjectDisposedException
            or OperationCanceledException or OutOfMemoryException)
        {
            // The peer went away, or does not speak the protocol: the connection ends without a word, as the real one does.
        }
        finally
        {
            if (IsAdmitted) node.Remove(this);
        }
    }

    /// <summary>Queues a server's record for the slave.</summary>
    public void Tell(ServerRecord record)
    {
        var type = _protocol < 2 ? ControlMessageType.StatusChangeV1 : ControlMessageType.StatusChange;
        Post(new ServerMessage(type, record).ToFrame(node.Id, PeerId, ring.Clock.GetUtcNow(), _protocol));
    }

    /// <summary>Ends the connection from outside.</summary>
    public void Close() => stream.Dispose();

    public void Dispose()
    {
        stream.Dispose();
        // The pump may still hold the gate or a buffer; both are left to the collector then.
        if (!_sending.Wait(0)) return;
        _input.Dispose();
        _output.Dispose();
    }

    private void ReleaseNotices()
    {
        _released = true;
        Volatile.Write(ref _pumping, 0);
        if (!_notices.IsEmpty && Interlocked.Exchange(ref _pumping, 1) == 0) _ = Task.Run(PumpAsync);
    }

    private async Task PumpAsync()
    {
        try
        {
            do
            {
                while (_notices.TryDequeue(out var notice))
                {
                    Interlocked.Decrement(ref _queued);
                    using var limit = new CancellationTokenSource(SendTimeout);
                    await SendAsync(notice, limit.Token).ConfigureAwait(false);
                }

                Volatile.Write(ref _pumping, 0);
            }
            while (!_notices.IsEmpty && Interlocked.Exchange(ref _pumping, 1) == 0);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Close();
        }
    }

    private bool TakeFrame()
    {
        var filled = _input.Filled;
        if (filled.Length < FrameHeader.Size) return false;
        var header = FrameHeader.Read(filled.Span, MaxFrame);
        var total = FrameHeader.Size + header.PayloadLength;
        if (filled.Length < total) return false;
        var payload = filled[FrameHeader.Size..total];
        if (header.Type == FrameType.Command) TakeCommand(header, payload);
        else TakeControl(header, payload);
        _input.Consume(total);
        return true;
    }

    private void TakeCommand(in FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        // Silence for strangers, for another node's frames, and while the store is not attached.
        if (!IsAdmitted || header.Receiver != node.Id || ring.StatusOf(node.Id).IsSuspended) return;
        node.Traffic.Count(payload.Length, sent: false);
        var reply = CommandRequest.TryRead(payload, out var head, out var request) switch
        {
            RequestReadResult.Ok => ring.Run(node, request!),
            RequestReadResult.Malformed => new CommandReply(head.Command, ResultCode.Error(ResultDetail.Invalid)) { Number = head.Number },
            _ => null,
        };
        if (reply is { } made) Reply(header, made);
    }

    private void Reply(in FrameHeader request, in CommandReply reply)
    {
        var length = reply.EncodedLength;
        node.Traffic.Count(length, sent: true);
        var header = FrameHeader.ForReply(request, node.Id, _messageId, length, ring.Clock.GetUtcNow());
        var session = node.ReplySession(this);
        if (session == this)
        {
            var room = _output.Room(FrameHeader.Size + length).Span;
            header.Write(room);
            reply.Write(room[FrameHeader.Size..]);
            _output.Advance(FrameHeader.Size + length);
            return;
        }

        var frame = new byte[FrameHeader.Size + length];
        header.Write(frame);
        reply.Write(frame.AsSpan(FrameHeader.Size));
        session.Post(frame);
    }

    private void Post(byte[] frame)
    {
        if (Interlocked.Increment(ref _queued) > MaxQueued)
        {
            Close();
            return;
        }

        _notices.Enqueue(frame);
        if (Interlocked.Exchange(ref _pumping, 1) == 0) _ = Task.Run(PumpAsync);
    }

    private void TakeControl(in FrameHeader header, ReadOnlyMemory<byte> payload)
    {
        ControlMessage message;
        try
        {
            message = ControlMessage.Read(payload.Span);
        }
        catch (ProtocolException)
        {
            // A message of a wrong length is dropped; the connection stays.
            return;
        }

        switch (message)
        {
            case { Type: ControlMessageType.VersionRequest } when !IsAdmitted:
                Answer(header, new VersionResponse(2, 2, ServerVersion.Number, ServerVersion.Text, ServerVersion.Commit));
                break;
            case ConnectRequest request when !IsAdmitted && header.Receiver == node.Id:
                Admit(header, request);
                break;
            case { Type: ControlMessageType.StatusRequest } when IsAdmitted:
                Answer(header, new ServerListMessage(ControlMessageType.StatusResponse, ring.State.Servers));
                break;
            case { Type: ControlMessageType.StatusRequestV1 } when IsAdmitted:
                Answer(header, new ServerListMessage(ControlMessageType.StatusResponseV1, ring.State.Servers));
                break;
            case { Type: ControlMessageType.MergeSuspendRequest } when IsAdmitted:
                Answer(header, new MergeSuspendResponse(node.HoldsMerges));
                break;
            case OpaqueMessage { Type: ControlMessageType.RequestUpdateData } request when IsAdmitted:
                List(header, request);
                break;
        }
    }

    // Straight into this connection's output, not among the notices, of which only so many may wait.
    private void List(in FrameHeader header, OpaqueMessage request)
    {
        if (StoreListing.Read(ring, node, header.Sender, request.Content.Span) is not { } listing) return;
        if (listing.Receiver == PeerId)
        {
            foreach (var (key, entry) in listing.Elements) Send(StoreListing.Element(key, entry, listing.Filter.Asked));
            Send(StoreListing.End(node.Id));
            return;
        }

        // Elements for another server go there, and are stored; the word that all were sent does too.
        lock (ring.Gate)
        {
            if (ring.Find(listing.Receiver) is not { } member) return;
            foreach (var (key, entry) in listing.Elements) member.Keys.Accept(key, entry, listing.Filter.Asked);
        }

        void Send(ControlMessage message)
        {
            var length = message.EncodedLength;
            var room = _output.Room(FrameHeader.Size + length).Span;
            FrameHeader.ForControl(node.Id, PeerId, length, ring.Clock.GetUtcNow(), _protocol).Write(room);
            message.Write(room[FrameHeader.Size..]);
            _output.Advance(FrameHeader.Size + length);
        }
    }

    private void Admit(in FrameHeader header, ConnectRequest request)
    {
        var isOld = request.Type == ControlMessageType.ConnectRequestV1;
        var response = new EmptyMessage(isOld ? ControlMessageType.ConnectResponseV1 : ControlMessageType.ConnectResponse);
        if (!admission.Admits(node, peer, request))
        {
            Answer(header, response with { IsFailure = true });
            _closing = true;
            return;
        }

        _protocol = isOld ? 1UL : 2UL;
        PeerId = request.Id;
        Answer(header, response);
        lock (ring.Gate)
        {
            // Under the lock, so that no change falls between the slave's first look at the ring and its notices.
            node.Add(this);
        }
    }

    private void Answer(in FrameHeader request, ControlMessage message)
    {
        var length = message.EncodedLength;
        var room = _output.Room(FrameHeader.Size + length).Span;
        // The answer takes the names that the request used, whoever they are.
        FrameHeader.ForControl(request.Receiver, request.Sender, length, ring.Clock.GetUtcNow(), request.Version).Write(room);
        message.Write(room[FrameHeader.Size..]);
        _output.Advance(FrameHeader.Size + length);
    }

    private ValueTask FlushIfLargeAsync(CancellationToken ct) => _output.Length > ReadSize * 8 ? FlushAsync(ct) : ValueTask.CompletedTask;

    private ValueTask FlushAsync(CancellationToken ct) => _output.Length == 0 ? ValueTask.CompletedTask : FlushNowAsync(ct);

    private async ValueTask FlushNowAsync(CancellationToken ct)
    {
        await SendAsync(_output.Filled, ct).ConfigureAwait(false);
        _output.Reset();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await _sending.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(bytes, ct).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }
}
