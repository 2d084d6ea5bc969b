using System.Net;
using System.Net.Sockets;
using System.Text;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Tests;

/// <summary>How merges are held off and let go, against control ports that answer as told.</summary>
public sealed class MergeHoldTests : IDisposable
{
    private const string Settled = "RING Name = demo\nNo.1\n  Server Name = 127.0.0.1\n    Server Status = 0x21\n";
    private const string Merging = "RING Name = demo\nNo.1\n  Server Name = 127.0.0.1\n    Server Status = 0x2121\n";

    private readonly RecordingObserver _observer = new();
    private readonly List<ScriptedPort> _ports = [];

    private FlowOptions Options => new() { Observer = _observer, Timeout = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task A_merge_under_way_is_waited_for()
    {
        var port = Port("127.0.0.1");
        port.Answers["ALLSTATUS"] = new(["", Settled, Merging, Settled]);
        await using (await HoldAsync(Options, port))
            Assert.Equal(["ALLSTATUS", "DUMP", "ALLSTATUS", "ALLSTATUS", "SUSPENDMERGE"],
                port.Commands.SkipWhile(c => c != "ALLSTATUS").Skip(1));
        Assert.Equal("NOSUSPENDMERGE", port.Commands[^1]);
    }

    [Fact]
    public async Task A_dead_node_is_left_out_and_no_node_at_all_fails()
    {
        var (dead, alive) = (new RingMembers("demo", [Node("127.0.0.9")], new ClusterPorts { ServerControl = 1 }), Port("127.0.0.1"));
        alive.Answers["ALLSTATUS"] = new([Settled]);
        await using (await HoldAsync(Options, alive, "127.0.0.9")) Assert.Contains("SUSPENDMERGE", alive.Commands);
        Assert.DoesNotContain(_observer.Lines, l => l.Contains("held off", StringComparison.Ordinal));

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => new RingControl(TimeProvider.System)
                .HoldMergesAsync(dead, Options with { Timeout = TimeSpan.FromMilliseconds(10) }, CancellationToken.None));
        Assert.Equal((ErrorKind.Unreachable, "demo"), (e.Kind, e.Target));
    }

    [Fact]
    public async Task A_node_whose_answer_was_lost_is_let_go_too()
    {
        var (lost, other) = (Port("127.0.0.1"), Port("127.0.0.2"));
        lost.Answers["SUSPENDMERGE"] = new([""]);
        await using (await HoldAsync(Options, lost, other)) Assert.Contains("SUSPENDMERGE", lost.Commands);
        Assert.Contains("NOSUSPENDMERGE", lost.Commands);
    }

    [Fact]
    public async Task A_refused_end_is_tried_again()
    {
        var port = Port("127.0.0.1");
        port.Answers["NOSUSPENDMERGE"] = new(["", "", "SUCCEED\n"]);
        await using (await HoldAsync(Options, port)) Assert.Contains("SUSPENDMERGE", port.Commands);
        Assert.Equal(3, port.Commands.Count(c => c == "NOSUSPENDMERGE"));
        Assert.DoesNotContain(_observer.Lines, l => l.Contains("Resume-K2hdkcMerge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_stays_held_off_is_named()
    {
        var port = Port("127.0.0.1");
        port.Answers["NOSUSPENDMERGE"] = new([""]);
        await using (await HoldAsync(Options with { Timeout = TimeSpan.FromMilliseconds(300) }, port))
            Assert.Contains("SUSPENDMERGE", port.Commands);
        Assert.Contains(_observer.Lines,
            l => l.Contains("Resume-K2hdkcMerge", StringComparison.Ordinal) && l.Contains("127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hold_of_somebody_else_stays()
    {
        var port = Port("127.0.0.1");
        port.Answers["DUMP"] = new(["suspend automerge    = yes\n"]);
        await using (await HoldAsync(Options, port)) Assert.DoesNotContain("SUSPENDMERGE", port.Commands);
        Assert.DoesNotContain("NOSUSPENDMERGE", port.Commands);
        Assert.Contains(_observer.Lines, l => l.Contains("stay so", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_can_be_renewed()
    {
        var port = Port("127.0.0.1");
        await using var hold = await HoldAsync(Options, port);
        Assert.True(await hold.RenewAsync(CancellationToken.None));
        Assert.Equal(2, port.Commands.Count(c => c == "SUSPENDMERGE"));
        port.Answers["SUSPENDMERGE"] = new([""]);
        Assert.False(await hold.RenewAsync(CancellationToken.None));
    }

    [Fact]
    public async Task With_TLS_one_node_renews_it_for_all_and_another_where_that_one_does_not_answer()
    {
        var (first, second) = (Port("127.0.0.1"), Port("127.0.0.2"));
        int Times(ScriptedPort port) => port.Commands.Count(c => c == "SUSPENDMERGE");
        var ring = new RingConfiguration
        {
            Group = "demo",
            Servers = [.. new[] { first, second }.Select(
                p => new RingNode { Name = p.Address, ControlPort = p.Number, Tls = new TlsSettings { IsEnabled = true } })],
        };
        await using var hold = await new RingControl(TimeProvider.System).HoldMergesAsync(
            new RingMembers("demo", [Node(first.Address), Node(second.Address)], new ClusterPorts { ServerControl = first.Number })
            {
                Equipped = ring,
            }, Options, CancellationToken.None);
        Assert.Equal((1, 1), (Times(first), Times(second)));
        await hold.RenewAsync(CancellationToken.None);
        Assert.Equal((2, 1), (Times(first), Times(second)));
        first.Answers["SUSPENDMERGE"] = new([""]);
        await hold.RenewAsync(CancellationToken.None);
        Assert.Equal((3, 2), (Times(first), Times(second)));
        await hold.RenewAsync(CancellationToken.None);
        Assert.Equal((3, 3), (Times(first), Times(second)));
    }

    public void Dispose() => _ports.ForEach(p => p.Dispose());

    private static ClusterNode Node(string address) =>
        new() { Cluster = "demo", Role = NodeRole.Server, Name = address, IPAddress = address, Registered = true };

    private static Task<IMergeHold> HoldAsync(FlowOptions options, ScriptedPort port, string other) =>
        HoldAsync(options, port.Number, port.Address, other);

    private static Task<IMergeHold> HoldAsync(FlowOptions options, params ScriptedPort[] ports) =>
        HoldAsync(options, ports[0].Number, [.. ports.Select(p => p.Address)]);

    private static Task<IMergeHold> HoldAsync(FlowOptions options, int port, params string[] addresses) =>
        new RingControl(TimeProvider.System)
            .HoldMergesAsync(new RingMembers("demo", [.. addresses.Select(Node)], new ClusterPorts { ServerControl = port }), options,
                CancellationToken.None);

    // All nodes of a ring have one control port: the next one's number is that of the first.
    private ScriptedPort Port(string address)
    {
        var port = new ScriptedPort(address, _ports.Count == 0 ? 0 : _ports[0].Number);
        _ports.Add(port);
        return port;
    }

    /// <summary>
    /// A control port: the answers to a command one by one, the last again and again; an empty one ends the connection without a byte.
    /// </summary>
    private sealed class ScriptedPort : IDisposable
    {
        private readonly TcpListener _listener;
        private readonly Lock _lock = new();
        private readonly List<string> _commands = [];

        public ScriptedPort(string address, int number)
        {
            Address = address;
            _listener = new TcpListener(IPAddress.Parse(address), number);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public int Number => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Dictionary<string, Queue<string>> Answers { get; } = new()
        {
            ["ALLSTATUS"] = new([Settled]),
            ["DUMP"] = new(["suspend automerge    = no\n"]),
            ["SUSPENDMERGE"] = new(["SUCCEED\n"]),
            ["NOSUSPENDMERGE"] = new(["SUCCEED\n"]),
        };

        public IReadOnlyList<string> Commands
        {
            get
            {
                lock (_lock) return [.. _commands];
            }
        }

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var buffer = new byte[100];
                    var command = Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer));
                    string answer;
                    lock (_lock)
                    {
                        _commands.Add(command);
                        var answers = Answers[command];
                        answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
                    }

                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
