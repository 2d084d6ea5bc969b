using System.Net;
using System.Net.Sockets;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Control;
using K2hdkcDbaas.Sandbox.Nodes.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>A guest with the slave role: its chmpx answers on the control port; no program uses it for data here.</summary>
internal sealed class SlaveNode : INode
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly StatusTime _since;
    private RingConfiguration _configuration;
    private int _stopped;

    private SlaveNode(NodeDescription description, RingConfiguration configuration, Socket listener, TimeProvider clock)
    {
        Description = description;
        _configuration = configuration;
        _listener = listener;
        _since = StatusTime.From(clock.GetUtcNow());
        _ = AcceptAsync();
    }

    public NodeDescription Description { get; }

    public ulong Id => Self.Id;

    public NodeStatus Status => _stopped == 0 ? NodeStatus.Slave : new NodeStatus(0);

    private ServerRecord Self
    {
        get
        {
            var known = SelfEntry.FindSlave(Description, _configuration);
            var node = new RingNode
            {
                Name = Description.Address.ToString(),
                ControlPort = _configuration.ControlPort,
                Cuk = Description.Cuk,
                CustomSeed = known is { CustomSeed.Length: > 0 } ? known.CustomSeed : Description.InstanceId,
            };
            return RingMember.RecordOf(_configuration, node, NodeStatus.Slave, _since);
        }
    }

    public static SlaveNode Start(NodeDescription description, RingConfiguration configuration, TimeProvider clock)
    {
        var socket = new Socket(description.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!OperatingSystem.IsWindows()) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(description.Address, Math.Max(configuration.ControlPort, 0)));
            socket.Listen(16);
            return new SlaveNode(description, configuration, socket, clock);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"Control port {configuration.ControlPort} on {description.Address} cannot be opened: {e.Message}", e);
        }
    }

    public Task ReconfigureAsync(string configuration, CancellationToken ct)
    {
        _configuration = RingConfiguration.Parse(configuration);
        return Task.CompletedTask;
    }

    public Task LeaveAsync(CancellationToken ct) => StopAsync(ct);

    public async Task StopAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
    }

    public Task<ReadOnlyMemory<byte>> SnapshotAsync(CancellationToken ct) => Task.FromResult(ReadOnlyMemory<byte>.Empty);

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                if (_stop.IsCancellationRequested) return;
                await Task.Delay(10, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await ControlPort.ServeAsync(socket, Answer, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The asker went away.
            }
        }
    }

    private string Answer(string line)
    {
        var words = ControlCommands.Words(line);
        var argument = words.Length > 1 ? words[1] : "";
        return words[0].ToUpperInvariant() switch
        {
            "VERSION" => ControlCommands.Version,
            "SELFSTATUS" => NodeReport.Self(_configuration, Self, "Slave", _configuration.Servers.Count, 0, new TrafficCount()),
            "ALLSTATUS" => NodeReport.All(new RingState(_configuration.IdType, _configuration.DeliveryMode, _configuration.Replicas,
                _configuration.Servers.Select(s => RingMember.RecordOf(_configuration, s, NodeStatus.Absent, _since))),
                _configuration.Group),
            "SERVICEOUT" => argument.Length == 0 ? ControlAnswers.ServiceOutUsage : ControlAnswers.NoSuchServer,
            "SERVICEIN" or "SUSPENDMERGE" or "NOSUSPENDMERGE" or "UPDATESTATUS" => ControlAnswers.ServersOnly,
            "MERGE" or "COMPMERGE" => ControlAnswers.SomeServer,
            "ABORTMERGE" => ControlAnswers.Done,
            "TRACE" => ControlCommands.Trace(argument),
            "TRACEVIEW" => ControlCommands.TraceView(words.AsSpan(1)),
            _ => ControlAnswers.Unknown(words[0]),
        };
    }
}
