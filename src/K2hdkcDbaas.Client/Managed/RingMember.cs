using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>
/// This client as a member of the ring. One task keeps it: it takes what servers tell, dials the servers that are up, again after a growing
/// pause when one is lost, and joins anew over any configured server when all are. What calls see of it is the <see cref="RoutingTable"/>.
/// </summary>
internal sealed partial class RingMember : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(50);

    private readonly RingConfiguration _configuration;
    private readonly K2hdkcClientOptions _options;
    private readonly Joiner _joiner;
    private readonly Action<RingSnapshot, string> _onChange;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, ServerLink> _links = [];
    private readonly Dictionary<ulong, StatusTrail> _trails = [];
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ITimer _sweep;
    private readonly PendingCalls _pending;
    private SlaveIdentity? _identity;
    private RingState _reported;
    private volatile RoutingTable _table;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _keeping = Task.CompletedTask;
    private ClientState _state = ClientState.Connecting;
    private Exception? _lastFailure;
    private uint _turn;

    private RingMember(RingConfiguration configuration, K2hdkcClientOptions options, IDialer dialer, Action<RingSnapshot, string> onChange)
    {
        _configuration = configuration;
        _options = options;
        _joiner = new Joiner(configuration, options, dialer);
        _pending = new PendingCalls(options.TimeProvider);
        _onChange = onChange;
        _reported = new RingState(configuration.IdType, configuration.DeliveryMode, configuration.Replicas, []);
        _table = new RoutingTable(_reported, new Dictionary<ulong, ServerConnection>());
        _sweep = options.TimeProvider.CreateTimer(_ => Sweep(), null, SweepPeriod, SweepPeriod);
    }

    public RoutingTable Table => _table;

    private DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    /// <summary>Joins the ring over the first configured server that lets this client in, and connects to the others.</summary>
    public static async Task<RingMember> JoinAsync(
        RingConfiguration configuration, K2hdkcClientOptions options, IDialer dialer, Action<RingSnapshot, string> onChange,
        CancellationToken cancellationToken)
    {
        var member = new RingMember(configuration, options, dialer, onChange);
        try
        {
            member.Adopt(await member.JoinAnyAsync(cancellationToken).ConfigureAwait(false));
            member._keeping = Task.Run(member.KeepAsync, CancellationToken.None);
            await member.SettleAsync(cancellationToken).ConfigureAwait(false);
            return member;
        }
        catch
        {
            await member.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The connection for a hash; waits while the ring changes, at most the reroute timeout.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="avoided">A server to pass over where another one has the hash too; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<ServerConnection> ConnectionForAsync(ulong hash, ulong? avoided, CancellationToken cancellationToken)
    {
        var turn = _configuration.DeliveryMode == DeliveryMode.Random ? Interlocked.Increment(ref _turn) : 0;
        var table = _table;
        if (avoided is { } server && table.RouteAround(hash, server) is { } other) return new ValueTask<ServerConnection>(other);
        return table.Route(hash, turn) is { } connection
            ? new ValueTask<ServerConnection>(connection)
            : WaitForAsync(hash, turn, cancellationToken);
    }

    /// <summary>The connection of one certain server.</summary>
    public ValueTask<ServerConnection> ConnectionToAsync(ulong serverId, CancellationToken cancellationToken) =>
        WaitForAsync(t => t.Connections.TryGetValue(serverId, out var connection) && connection.IsOpen ? connection : null,
            cancellationToken);

    /// <summary>Asks a server for its list of servers now, in place of waiting for the next notice.</summary>
    public async Task RefreshAsync(ulong serverId, CancellationToken cancellationToken)
    {
        var connection = await ConnectionToAsync(serverId, cancellationToken).ConfigureAwait(false);
        OnNotice(connection,
            await connection.AskAsync(new EmptyMessage(ControlMessageType.StatusRequest), ControlMessageType.StatusResponse,
                _options.HandshakeTimeout, cancellationToken).ConfigureAwait(false));
    }

    public RingSnapshot Snapshot()
    {
        lock (_lock)
        {
            return new RingSnapshot(_configuration.Group, _state,
                _reported.Servers.Select(s => new RingServer(s, _table.Connections.ContainsKey(s.Id))).ToArray())
            {
                DeliveryMode = _reported.Mode,
                Replicas = _reported.Replicas,
                IsMerging = _reported.IsMerging,
                ClientId = _identity?.Id ?? NodeIdentity.None,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        ServerLink[] links;
        lock (_lock)
        {
            _state = ClientState.Closed;
            links = [.. _links.Values];
        }

        foreach (var link in links) await link.DisposeAsync().ConfigureAwait(false);
        _joiner.Dispose();
        _changed.TrySetResult();
    }

    private ValueTask<ServerConnection> WaitForAsync(ulong hash, uint turn, CancellationToken cancellationToken) =>
        WaitForAsync(t => t.Route(hash, turn), cancellationToken);

    private async ValueTask<ServerConnection> WaitForAsync(Func<RoutingTable, ServerConnection?> choose,
        CancellationToken cancellationToken)
    {
        var started = _options.TimeProvider.GetTimestamp();
        while (true)
        {
            // Taken before looking: a change in between is then not missed.
            var changed = _changed.Task;
            if (choose(_table) is { } connection) return connection;
            if (_closing.IsCancellationRequested) throw ClientErrors.Closed(_configuration.Group);
            var left = _options.RerouteTimeout - _options.TimeProvider.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                throw _table.Connections.Count == 0
                    ? ClientErrors.RingUnavailable(_configuration.Group, _reported.Servers.Select(s => $"{s.Name}:{s.Port}"),
                        Volatile.Read(ref _lastFailure))
                    : ClientErrors.NoServerForKey(_configuration.Group, _options.RerouteTimeout);
            }

            try
            {
                await changed.WaitAsync(left, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The loop decides what that means.
            }
        }
    }

    // The first list of servers names others: give them the time of one connect, so that the first calls find them.
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        var started = _options.TimeProvider.GetTimestamp();
        while (_options.TimeProvider.GetElapsedTime(started) < _options.ConnectTimeout)
        {
            var changed = _changed.Task;
            lock (_lock)
            {
                if (_reported.Servers.All(
                    s => !s.Status.IsUp || (_links.TryGetValue(s.Id, out var link) && (link.Connection is not null || link.HasFailed))))
                    return;
            }

            try
            {
                await changed.WaitAsync(_options.ConnectTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return;
            }
        }
    }

    private async Task KeepAsync()
    {
        var failures = 0;
        var joined = _options.TimeProvider.GetTimestamp();
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                if (_table.Connections.Count == 0)
                {
                    // A server that lets this client in and drops it at once has not helped; it is left alone for longer each time.
                    failures = HasLasted(joined) ? 0 : failures + 1;
                    await PauseAsync(failures).ConfigureAwait(false);
                    var server = await JoinAnyAsync(_closing.Token).ConfigureAwait(false);
                    joined = _options.TimeProvider.GetTimestamp();
                    Adopt(server);
                }

                var next = DialDueServers();
                await _wake.WaitAsync(next, _closing.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Nobody lets us in now, or worse. Calls that wait get their own error, with this as its cause; this goes on until the
                // client is closed.
                Volatile.Write(ref _lastFailure, e);
                joined = _options.TimeProvider.GetTimestamp();
                if (e is not DbaasException) await PauseQuietlyAsync(failures + 1).ConfigureAwait(false);
            }
        }
    }

    private bool HasLasted(long since) => _options.TimeProvider.GetElapsedTime(since) >= _options.MaxReconnectDelay;

    private async Task PauseQuietlyAsync(int failures) => await PauseAsync(failures).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private Task PauseAsync(int failures) =>
        failures == 0 ? Task.CompletedTask : Task.Delay(Delay(failures), _options.TimeProvider, _closing.Token);

    private TimeSpan Delay(int failures) =>
        TimeSpan.FromTicks(Math.Min(_options.MaxReconnectDelay.Ticks, _options.ReconnectDelay.Ticks << Math.Min(failures - 1, 16)));

    private ServerConnection Open(string server, ulong clientId, Stream stream) =>
        new(server, clientId, stream, _pending, _options, OnNotice);

    /// <summary>Takes a joined server into the ring: its list, its connection, and the identity it has accepted.</summary>
    private void Adopt(JoinedServer joined)
    {
        var connection = joined.Connection;
        ServerLink link;
        bool isSurplus;
        lock (_lock)
        {
            _identity ??= joined.Identity;
            _pending.MessageBase = NodeIdentity.MessageBase(_identity.Id);
            Merge(connection.ServerId, joined.Servers);
            link = LinkTo(connection.ServerId);
            isSurplus = _closing.IsCancellationRequested || link.Connection is { IsOpen: true };
            if (!isSurplus) link.Connected(connection, _options.TimeProvider.GetTimestamp());
        }

        if (isSurplus) connection.Break(new ObjectDisposedException(nameof(RingMember)));
        else _ = WatchAsync(link, connection);
        Publish($"joined {connection.Server}");
    }

    private async Task WatchAsync(ServerLink link, ServerConnection connection)
    {
        var cause = await connection.Broken.ConfigureAwait(false);
        lock (_lock) link.Lost(connection, _options.TimeProvider.GetTimestamp(), HasLasted(link.ConnectedAt));
        Publish($"lost {connection.Server}: {cause.Message}");
    }

    private void OnNotice(ServerConnection connection, ControlMessage message)
    {
        lock (_lock)
        {
            var before = _reported;
            switch (message)
            {
                case ServerMessage { Type: ControlMessageType.StatusChange or ControlMessageType.StatusChangeV1 } change:
                    // No ring has more servers than it has room for nodes.
                    if (before.Servers.Count >= _configuration.MaxNodes && before.Find(change.Server.Id) is null) return;
                    _reported = _reported.Merge(Latest(connection.ServerId, change.Server), Now);
                    Note(connection.ServerId, before);
                    // Word that it is up again makes the pause since the last failure needless.
                    if (change.Server.Status.IsUp && before.Find(change.Server.Id)?.Status.IsUp != true
                        && _reported.Find(change.Server.Id) is not null) LinkTo(change.Server.Id).Failures = 0;
                    break;
                case ServerListMessage
                {
                    Type: ControlMessageType.StatusResponse or ControlMessageType.StatusResponseV1,
                    IsFailure: false
                } list:
                    Merge(connection.ServerId, list.Servers);
                    break;
                default:
                    // The rest is between servers.
                    return;
            }

            if (ReferenceEquals(before, _reported)) return;
        }

        Publish($"{connection.Server} tells a change");
    }

    private void Merge(ulong teller, IReadOnlyList<ServerRecord> servers)
    {
        var before = _reported;
        _reported = before.MergeAll([.. servers.Take(_configuration.MaxNodes).Select(s => Latest(teller, s))], Now);
        Note(teller, before);
    }

    // What a server tells, or what is known already where it lags behind.
    private ServerRecord Latest(ulong teller, ServerRecord told)
    {
        var record = told with { StatusTime = told.StatusTime.Normalised(Now) };
        return _reported.Find(told.Id) is { } known && _trails.TryGetValue(told.Id, out var trail) && trail.IsLateRepeat(teller, record)
            ? record with { Status = known.Status, StatusTime = known.StatusTime } : record;
    }

    private void Note(ulong teller, RingState before)
    {
        foreach (var server in _reported.Servers)
        {
            if (before.Find(server.Id) is { } old && old.Status == server.Status && old.StatusTime == server.StatusTime) continue;
            if (!_trails.TryGetValue(server.Id, out var trail)) _trails.Add(server.Id, trail = new StatusTrail());
            trail.TakeOver(teller, server);
        }

        foreach (var id in _trails.Keys)
            if (_reported.Find(id) is null) _trails.Remove(id);
    }

    private ServerLink LinkTo(ulong id)
    {
        if (!_links.TryGetValue(id, out var link)) _links.Add(id, link = new ServerLink());
        return link;
    }

    // What calls are routed by: the ring as the servers tell it, with those down that this client cannot reach.
    private void Publish(string reason)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            var ring = _reported;
            var connections = new Dictionary<ulong, ServerConnection>();
            foreach (var (id, link) in _links)
            {
                if (link.Connection is { } connection) connections.Add(id, connection);
                else if (link.HasFailed) ring = ring.MarkDown(id);
            }

            // The way to a server that the ring has forgotten is forgotten too.
            foreach (var (id, link) in _links)
                if (link is { Connection: null, IsDialling: false } && _reported.Find(id) is null) _links.Remove(id);
            _table = new RoutingTable(ring, connections);
            if (_state != ClientState.Closed)
            {
                _state = connections.Count == 0 ? ClientState.Disconnected
                    : _reported.Servers.All(s => !s.Status.IsUp || connections.ContainsKey(s.Id))
                    ? ClientState.Connected
                    : ClientState.Degraded;
            }

            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
        _wake.Release();
        try
        {
            _onChange(Snapshot(), reason);
        }
        catch (Exception e)
        {
            // The owner's handler must not end what keeps the client alive.
            Volatile.Write(ref _lastFailure, e);
        }
    }

    private void Sweep()
    {
        foreach (var call in _pending.TakeOverdue(_options.CallTimeout))
        {
            call.TrySetException(ClientErrors.CallTimeout(call.Connection.Server, call.Command, _options.CallTimeout));
            call.Connection.Suspect(call.SentAt);
        }

        foreach (var connection in _table.Connections.Values) connection.CheckWriting();
    }
}
