using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes;

/// <summary>A ring of sandbox nodes with no cloud around it: for trying data clients, tests and benchmarks.</summary>
/// <remarks>
/// Node i listens on <see cref="FirstPort"/> + 2i, its control port is the next one; slaves use <see cref="SlaveControlPort"/> or none.
/// </remarks>
public sealed class SandboxRing : IAsyncDisposable
{
    // Room for servers below the slaves' control port, and for a few slaves above it.
    private const int SlavePortOffset = 101;
    private const int LowestPort = 20000;
    private const int HighestPort = 32000;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly SandboxRingOptions _options;
    private readonly NodeRuntime _runtime;
    private readonly List<INode?> _nodes = [];
    private int _replicas;

    private SandboxRing(SandboxRingOptions options, int firstPort)
    {
        _options = options;
        FirstPort = firstPort;
        _replicas = options.Replicas;
        _runtime = new NodeRuntime(
            new NodeRuntimeOptions
            {
                Clock = options.Clock,
                KeysPerSecond = options.KeysPerSecond,
                Merge = options.Merge,
                Faults = Faults
            });
    }

    /// <summary>Merges that are to get stuck.</summary>
    public RingFaults Faults { get; } = new();

    /// <summary>PORT of node 0.</summary>
    public int FirstPort { get; }

    /// <summary>The control port that slaves give when they join.</summary>
    public int SlaveControlPort => FirstPort + SlavePortOffset;

    /// <summary>The nodes by number; null for one that is stopped.</summary>
    public IReadOnlyList<INode?> Nodes => _nodes;

    /// <summary>Configuration for a slave of this ring, as INI text.</summary>
    public string SlaveConfiguration => Configuration("SLAVE", SlaveControlPort);

    /// <summary>Starts a ring and waits until all its nodes are in service.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="ct">Cancels the start; what was started is stopped.</param>
    /// <exception cref="IOException">The ports are taken.</exception>
    public static async Task<SandboxRing> StartAsync(SandboxRingOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Servers, 1);
        var ring = new SandboxRing(options, options.FirstPort > 0 ? options.FirstPort : FreePorts(options));
        try
        {
            for (var i = 0; i < options.Servers; i++) ring._nodes.Add(null);
            for (var i = 0; i < options.Servers; i++) await ring.StartNodeAsync(i, default, ct).ConfigureAwait(false);
            if (options.AutoMerge) await ring.SettleAsync(ct).ConfigureAwait(false);
            return ring;
        }
        catch
        {
            await ring.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>PORT of a node.</summary>
    /// <param name="node">Its number, from 0.</param>
    public int PortOf(int node) => FirstPort + (2 * node);

    /// <summary>Control port of a node.</summary>
    /// <param name="node">Its number, from 0.</param>
    public int ControlPortOf(int node) => PortOf(node) + 1;

    /// <summary>Starts a node, a stopped one again or one more; it joins on its own time.</summary>
    /// <param name="node">Its number; the next free one adds a node to the ring's configuration.</param>
    /// <param name="snapshot">Data to start with; empty takes what the node has on disk, if the ring has a folder there.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <exception cref="K2hdkcDbaas.Errors.DbaasException">The bytes are no snapshot.</exception>
    public async Task StartNodeAsync(int node, ReadOnlyMemory<byte> snapshot, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(node, _nodes.Count);
        if (node == _nodes.Count) _nodes.Add(null);
        if (_nodes[node] is not null) throw new InvalidOperationException($"Node {node} runs already.");
        if (snapshot.IsEmpty && FileOf(node) is { } file && File.Exists(file))
            snapshot = await File.ReadAllBytesAsync(file, ct).ConfigureAwait(false);
        await ReconfigureAsync(ct).ConfigureAwait(false);
        _nodes[node] = await _runtime.StartAsync(
            new NodeDescription
            {
                Cluster = _options.Group,
                Configuration = Configuration("SERVER", ControlPortOf(node)),
                Address = _options.Address,
                InstanceId = Seed(node),
                Cuk = _options.IdType == NodeIdType.Cuk ? Seed(node) : "",
                Snapshot = snapshot,
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>Stops a node at once, as a killed process.</summary>
    /// <param name="node">Its number.</param>
    /// <param name="ct">Cancels the wait.</param>
    public async Task KillNodeAsync(int node, CancellationToken ct)
    {
        if (_nodes[node] is not { } running) return;
        _nodes[node] = null;
        await running.StopAsync(ct).ConfigureAwait(false);
        await SaveAsync(node, running).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes another number of copies into every node's configuration. No key moves until a node goes out of service and in again.
    /// </summary>
    /// <param name="replicas">Copies beside the first one; 0 or more.</param>
    /// <param name="ct">Cancels the wait.</param>
    public Task SetReplicasAsync(int replicas, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        _replicas = replicas;
        return ReconfigureAsync(ct);
    }

    /// <summary>
    /// Takes a node out of the ring in order (SERVICEOUT, a merge, then its end). What the others hold then depends on
    /// <see cref="SandboxRingOptions.Merge"/>.
    /// </summary>
    /// <param name="node">Its number.</param>
    /// <param name="ct">Cancels the wait for the merge.</param>
    public async Task RemoveNodeAsync(int node, CancellationToken ct)
    {
        if (_nodes[node] is not { } running) return;
        await running.LeaveAsync(ct).ConfigureAwait(false);
        _nodes[node] = null;
        if (FileOf(node) is { } file) File.Delete(file);
    }

    /// <summary>Waits until every running node is in service and nothing is merging.</summary>
    /// <param name="ct">Ends the wait.</param>
    public async Task SettleAsync(CancellationToken ct)
    {
        while (_nodes.Any(n => n is not null && n.Status != NodeStatus.InService))
            await Task.Delay(LookAgain, _options.Clock, ct).ConfigureAwait(false);
    }

    /// <summary>The ring's configuration.</summary>
    /// <param name="mode">SERVER or SLAVE.</param>
    /// <param name="controlPort">Control port of the node that it is for.</param>
    public string Configuration(string mode, int controlPort)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            [GLOBAL]
            FILEVERSION = 1
            DATE = Wed, 01 Jul 2026 00:00:00 +0000
            GROUP = {_options.Group}
            MODE = {mode}
            CHMPXIDTYPE = {_options.IdType.ToString().ToUpperInvariant()}
            DELIVERMODE = hash
            MAXCHMPX = 256
            REPLICA = {_replicas}
            MAXMQSERVER = 8
            MAXMQCLIENT = 64
            MQPERATTACH = 4
            MAXQPERSERVERMQ = 8
            MAXQPERCLIENTMQ = 8
            MAXMQPERCLIENT = 16
            MAXHISTLOG = 0
            CTLPORT = {controlPort}
            SELFCTLPORT = {controlPort}
            RWTIMEOUT = 10000
            RETRYCNT = 500
            CONTIMEOUT = 1000
            MQRWTIMEOUT = 500
            MQRETRYCNT = 10000
            MQACK = no
            AUTOMERGE = {(_options.AutoMerge ? "on" : "off")}
            DOMERGE = on
            MERGETIMEOUT = 0
            SOCKTHREADCNT = 4
            MQTHREADCNT = 4
            MAXSOCKPOOL = 4
            SOCKPOOLTIMEOUT = 0
            SSL = no

            """);
        for (var i = 0; i < Math.Max(_nodes.Count, _options.Servers); i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"\n[SVRNODE]\nNAME = {_options.Address}\nPORT = {PortOf(i)}\nCTLPORT = {ControlPortOf(i)}\n");
            if (_options.IdType == NodeIdType.Custom) text.Append(CultureInfo.InvariantCulture, $"CUSTOM_ID_SEED = {Seed(i)}\n");
            if (_options.IdType == NodeIdType.Cuk) text.Append(CultureInfo.InvariantCulture, $"CUK = {Seed(i)}\n");
            text.Append(_options.ServerLines);
        }

        text.Append(CultureInfo.InvariantCulture, $"\n[SLVNODE]\nNAME = [.]*\nCTLPORT = {SlaveControlPort}\n");
        foreach (var line in _options.ServerLines.Split('\n')
            .Where(l => l.StartsWith("SLAVE_", StringComparison.Ordinal) || l.StartsWith("CAPATH", StringComparison.Ordinal)))
            text.Append(line).Append('\n');
        if (_options.IdType == NodeIdType.Custom) text.Append("CUSTOM_ID_SEED = slv-0\n");
        if (_options.IdType == NodeIdType.Cuk) text.Append("CUK = .*\n");
        if (mode == "SERVER")
            text.Append("\n[K2HDKC]\nK2HTYPE = mem\nK2HFULLMAP = on\nK2HINIT = yes\nK2HMASKBIT = 8\nK2HCMASKBIT = 4\nK2HMAXELE = "
                + "16\nK2HPAGESIZE = 128\nMAXTHREAD = 20\n");
        return text.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var running = _nodes.ToArray();
        await _runtime.DisposeAsync().ConfigureAwait(false);
        for (var i = 0; i < running.Length; i++)
            if (running[i] is { } node) await SaveAsync(i, node).ConfigureAwait(false);
    }

    private async Task ReconfigureAsync(CancellationToken ct)
    {
        for (var i = 0; i < _nodes.Count; i++)
            if (_nodes[i] is { } node) await node.ReconfigureAsync(Configuration("SERVER", ControlPortOf(i)), ct).ConfigureAwait(false);
    }

    private string? FileOf(int node) => _options.DataFolder is { } folder ? Path.Combine(folder, Seed(node) + ".snapshot") : null;

    // Beside the old file first: a full disk must not take the last good copy along.
    private async Task SaveAsync(int number, INode stopped)
    {
        if (FileOf(number) is not { } file) return;
        Directory.CreateDirectory(_options.DataFolder!);
        var data = await stopped.SnapshotAsync(CancellationToken.None).ConfigureAwait(false);
        await File.WriteAllBytesAsync(file + ".new", data, CancellationToken.None).ConfigureAwait(false);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static string Seed(int node) => string.Create(CultureInfo.InvariantCulture, $"svr-{node}");

    // Below the ranges that systems hand out themselves; a few more are tried than the ring needs now, for nodes to come.
    private static int FreePorts(SandboxRingOptions options)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var first = RandomNumberGenerator.GetInt32(LowestPort / 2, (HighestPort - SlavePortOffset) / 2) * 2;
            if (Enumerable.Range(first, (2 * options.Servers) + 8).All(p => IsFree(options.Address, p))) return first;
        }

        throw new IOException($"No {2 * options.Servers} free ports in a row were found on {options.Address}.");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!OperatingSystem.IsWindows()) probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            probe.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
