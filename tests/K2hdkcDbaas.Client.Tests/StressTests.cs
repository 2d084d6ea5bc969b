using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Client.Tests;

/// <summary>Many calls, servers that do not keep up, and servers that do what no server should.</summary>
public class StressTests
{
    private static readonly ReadOnlyMemory<byte> Key = "hello"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Value = "world"u8.ToArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_behind_a_silent_server_do_not_wait_one_timeout_after_another()
    {
        await using var ring = new ScriptedRing(1);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        ring.Servers[0].OnCommand = (_, _) => Task.FromResult(true);
        await AllTimeOutAsync(clock, Enumerable.Range(0, 40).Select(_ => (Task)client.GetAsync(Key, null, Token)));
        // One after another, each with its second try, would be eighty.
        Assert.InRange(ring.Servers[0].Commands, 1, 16);
        ring.Servers[0].OnCommand = null;
        await client.SetAsync(Key, Value, null, Token);
    }

    [Fact]
    public async Task Queue_calls_behind_a_silent_server_do_not_wait_one_timeout_after_another()
    {
        await using var ring = new ScriptedRing(1);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        ring.Servers[0].OnCommand = (_, _) => Task.FromResult(true);
        await AllTimeOutAsync(clock, Enumerable.Range(0, 40).Select(_ => (Task)client.PopAsync(Key, null, Token)));
        Assert.InRange(ring.Servers[0].Commands, 1, 8);
    }

    [Fact]
    public async Task A_long_line_that_moves_loses_nobody()
    {
        await using var ring = new ScriptedRing(1);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        ring.Servers[0].OnCommand = (_, _) =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(15));
            return Task.FromResult(false);
        };
        // Two seconds' worth of calls, five times as long as any one may take.
        await Task.WhenAll(Enumerable.Range(0, 130).Select(i => client.SetAsync(BitConverter.GetBytes(i), Value, null, Token)));
        Assert.Equal(130, ring.Servers[0].Commands);
    }

    [Fact]
    public async Task A_call_that_gives_up_in_the_line_takes_nobodys_place()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ring.ConnectAsync(o => o with { CallTimeout = TimeSpan.FromSeconds(20) });
        var gate = new TaskCompletionSource();
        ring.Servers[0].OnCommand = async (_, _) =>
        {
            await gate.Task;
            return false;
        };
        var first = client.SetAsync(Key, Value, null, Token);
        using var cancel = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 5).Select(_ => client.GetAsync(Key, null, cancel.Token)).ToArray();
        var last = client.GetAsync(Key, null, Token);
        await cancel.CancelAsync();
        foreach (var call in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        gate.SetResult();
        await first;
        Assert.Equal(KeyState.Found, (await last).State);
        Assert.Equal(2, ring.Servers[0].Commands);
    }

    [Fact]
    public async Task A_read_that_meets_silence_is_tried_at_the_replica_and_a_write_is_not()
    {
        await using var ring = new ScriptedRing(2);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        await client.SetAsync(Key, Value, null, Token);
        var (owner, replica) = (ring.OwnerOf(Key), ring.ReplicaOf(Key));
        var (before, others) = (owner.Commands, replica.Commands);
        // Its chmpx lives, its k2hdkc hangs.
        owner.OnCommand = (_, _) => Task.FromResult(true);
        Assert.Equal(KeyState.Found, (await clock.RunAsync(client.GetAsync(Key, null, Token))).State);
        Assert.Equal((before + 1, others + 1), (owner.Commands, replica.Commands));
        Assert.Equal(K2hdkcErrors.CallTimeout,
            (await clock.RunAsync(Assert.ThrowsAsync<DbaasException>(() => client.SetAsync(Key, Value, null, Token)))).ErrorId);
        Assert.Equal((before + 3, others + 1), (owner.Commands, replica.Commands));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_server_that_drops_its_guests_at_once_is_rejoined_at_a_growing_distance(int servers)
    {
        await using var ring = new ScriptedRing(servers);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        var joins = new List<long>();
        ring.Servers[0].OnControl = async (message, stream) =>
        {
            if (message.Type != ControlMessageType.StatusRequest) return false;
            lock (joins) joins.Add(clock.GetTimestamp());
            await stream.WriteAsync(
                new ServerListMessage(ControlMessageType.StatusResponse, ring.State.Servers)
                    .ToFrame(ring.Servers[0].Record.Id, 0, DateTimeOffset.UtcNow));
            // The client is in by then; the loss comes after.
            await Task.Delay(20);
            stream.Close();
            return true;
        };
        await using var client =
            await ring.ConnectAsync(clock,
                o => o with { ReconnectDelay = TimeSpan.FromMilliseconds(50), MaxReconnectDelay = TimeSpan.FromMinutes(1) });
        await clock.UntilAsync(() => Count() >= 5);
        lock (joins) Assert.True(clock.GetElapsedTime(joins[0], joins[4]) >= TimeSpan.FromMilliseconds(50 + 100 + 200 + 400));

        int Count()
        {
            lock (joins) return joins.Count;
        }
    }

    [Fact]
    public async Task A_handler_that_throws_harms_neither_the_client_nor_its_end()
    {
        await using var ring = new ScriptedRing(2);
        var client = await ring.ConnectAsync();
        var told = 0;
        client.RingChanged += (_, _) =>
        {
            Interlocked.Increment(ref told);
            throw new InvalidOperationException("mine");
        };
        ring.Servers[1].Stop();
        await MembershipTests.EventuallyAsync(() => client.Ring.State == ClientState.Degraded);
        ring.Servers[1].Start();
        await MembershipTests.EventuallyAsync(() => client.Ring.State == ClientState.Connected);
        await client.SetAsync(Key, Value, null, Token);
        Assert.True(told > 1);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_ring_is_not_taken_for_larger_than_it_can_be()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ring.ConnectAsync(o => o with { Configuration = ring.Configuration with { MaxNodes = 6 } });
        for (var i = 0; i < 50; i++)
        {
            var stranger = ring.Servers[0].Record with
            {
                Id =
                NodeIdentity.Compute(NodeIdType.Custom, ScriptedRing.Group, "127.0.0.1", 1, customSeed: $"s{i}"),
                CustomSeed = $"s{i}",
                Port = 1
            };
            foreach (var server in ring.Servers) await server.TellAsync(stranger with { Status = NodeStatus.OutOfService });
        }

        await client.GetStatesAsync(Token);
        Assert.Equal(6, client.Ring.Servers.Count);
    }

    private static async Task AllTimeOutAsync(ManualTime clock, IEnumerable<Task> calls)
    {
        foreach (var call in calls.ToArray())
            Assert.Equal(K2hdkcErrors.CallTimeout, (await clock.RunAsync(Assert.ThrowsAsync<DbaasException>(() => call))).ErrorId);
    }
}
