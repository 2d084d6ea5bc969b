using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Data;

/// <summary>
/// An open way to a ring's data that follows the ring: the client learns joins and leaves from the servers; what they do not tell (other
/// copies, a ring built anew elsewhere) comes from the source, which is read again and again. Thread-safe.
/// </summary>
public sealed class DataConnection : IAsyncDisposable
{
    // Calls under way on a client that was replaced end within this time.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstAdmissionPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AdmissionPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);

    private readonly DataConnectionOptions _options;
    private readonly CancellationTokenSource _closing = new();
    private readonly TimeProvider _time;
    private RingConfiguration _configuration;
    private volatile IK2hdkcClient _client;
    private Task _following = Task.CompletedTask;
    private int _closed;

    private DataConnection(IRingSource source, DataConnectionOptions options, RingConfiguration configuration, IK2hdkcClient client,
        SlaveRegistration? registration)
    {
        (Source, _options, _configuration, _client, Registration) = (source, options, configuration, client, registration);
        _time = options.Client.TimeProvider;
    }

    /// <summary>Where the ring's configuration comes from.</summary>
    public IRingSource Source { get; }

    /// <summary>This host in the cluster's slave role; null when it was not asked for.</summary>
    public SlaveRegistration? Registration { get; }

    /// <summary>The client to make calls with now. Ask again for each command: after the ring was built anew it is another one.</summary>
    public IK2hdkcClient Client => _client;

    /// <summary>The configuration in use.</summary>
    public RingConfiguration Configuration => _configuration;

    /// <summary>Whether it was closed.</summary>
    public bool IsClosed => _closed != 0;

    /// <summary>Why the source could not be read the last time; null when it could.</summary>
    public DbaasException? FollowFault { get; private set; }

    /// <summary>Connects.</summary>
    /// <param name="source">Where the ring's configuration comes from.</param>
    /// <param name="options">How to reach the ring.</param>
    /// <param name="observer">Is told what is being waited for.</param>
    /// <param name="cancellationToken">Ends the attempt; a registration made is rolled back.</param>
    public static async Task<DataConnection> OpenAsync(IRingSource source, DataConnectionOptions options, IFlowObserver observer,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        if (options.Client.Transport == K2hdkcTransport.Native && (source.FilePath ?? options.Client.ConfigurationPath) is null)
        {
            throw new DbaasException(
                ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"The native transport finds this host's slave chmpx by its configuration file, which '{source.Name}' does not tell.",
                "Give the file that the slave runs with as -ConfigurationPath, or leave out -Transport.")
            { Target = source.Name };
        }

        if (!options.Register)
        {
            var given = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            return Follow(new DataConnection(source, options,
                given, await JoinAsync(source, given, options.Client, cancellationToken).ConfigureAwait(false), null));
        }

        if (source is not ClusterRing cluster)
        {
            throw new DbaasException(
                ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"This host can be registered only with a cluster that K2HR3 knows, and '{source.Name}' is not one.",
                "Connect with -Cluster, or leave out -Register.");
        }

        // The role first: a Trove cluster's may have to be made, and the configuration with it.
        var role = await cluster.GetSlaveRoleAsync(observer, cancellationToken).ConfigureAwait(false);
        var configuration = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
        var registration =
            await SlaveRegistration.AddAsync(cluster, role, configuration, options.Client.Cuk, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"Registered {registration.Address} with cuk {registration.Cuk} as a slave of {source.Name}.");
        try
        {
            var own = options with { Client = options.Client with { Cuk = registration.Cuk } };
            var client = await EnterAsync(source, configuration, own, observer, cancellationToken).ConfigureAwait(false);
            return Follow(new DataConnection(source, own, configuration, client, registration));
        }
        catch (Exception)
        {
            await TakeBackAsync(registration, observer).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        await _client.DisposeAsync().ConfigureAwait(false);
        if (Registration is not null)
        {
            using var limit = new CancellationTokenSource(GoodbyeLimit);
            await Registration.RemoveAsync(limit.Token).ConfigureAwait(false);
        }

        _closing.Dispose();
    }

    private static async Task TakeBackAsync(SlaveRegistration registration, IFlowObserver observer)
    {
        using var limit = new CancellationTokenSource(GoodbyeLimit);
        try
        {
            await registration.RemoveAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbaasException or OperationCanceledException)
        {
            // What made the connection fail matters more.
            observer.Warning($"{registration.Address} with cuk {registration.Cuk} is still in the slave role: {e.Message}");
        }
    }

    private static DataConnection Follow(DataConnection connection)
    {
        connection._following = Task.Run(connection.FollowAsync);
        return connection;
    }

    private static Task<IK2hdkcClient> JoinAsync(IRingSource source, RingConfiguration configuration, K2hdkcClientOptions options,
        CancellationToken cancellationToken) =>
        K2hdkcClientFactory.ConnectAsync(
            options with { Configuration = configuration, ConfigurationPath = source.FilePath ?? options.ConfigurationPath },
            cancellationToken);

    // The servers read their configuration once a minute or so; until then they refuse a new slave, or hang up on it.
    private static async Task<IK2hdkcClient> EnterAsync(
        IRingSource source, RingConfiguration configuration, DataConnectionOptions options, IFlowObserver observer,
        CancellationToken cancellationToken)
    {
        var time = options.Client.TimeProvider;
        var start = time.GetTimestamp();
        var pause = FirstAdmissionPause;
        while (true)
        {
            try
            {
                return await JoinAsync(source, configuration, options.Client, cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException e)
                when (e.Kind is ErrorKind.Forbidden or ErrorKind.Unreachable or ErrorKind.Timeout
                    && time.GetElapsedTime(start) < options.AdmissionTimeout)
            {
                observer.Progress(new FlowProgress($"Joining {source.Name}", "waiting until its servers know this host"));
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < AdmissionPause ? pause * 2 : AdmissionPause;
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.FollowInterval, _time, _closing.Token).ConfigureAwait(false);
                await LookAsync(_closing.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = await Source.ReadAsync(cancellationToken).ConfigureAwait(false);
            FollowFault = null;
            if (!NeedsAnotherClient(now)) return;
            var former = _client;
            _client = await JoinAsync(Source, now, _options.Client, cancellationToken).ConfigureAwait(false);
            _configuration = now;
            _ = RetireAsync(former);
        }
        catch (DbaasException fault)
        {
            // The connection goes on with what it knows.
            FollowFault = fault;
        }
    }

    private bool NeedsAnotherClient(RingConfiguration now)
    {
        var before = _configuration;
        if (now.Group != before.Group || now.Replicas != before.Replicas || now.DeliveryMode != before.DeliveryMode
            || now.IdType != before.IdType) return true;
        // New servers announce themselves through the old ones; with none of those left, only the source knows.
        return _client.Ring.State is ClientState.Disconnected or ClientState.Closed
            && !now.Servers.SequenceEqual(before.Servers, ServerComparer.Instance);
    }

    private async Task RetireAsync(IK2hdkcClient former)
    {
        try
        {
            await Task.Delay(Grace, _time, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Closed meanwhile; the former client goes at once.
        }

        await former.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class ServerComparer : IEqualityComparer<RingNode>
    {
        public static readonly ServerComparer Instance = new();

        public bool Equals(RingNode? x, RingNode? y) =>
            (x?.Name, x?.Port, x?.Cuk, x?.CustomSeed) == (y?.Name, y?.Port, y?.Cuk, y?.CustomSeed);

        public int GetHashCode(RingNode node) => HashCode.Combine(node.Name, node.Port, node.Cuk, node.CustomSeed);
    }
}
