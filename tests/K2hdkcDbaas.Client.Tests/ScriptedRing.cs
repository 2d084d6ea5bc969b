using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Client.Tests;

/// <summary>Servers on loopback that form a CUSTOM ring by script: each test says what happens to them.</summary>
internal sealed class ScriptedRing : IAsyncDisposable
{
    public const string Group = "SCRIPTED";

    private readonly List<ScriptedServer> _servers = [];

    public ScriptedRing(int servers, int replicas = 1)
    {
        Replicas = replicas;
        for (var i = 0; i < servers; i++) _servers.Add(new ScriptedServer(this, $"seed-{i}"));
    }

    public int Replicas { get; }

    public IReadOnlyList<ScriptedServer> Servers => _servers;

    public RingState State => new(NodeIdType.Custom, DeliveryMode.Hash, Replicas, _servers.Select(s => s.Record));

    public RingConfiguration Configuration => new()
    {
        Group = Group,
        IdType = NodeIdType.Custom,
        Replicas = Replicas,
        Servers = _servers.Select(
            s => new RingNode { Name = "127.0.0.1", Port = s.Port, ControlPort = s.Port, CustomSeed = s.Record.CustomSeed }).ToArray(),
    };

    public ScriptedServer OwnerOf(ReadOnlyMemory<byte> key) => ServerOf(State.Owners(K2hash.Hash(key.Span))[0]);

    public ScriptedServer ReplicaOf(ReadOnlyMemory<byte> key) => ServerOf(State.Owners(K2hash.Hash(key.Span))[1]);

    /// <summary>Options that keep tests short.</summary>
    public K2hdkcClientOptions Options() => new()
    {
        Configuration = Configuration,
        Transport = K2hdkcTransport.Managed,
        CallTimeout = TimeSpan.FromMilliseconds(400),
        HandshakeTimeout = TimeSpan.FromMilliseconds(400),
        ConnectTimeout = TimeSpan.FromSeconds(1),
        RerouteTimeout = TimeSpan.FromSeconds(3),
        ReconnectDelay = TimeSpan.FromMilliseconds(20),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(100),
    };

    public Task<IK2hdkcClient> ConnectAsync(Func<K2hdkcClientOptions, K2hdkcClientOptions>? change = null) =>
        K2hdkcClientFactory.ConnectAsync(change?.Invoke(Options()) ?? Options(), TestContext.Current.CancellationToken);

    /// <summary>Connects a client that goes by a test's clock: as long as the clock stands, nothing takes too long.</summary>
    public Task<IK2hdkcClient> ConnectAsync(TimeProvider clock, Func<K2hdkcClientOptions, K2hdkcClientOptions>? change = null) =>
        ConnectAsync(o => (change ?? (c => c))(o with { TimeProvider = clock, HandshakeTimeout = TimeSpan.FromHours(1) }));

    /// <summary>Gives a server a status and tells all clients, over every server's connections.</summary>
    public async Task ChangeAsync(ScriptedServer server, ulong status)
    {
        server.Record = server.Record with { Status = new NodeStatus(status), StatusTime = StatusTime.From(DateTimeOffset.UtcNow) };
        foreach (var teller in _servers) await teller.TellAsync(server.Record);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
    }

    private ScriptedServer ServerOf(ServerRecord record) => _servers.Single(s => s.Record.Id == record.Id);
}
