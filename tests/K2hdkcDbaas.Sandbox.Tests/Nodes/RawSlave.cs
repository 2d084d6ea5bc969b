using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;
using K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>A slave's connection to one node, made of bytes: what the node says is kept as it came.</summary>
internal sealed class RawSlave : IDisposable
{
    /// <summary>How long to listen where no answer is due.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(400);

    // An answer that is due may be late on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly Channel<Frame> _answers = Channel.CreateUnbounded<Frame>();
    private ulong _message;

    public RawSlave(string group, ulong serverId, string seed, ulong? id = null)
    {
        ServerId = serverId;
        Seed = seed;
        Id = id ?? NodeIdentity.Compute(NodeIdType.Custom, group, "", -1, customSeed: seed);
        _message = NodeIdentity.MessageBase(Id);
    }

    public ulong Id { get; }

    public ulong ServerId { get; }

    public string Seed { get; }

    /// <summary>Records of STATUS_CHANGE notices, in the order in which they came.</summary>
    public ConcurrentQueue<ServerRecord> Notices { get; } = new();

    /// <summary>Completes when the node has closed the connection.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    public static Task<RawSlave> JoinAsync(SandboxRing ring, int node, CancellationToken ct, string? seed = null,
        string group = "SANDBOXRING") =>
        JoinAsync(Server(ring, node), group, ct, seed);

    public static async Task<RawSlave> JoinAsync(RingServer server, string group, CancellationToken ct, string? seed = null)
    {
        var slave = await ConnectAsync(server, group, ct, seed);
        var answer = await slave.AskAsync(slave.ConnectRequest(), ct);
        Assert.Equal(ControlMessageType.ConnectResponse, answer?.Type);
        Assert.False(answer!.IsFailure);
        return slave;
    }

    public static Task<RawSlave> ConnectAsync(SandboxRing ring, int node, CancellationToken ct, string? seed = null,
        string group = "SANDBOXRING") =>
        ConnectAsync(Server(ring, node), group, ct, seed);

    public static async Task<RawSlave> ConnectAsync(RingServer server, string group, CancellationToken ct, string? seed = null,
        ulong? id = null)
    {
        var slave = new RawSlave(group, server.Id, seed ?? Guid.NewGuid().ToString(), id);
        await slave._client.ConnectAsync(server.Address, server.Port, ct);
        slave.Closed = slave.ReadAsync();
        return slave;
    }

    public ConnectRequest ConnectRequest() => new("some-name", Id, -1) { CustomSeed = Seed };

    public async Task SendAsync(byte[] bytes, CancellationToken ct) => await _client.GetStream().WriteAsync(bytes, ct);

    /// <summary>Sends a control message; null when the node stays silent.</summary>
    public async Task<ControlMessage?> AskAsync(ControlMessage message, CancellationToken ct, ulong? receiver = null,
        TimeSpan? patience = null)
    {
        await SendAsync(message.ToFrame(Id, receiver ?? ServerId, DateTimeOffset.UtcNow), ct);
        return await NextAsync(ct, patience) is { Header.Type: FrameType.Control } frame ? ControlMessage.Read(frame.Payload.Span) : null;
    }

    /// <summary>Sends a command; null when the node stays silent.</summary>
    public async Task<CommandReply?> CallAsync(CommandRequest request, CancellationToken ct, TimeSpan? patience = null) =>
        await CallAsync(request.ToArray(), request.RoutingHash, ct, patience) is { } frame
            && CommandReply.TryRead(frame.Payload, out var reply) ? reply : null;

    public async Task<Frame?> CallAsync(byte[] payload, ulong hash, CancellationToken ct, TimeSpan? patience = null)
    {
        var header = FrameHeader.ForRequest(Id, ++_message, ServerId, hash, payload.Length, DateTimeOffset.UtcNow);
        await SendAsync(new Frame(header, payload).ToArray(), ct);
        while (await NextAsync(ct, patience) is { } frame)
        {
            // On a busy machine the answer to a call that was given up may come after all.
            if (frame.Header.ReceiverMessageId != _message && frame.Header.ReceiverMessageId - _message >= ulong.MaxValue / 2) continue;
            Assert.Equal((_message, hash, Id), (frame.Header.ReceiverMessageId, frame.Header.Hash, frame.Header.Receiver));
            return frame;
        }

        return null;
    }

    /// <summary>The next answer, or null after a while of silence.</summary>
    public async Task<Frame?> NextAsync(CancellationToken ct, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience ?? Patience);
        try
        {
            return await _answers.Reader.ReadAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            ct.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>The servers as the node lists them now.</summary>
    public async Task<IReadOnlyList<ServerRecord>> ServersAsync(CancellationToken ct) =>
        ((ServerListMessage)(await AskAsync(new EmptyMessage(ControlMessageType.StatusRequest), ct))!).Servers;

    public void Dispose() => _client.Dispose();

    private static RingServer Server(SandboxRing ring, int node) =>
        new(IPAddress.Loopback.ToString(), ring.PortOf(node), ring.Nodes[node]!.Id);

    private async Task ReadAsync()
    {
        try
        {
            var stream = _client.GetStream();
            var head = new byte[FrameHeader.Size];
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                var header = FrameHeader.Read(head, Frame.DefaultMaxLength);
                var payload = new byte[header.PayloadLength];
                await stream.ReadExactlyAsync(payload);
                if (header.Type == FrameType.Control
                    && ControlMessage.Read(payload) is ServerMessage { Type: ControlMessageType.StatusChange } notice)
                    Notices.Enqueue(notice.Server);
                else _answers.Writer.TryWrite(new Frame(header, payload));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _answers.Writer.TryComplete();
        }
    }
}
