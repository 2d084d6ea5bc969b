using System.Net;
using System.Net.Sockets;
using System.Text;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Client.Tests;

public class MembershipTests
{
    private static readonly ReadOnlyMemory<byte> Key = "hello"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Value = "world"u8.ToArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_joins_every_server_with_an_id_of_its_own()
    {
        await using var ring = new ScriptedRing(3);
        var ids = new HashSet<ulong>();
        foreach (var server in ring.Servers) server.Admits = request =>
        {
            lock (ids) ids.Add(request.Id);
            return request.Id == NodeIdentity.Compute(NodeIdType.Custom, ScriptedRing.Group, "", -1, customSeed: request.CustomSeed);
        };
        await using var first = await ring.ConnectAsync();
        await using var second = await ring.ConnectAsync();
        Assert.Equal(ClientState.Connected, first.Ring.State);
        Assert.All(first.Ring.Servers, s => Assert.True(s.IsConnected));
        Assert.All(ring.Servers, s => Assert.Equal(2, s.Connections));
        Assert.Equal(2, ids.Count);
    }

    [Fact]
    public async Task A_dead_first_server_costs_no_timeout()
    {
        await using var ring = new ScriptedRing(3);
        ring.Servers[0].OnControl = (_, _) => Task.FromResult(true);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        // The clock runs for a fraction of the hour that a handshake may take.
        await using var client = await clock.RunAsync(ring.ConnectAsync(clock));
        Assert.Equal(2, client.Ring.Servers.Count(s => s.IsConnected));
    }

    [Fact]
    public async Task A_server_that_tells_late_does_not_lead_back_to_a_ring_that_is_gone()
    {
        await using var ring = new ScriptedRing(3);
        // A connection that is lost on a busy machine would not hear what is told meanwhile.
        var patience = TimeSpan.FromSeconds(30);
        await using var client = await ring.ConnectAsync(o => o with { CallTimeout = patience, HandshakeTimeout = patience });
        // The client is ready with its first connection.
        await EventuallyAsync(() => client.Ring.Servers.Count == 3 && client.Ring.Servers.All(s => s.IsConnected));
        var (first, late, joining) = (ring.Servers[0], ring.Servers[1], ring.Servers[2]);
        // Within one second, by which records are compared.
        var told = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        ServerRecord[] steps =
            [.. new ulong[] { 0x1121, 0x2121, 0x3121,
                0x21 }.Select((s, i) =>
                    joining.Record with { Status = new NodeStatus(s), StatusTime = StatusTime.From(told.AddMilliseconds(i + 1)) })];
        foreach (var step in steps) await first.TellAsync(step);
        // The state is the one that it began with: its time shows that all have been heard.
        await EventuallyAsync(() => RecordOfJoining().StatusTime == steps[^1].StatusTime);
        foreach (var step in steps[..^1])
        {
            await late.TellAsync(step);
            await HeardAsync(late);
            Assert.Equal(steps[^1].Status, StatusOfJoining());
        }

        // It has caught up: what it tells from now on is news, also a state that there has been.
        await late.TellAsync(steps[^1]);
        await late.TellAsync(steps[1]);
        await EventuallyAsync(() => StatusOfJoining() == steps[1].Status);
        // One that lags and brings what nobody else has told is followed to its end.
        await first.TellAsync(steps[0] with { StatusTime = StatusTime.From(told.AddMilliseconds(9)) });
        await first.TellAsync(steps[2]);
        await first.TellAsync(steps[3]);
        await EventuallyAsync(() => StatusOfJoining() == steps[3].Status);

        NodeStatus StatusOfJoining() => RecordOfJoining().Status;

        ServerRecord RecordOfJoining() => client.Ring.Servers.Single(s => s.Record.Id == joining.Record.Id).Record;

        // A change of its own record, told behind another one, shows that the client has read both.
        async Task HeardAsync(ScriptedServer teller)
        {
            var mark = teller.Record = teller.Record with { StatusTime = StatusTime.From(told = told.AddMilliseconds(20)) };
            await teller.TellAsync(mark);
            await EventuallyAsync(() => client.Ring.Servers.Single(s => s.Record.Id == mark.Id).Record.StatusTime == mark.StatusTime);
        }
    }

    [Fact]
    public async Task A_refusal_is_named_as_such()
    {
        await using var ring = new ScriptedRing(2);
        foreach (var server in ring.Servers) server.Admits = _ => false;
        var error = await Assert.ThrowsAsync<DbaasException>(() => ring.ConnectAsync());
        Assert.Equal((ErrorKind.Forbidden, K2hdkcErrors.AdmissionRefused), (error.Kind, error.ErrorId));
        Assert.NotNull(error.NextStep);
    }

    [Fact]
    public async Task A_slave_entrys_CUK_is_found_by_trying()
    {
        await using var ring = new ScriptedRing(1);
        ring.Servers[0].Admits = request => request.Cuk == "listed";
        var configuration = ring.Configuration with
        {
            SelfCuk = "__SELF_INSTANCE_ID__",
            Slaves = [new RingNode { Name = "10.9.9.9", Cuk = "foreign" }, new RingNode { Name = "127[.]0[.]0[.]1", Cuk = "listed" }],
        };
        await using var client = await ring.ConnectAsync(o => o with { Configuration = configuration });
        Assert.Equal(ClientState.Connected, client.Ring.State);
    }

    [Fact]
    public async Task A_NAME_ring_is_joined_under_the_name_the_server_knows()
    {
        await using var ring = new ScriptedRing(1);
        // The server sees the peer's address only, and lists one control port for slaves.
        ring.Servers[0].Admits =
            request => request.ControlPort == 7777
                && request.Id == NodeIdentity.Compute(NodeIdType.Name, ScriptedRing.Group, "127.0.0.1", 7777);
        var configuration =
            ring.Configuration with { IdType = NodeIdType.Name, Slaves = [new RingNode { Name = "[.]*", ControlPort = 7777 }] };
        ring.Servers[0].Record =
            ring.Servers[0].Record with
            {
                Id =
                NodeIdentity.Compute(NodeIdType.Name, ScriptedRing.Group, "127.0.0.1", ring.Servers[0].Port)
            };
        await using var client = await ring.ConnectAsync(o => o with { Configuration = configuration });
        await client.SetAsync(Key, Value, null, Token);
    }

    [Fact]
    public async Task Clients_of_one_host_never_share_an_id_in_a_NAME_ring()
    {
        await using var ring = new ScriptedRing(1);
        using var slave = new TcpListener(IPAddress.Loopback, 0);
        slave.Start();
        var taken = ((IPEndPoint)slave.LocalEndpoint).Port;
        var ids = new List<int>();
        ring.Servers[0].Admits = request =>
        {
            lock (ids) ids.Add(request.ControlPort);
            return true;
        };
        // One entry is a running slave's, one is free, and -1 passes everywhere.
        var configuration = ring.Configuration with
        {
            IdType = NodeIdType.Name,
            Slaves = [new RingNode { Name = "[.]*", ControlPort = taken }, new RingNode { Name = "[.]*", ControlPort = 1 }],
        };
        ring.Servers[0].Record =
            ring.Servers[0].Record with
            {
                Id =
                NodeIdentity.Compute(NodeIdType.Name, ScriptedRing.Group, "127.0.0.1", ring.Servers[0].Port)
            };
        await using (await ring.ConnectAsync(o => o with { Configuration = configuration, HostName = "one" }))
        await using (await ring.ConnectAsync(o => o with { Configuration = configuration, HostName = "one" }))
        {
            Assert.Equal([1, -1], ids);
            var error = await Assert.ThrowsAsync<DbaasException>(
                () => ring.ConnectAsync(o => o with { Configuration = configuration, HostName = "one" }));
            Assert.Equal(K2hdkcErrors.AdmissionRefused, error.ErrorId);
        }

        await using var again = await ring.ConnectAsync(o => o with { Configuration = configuration, HostName = "one" });
        Assert.Equal([1, -1, 1], ids);
    }

    [Fact]
    public async Task A_server_whose_id_the_configuration_misses_tells_it_on_its_control_port()
    {
        await using var ring = new ScriptedRing(1);
        using var control = new TcpListener(IPAddress.Loopback, 0);
        control.Start();
        var answering = Task.Run(async () =>
        {
            while (true)
            {
                using var asker = await control.AcceptSocketAsync(Token);
                await asker.ReceiveAsync(new byte[100]);
                await asker.SendAsync(
                    Encoding.UTF8.GetBytes(
                        $"Server Name               = x\nInternal ID               = 0x{ring.Servers[0].Record.Id:x}\nRING Name            "
                            + $"     = {ScriptedRing.Group}\nMode                      = Server\n"));
            }
        }, Token);
        var node = ring.Configuration.Servers[0] with { CustomSeed = "", ControlPort = ((IPEndPoint)control.LocalEndpoint).Port };
        await using var client = await ring.ConnectAsync(o => o with { Configuration = ring.Configuration with { Servers = [node] } });
        Assert.Equal(ClientState.Connected, client.Ring.State);
        Assert.False(answering.IsCompleted);
    }

    [Fact]
    public async Task A_missing_certificate_file_is_named()
    {
        await using var ring = new ScriptedRing(1);
        var tls = new TlsSettings { IsEnabled = true, CaPath = "no/such/ca.pem" };
        var configuration = ring.Configuration with { Servers = ring.Configuration.Servers.Select(s => s with { Tls = tls }).ToArray() };
        var error = await Assert.ThrowsAsync<DbaasException>(() => ring.ConnectAsync(o => o with { Configuration = configuration }));
        Assert.Equal((ErrorKind.InvalidInput, K2hdkcErrors.TlsFailed), (error.Kind, error.ErrorId));
        Assert.Contains("ca.pem", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ring_that_is_not_there_is_unreachable()
    {
        var ring = new ScriptedRing(2);
        await ring.DisposeAsync();
        var error = await Assert.ThrowsAsync<DbaasException>(() => ring.ConnectAsync());
        Assert.Equal((ErrorKind.Unreachable, K2hdkcErrors.RingUnavailable), (error.Kind, error.ErrorId));
        Assert.Contains($":{ring.Servers[0].Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joining_ends_with_its_token()
    {
        await using var ring = new ScriptedRing(1);
        ring.Servers[0].OnControl = (_, _) => Task.FromResult(true);
        using var cancel = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            K2hdkcClientFactory.ConnectAsync(ring.Options() with { HandshakeTimeout = TimeSpan.FromMinutes(1) }, cancel.Token));
    }

    [Fact]
    public async Task A_server_told_down_leaves_its_keys_to_the_replica_and_takes_them_back()
    {
        await using var ring = new ScriptedRing(3);
        await using var client = await ring.ConnectAsync();
        await client.SetAsync(Key, Value, null, Token);
        var (owner, replica) = (ring.OwnerOf(Key), ring.ReplicaOf(Key));

        await ring.ChangeAsync(owner, 0x20);
        await EventuallyAsync(() => client.Ring.Servers.Single(s => s.Record.Id == owner.Record.Id).Record.Status.IsUp == false);
        var (atOwner, atReplica) = (owner.Commands, replica.Commands);
        Assert.Equal(KeyState.Found, (await client.GetAsync(Key, null, Token)).State);
        Assert.Equal((atOwner, atReplica + 1), (owner.Commands, replica.Commands));

        await ring.ChangeAsync(owner, 0x21);
        await EventuallyAsync(() => client.Ring.Servers.All(s => s.Record.Status.IsUp));
        await client.GetAsync(Key, null, Token);
        Assert.Equal(atOwner + 1, owner.Commands);
    }

    [Fact]
    public async Task A_suspended_server_is_waited_for_when_there_is_no_replica()
    {
        await using var ring = new ScriptedRing(1, replicas: 0);
        await using var client = await ring.ConnectAsync();
        await ring.ChangeAsync(ring.Servers[0], 0x10021);
        await EventuallyAsync(() => client.Ring.Servers[0].Record.Status.IsSuspended);
        var call = client.SetAsync(Key, Value, null, Token);
        await Task.Delay(100, Token);
        Assert.False(call.IsCompleted);
        await ring.ChangeAsync(ring.Servers[0], 0x21);
        await call;
    }

    [Fact]
    public async Task A_key_that_nobody_serves_fails_after_the_reroute_timeout()
    {
        await using var ring = new ScriptedRing(2, replicas: 0);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        await ring.ChangeAsync(ring.OwnerOf(Key), 0x10021);
        await EventuallyAsync(() => client.Ring.Servers.Any(s => s.Record.Status.IsSuspended));
        var started = clock.GetTimestamp();
        var error = await clock.RunAsync(Assert.ThrowsAsync<DbaasException>(() => client.GetAsync(Key, null, Token)));
        Assert.Equal(K2hdkcErrors.NoServerForKey, error.ErrorId);
        Assert.True(clock.GetElapsedTime(started) >= ring.Options().RerouteTimeout);
    }

    [Fact]
    public async Task After_losing_all_servers_the_client_comes_back_by_itself()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ring.ConnectAsync();
        var states = new List<ClientState>();
        client.RingChanged += (_, change) =>
        {
            lock (states) states.Add(change.Ring.State);
        };
        await client.SetAsync(Key, Value, null, Token);
        foreach (var server in ring.Servers) server.Stop();
        await EventuallyAsync(() => client.Ring.State == ClientState.Disconnected);
        var waiting = client.GetAsync(Key, null, Token);
        await Task.Delay(150, Token);
        foreach (var server in ring.Servers) server.Start();
        Assert.Equal("world", Encoding.UTF8.GetString((await waiting).Value.Span));
        await EventuallyAsync(() => client.Ring.State == ClientState.Connected);
        lock (states) Assert.Contains(ClientState.Disconnected, states);
    }

    [Fact]
    public async Task A_server_that_joins_later_is_connected_and_used()
    {
        await using var ring = new ScriptedRing(3);
        var late = ring.Servers[2];
        late.Record = late.Record with { Status = new Protocol.Ring.NodeStatus(0x10) };
        late.Stop();
        await using var client = await ring.ConnectAsync();
        Assert.Equal(2, client.Ring.Servers.Count(s => s.IsConnected));
        late.Start();
        foreach (var status in new ulong[] { 0x10011, 0x11, 0x1121, 0x2121, 0x3121, 0x21 }) await ring.ChangeAsync(late, status);
        await EventuallyAsync(() => client.Ring.Servers.Count(s => s.IsConnected) == 3);
        for (var i = 0; i < 12; i++) await client.SetAsync(new[] { (byte)i }, Value, null, Token);
        Assert.True(late.Commands > 0);
    }

    [Fact]
    public async Task A_closed_client_says_so_and_leaves_no_connection()
    {
        await using var ring = new ScriptedRing(2);
        var client = await ring.ConnectAsync();
        await client.DisposeAsync();
        await client.DisposeAsync();
        Assert.Equal(K2hdkcErrors.ClientClosed,
            (await Assert.ThrowsAsync<DbaasException>(() => client.GetAsync(Key, null, Token))).ErrorId);
        Assert.Equal(ClientState.Closed, client.Ring.State);
        await EventuallyAsync(() => ring.Servers.All(s => s.Connections == 0));
    }

    internal static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++) await Task.Delay(10, Token);
        Assert.True(condition());
    }
}
