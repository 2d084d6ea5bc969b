using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Tests;

/// <summary>What a scripted server does with a command in place of answering it.</summary>
/// <param name="frame">The command.</param>
/// <param name="stream">The connection it came on.</param>
/// <returns>Whether the command is dealt with.</returns>
internal delegate Task<bool> Script(Frame frame, Stream stream);

/// <summary>One server: enough of chmpx to be joined, a dictionary of keys, and a script to misbehave by.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ScriptedRing _ring;
    private readonly ConcurrentDictionary<Socket, ulong> _sockets = [];
    private TcpListener _listener;
    private Task _accepting;
    private int _underWay;

    public ScriptedServer(ScriptedRing ring, string seed)
    {
        _ring = ring;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Record = new ServerRecord
        {
            Id = NodeIdentity.Compute(NodeIdType.Custom, ScriptedRing.Group, "127.0.0.1", Port, customSeed: seed),
            Name = "127.0.0.1",
            Port = Port,
            ControlPort = Port,
            CustomSeed = seed,
            Status = NodeStatus.InService,
            StatusTime = StatusTime.From(DateTimeOffset.UtcNow.AddMinutes(-1)),
        };
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    public ServerRecord Record { get; set; }

    public ConcurrentDictionary<string, byte[]> Store { get; } = [];

    public Script? OnCommand { get; set; }

    public Func<ControlMessage, Stream, Task<bool>>? OnControl { get; set; }

    public Func<ConnectRequest, bool> Admits { get; set; } = _ => true;

    /// <summary>The most commands that were here at the same time.</summary>
    public int MostUnderWay { get; private set; }

    public int Commands { get; private set; }

    public int Connections => _sockets.Count;

    public TimeSpan Delay { get; set; }

    /// <summary>Ends every connection the hard way.</summary>
    public void Reset()
    {
        foreach (var socket in _sockets.Keys)
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }
            catch (ObjectDisposedException)
            {
                // Closed meanwhile.
            }
        }
    }

    /// <summary>Goes down: listens no more and resets what is open.</summary>
    public void Stop()
    {
        _listener.Stop();
        Reset();
    }

    /// <summary>Comes back on the same port.</summary>
    public void Start()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async Task TellAsync(ServerRecord record)
    {
        foreach (var (socket, client) in _sockets)
        {
            if (client == 0) continue;
            var frame = new ServerMessage(ControlMessageType.StatusChange, record).ToFrame(Record.Id, client, DateTimeOffset.UtcNow);
            await socket.SendAsync(frame);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _accepting;
    }

    public static byte[] ReplyTo(Frame frame, CommandReply reply)
    {
        var bytes = new byte[FrameHeader.Size + reply.EncodedLength];
        FrameHeader.ForReply(frame.Header, frame.Header.Receiver, 2, reply.EncodedLength, DateTimeOffset.UtcNow).Write(bytes);
        reply.Write(bytes.AsSpan(FrameHeader.Size));
        return bytes;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        _sockets[socket] = 0;
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            var head = new byte[FrameHeader.Size];
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                var header = FrameHeader.Read(head, int.MaxValue);
                var payload = new byte[header.PayloadLength];
                await stream.ReadExactlyAsync(payload);
                var frame = new Frame(header, payload);
                if (header.Type == FrameType.Control) await ControlAsync(frame, socket, stream);
                else if (Delay == TimeSpan.Zero) await CommandAsync(frame, stream);
                else _ = CommandAsync(frame, stream);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
            // Gone.
        }
        finally
        {
            _sockets.TryRemove(socket, out _);
        }
    }

    private async Task ControlAsync(Frame frame, Socket socket, NetworkStream stream)
    {
        var message = ControlMessage.Read(frame.Payload.Span);
        if (OnControl is { } script && await script(message, stream)) return;
        ControlMessage? answer = message switch
        {
            { Type: ControlMessageType.VersionRequest } => new VersionResponse(2, 2, (1UL << 32) | 113, "1.0.113", "scripted"),
            { Type: ControlMessageType.StatusRequest } => new ServerListMessage(ControlMessageType.StatusResponse, _ring.State.Servers),
            // A wrong id of the server's own is met with silence, as real ones do.
            ConnectRequest when frame.Header.Receiver != Record.Id => null,
            ConnectRequest request => new EmptyMessage(ControlMessageType.ConnectResponse) { IsFailure = !Admits(request) },
            _ => null,
        };
        if (answer is null) return;
        if (message is ConnectRequest && !answer.IsFailure) _sockets[socket] = frame.Header.Sender;
        await stream.WriteAsync(answer.ToFrame(Record.Id, frame.Header.Sender, DateTimeOffset.UtcNow));
        if (answer.IsFailure) socket.Shutdown(SocketShutdown.Both);
    }

    private async Task CommandAsync(Frame frame, NetworkStream stream)
    {
        Commands++;
        MostUnderWay = Math.Max(MostUnderWay, Interlocked.Increment(ref _underWay));
        try
        {
            if (OnCommand is { } script && await script(frame, stream)) return;
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay);
            if (CommandRequest.TryRead(frame.Payload, out _, out var request) != RequestReadResult.Ok) return;
            Interlocked.Decrement(ref _underWay);
            await stream.WriteAsync(ReplyTo(frame, Answer(request!)));
            Interlocked.Increment(ref _underWay);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client has left.
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private CommandReply Answer(CommandRequest request)
    {
        var reply = new CommandReply(request.Command, ResultCode.Ok) { Number = request.Number };
        var key = Convert.ToHexString(request.RoutingKey.Span);
        switch (request)
        {
            case GetRequest when Store.TryGetValue(key, out var value) && value.Length > 0:
                return reply with { Data = value };
            case GetAttributesRequest when Store.ContainsKey(key):
                return reply with
                {
                    Data =
                    AttributeList.Encode([new KeyAttribute("mtime\0"u8.ToArray(), KeyAttribute.EncodeTime(DateTimeOffset.UtcNow))])
                };
            case SetRequest set:
                // All servers share what one is told: replication without its delay.
                foreach (var server in _ring.Servers) server.Store[key] = set.Value.ToArray();
                return reply;
            case DeleteRequest:
                foreach (var server in _ring.Servers) server.Store.TryRemove(key, out _);
                return reply;
            case QueuePopRequest:
                return reply with { Result = ResultCode.Error(ResultDetail.QueueEmpty) };
            case StateRequest state:
                return reply with
                {
                    Data =
                    new NodeState { NodeId = state.NodeId, Name = Record.Name, HashVersion = K2hash.Version }.ToArray()
                };
            case GetRequest or GetAttributesRequest or GetSubkeysRequest:
                return reply with { Result = ResultCode.NoData };
            default:
                return reply;
        }
    }
}
