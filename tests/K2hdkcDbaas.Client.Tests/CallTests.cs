using System.Buffers.Binary;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Frames;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Client.Tests;

/// <summary>Servers that are silent, slow, half-closed, lying or resetting, and what calls make of them.</summary>
public class CallTests
{
    private static readonly ReadOnlyMemory<byte> Key = "hello"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Value = "world"u8.ToArray();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_and_empty_are_told_apart_by_attributes()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ring.ConnectAsync();
        Assert.Equal(KeyState.Missing, (await client.GetAsync(Key, null, Token)).State);
        await client.SetAsync(Key, default, null, Token);
        Assert.Equal(KeyState.Empty, (await client.GetAsync(Key, null, Token)).State);
        await client.SetAsync(Key, Value, null, Token);
        var reading = await client.GetAsync(Key, null, Token);
        Assert.Equal((KeyState.Found, "world"), (reading.State, StoredText.Decode(reading.Value.Span)));
        await client.RemoveAsync(Key, recurse: false, Token);
        Assert.Equal(KeyState.Missing, (await client.GetAsync(Key, null, Token)).State);
    }

    [Fact]
    public async Task A_silent_server_is_asked_twice_and_then_named()
    {
        await using var ring = new ScriptedRing(1);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        ring.Servers[0].OnCommand = (_, _) => Task.FromResult(true);
        var started = clock.GetTimestamp();
        var error = await clock.RunAsync(Assert.ThrowsAsync<DbaasException>(() => client.GetAsync(Key, null, Token)));
        Assert.Equal((ErrorKind.Timeout, K2hdkcErrors.CallTimeout), (error.Kind, error.ErrorId));
        Assert.Equal(2, ring.Servers[0].Commands);
        Assert.True(clock.GetElapsedTime(started) >= 2 * ring.Options().CallTimeout);
        // It answered on its status: the connection is kept, and a later call finds it.
        ring.Servers[0].OnCommand = null;
        await client.SetAsync(Key, Value, null, Token);
        Assert.Equal(1, ring.Servers[0].Connections);
    }

    [Fact]
    public async Task What_must_not_be_repeated_is_sent_once()
    {
        await using var ring = new ScriptedRing(1);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        ring.Servers[0].OnCommand = (_, _) => Task.FromResult(true);
        Assert.Equal(K2hdkcErrors.CallTimeout,
            (await clock.RunAsync(Assert.ThrowsAsync<DbaasException>(() => client.StepCounterAsync(Key, true, null, Token)))).ErrorId);
        Assert.Equal(1, ring.Servers[0].Commands);
        ring.Servers[0].OnCommand = (_, _) =>
        {
            ring.Servers[0].Reset();
            return Task.FromResult(true);
        };
        Assert.Equal(K2hdkcErrors.ConnectionLost,
            (await Assert.ThrowsAnyAsync<DbaasException>(() => client.PushAsync(Key, Value, null, Token))).ErrorId);
        Assert.Equal(2, ring.Servers[0].Commands);
    }

    [Fact]
    public async Task A_server_that_hangs_altogether_is_given_up_for_its_replica()
    {
        await using var ring = new ScriptedRing(2);
        var clock = new ManualTime(DateTimeOffset.UtcNow);
        await using var client = await ring.ConnectAsync(clock);
        await client.SetAsync(Key, Value, null, Token);
        var owner = ring.OwnerOf(Key);
        owner.OnCommand = (_, _) => Task.FromResult(true);
        owner.OnControl = (_, _) => Task.FromResult(true);
        await clock.RunAsync(Assert.ThrowsAsync<DbaasException>(() => client.StepCounterAsync(Key, true, null, Token)));
        var reading = await clock.RunAsync(client.GetAsync(Key, null, Token));
        Assert.Equal(KeyState.Found, reading.State);
    }

    [Fact]
    public async Task A_reset_under_a_read_goes_unnoticed()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ring.ConnectAsync();
        await client.SetAsync(Key, Value, null, Token);
        var resets = 0;
        foreach (var server in ring.Servers) server.OnCommand = (_, _) =>
        {
            if (Interlocked.Increment(ref resets) > 2) return Task.FromResult(false);
            server.Reset();
            return Task.FromResult(true);
        };
        Assert.Equal(KeyState.Found, (await client.GetAsync(Key, null, Token)).State);
        Assert.True(resets > 2);
    }

    [Fact]
    public async Task A_server_that_closes_within_a_reply_is_left()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ring.ConnectAsync();
        await client.SetAsync(Key, Value, null, Token);
        var owner = ring.OwnerOf(Key);
        owner.OnCommand = async (frame, stream) =>
        {
            await stream.WriteAsync(
                ScriptedServer.ReplyTo(frame, new CommandReply(CommandType.Get, ResultCode.Ok) { Data = new byte[1000] }).AsMemory(0, 300));
            owner.Stop();
            return true;
        };
        Assert.Equal(Value.ToArray(), (await client.GetAsync(Key, null, Token)).Value.ToArray());
    }

    public static TheoryData<string> Lies => ["huge", "short", "garbage", "other command", "past the end"];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lying_server_loses_its_connection_and_the_call_names_it(string lie)
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ring.ConnectAsync(o => o with { MaxRetries = 0 });
        ring.Servers[0].OnCommand = async (frame, stream) =>
        {
            var reply = ScriptedServer.ReplyTo(frame, new CommandReply(CommandType.Get, ResultCode.Ok) { Data = new byte[10] });
            switch (lie)
            {
                case "huge": BinaryPrimitives.WriteUInt64BigEndian(reply.AsSpan(104), 1UL << 40); break;
                case "short": BinaryPrimitives.WriteUInt64BigEndian(reply.AsSpan(104), 3); break;
                case "garbage": reply.AsSpan().Fill(0xEE); break;
                case "other command":
                    BinaryPrimitives.WriteUInt64LittleEndian(reply.AsSpan(FrameHeader.Size), (ulong)CommandType.CounterGet); break;
                default: BinaryPrimitives.WriteUInt64LittleEndian(reply.AsSpan(FrameHeader.Size + 48), ulong.MaxValue); break;
            }

            await stream.WriteAsync(reply);
            return true;
        };
        var error = await Assert.ThrowsAnyAsync<DbaasException>(() => client.GetAsync(Key, null, Token));
        Assert.IsType<ProtocolException>(error as ProtocolException ?? error.InnerException);
        ring.Servers[0].OnCommand = null;
        await client.SetAsync(Key, Value, null, Token);
    }

    [Fact]
    public async Task A_late_reply_harms_nobody()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ring.ConnectAsync();
        await client.SetAsync(Key, Value, null, Token);
        Frame? held = null;
        ring.Servers[0].OnCommand = async (frame, stream) =>
        {
            if (held is null)
            {
                held = frame;
                return true;
            }

            await stream.WriteAsync(
                ScriptedServer.ReplyTo(held.Value, new CommandReply(CommandType.Get, ResultCode.Ok) { Data = "stale"u8.ToArray() }));
            return false;
        };
        Assert.Equal("world", StoredText.Decode((await client.GetAsync(Key, null, Token)).Value.Span));
        Assert.Equal("world", StoredText.Decode((await client.GetAsync(Key, null, Token)).Value.Span));
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_the_client_goes_on()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ring.ConnectAsync(new ManualTime(DateTimeOffset.UtcNow));
        ring.Servers[0].OnCommand = (_, _) => Task.FromResult(true);
        using var cancel = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(Key, null, cancel.Token));
        ring.Servers[0].OnCommand = null;
        await client.SetAsync(Key, Value, null, Token);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task No_server_gets_more_requests_at_a_time_than_allowed(int most)
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ring.ConnectAsync(o => o with { MaxInFlightPerServer = most });
        foreach (var server in ring.Servers) server.Delay = TimeSpan.FromMilliseconds(5);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => client.SetAsync(BitConverter.GetBytes(i), Value, null, Token)));
        Assert.All(ring.Servers, s => Assert.InRange(s.MostUnderWay, 1, most));
        Assert.Equal(60, ring.Servers.Sum(s => s.Commands));
        if (most > 1) Assert.Contains(ring.Servers, s => s.MostUnderWay > 1);
    }

    [Fact]
    public async Task Queue_calls_follow_one_another_even_when_pipelined()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ring.ConnectAsync(o => o with { MaxInFlightPerServer = 8 });
        foreach (var server in ring.Servers) server.Delay = TimeSpan.FromMilliseconds(3);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.PushAsync(BitConverter.GetBytes(i), Value, null, Token)));
        Assert.All(ring.Servers, s => Assert.InRange(s.MostUnderWay, 0, 1));
        Assert.Null(await client.PopAsync(Key, null, Token));
    }

    [Fact]
    public async Task Calls_in_parallel_get_their_own_answers()
    {
        await using var ring = new ScriptedRing(3);
        await using var client = await ring.ConnectAsync(o => o with { MaxInFlightPerServer = 16 });
        await Task.WhenAll(Enumerable.Range(0, 500).Select(async i =>
        {
            var key = BitConverter.GetBytes(i);
            await client.SetAsync(key, key, null, Token);
            Assert.Equal(key, (await client.GetAsync(key, null, Token)).Value.ToArray());
        }));
    }

    [Fact]
    public async Task A_large_value_crosses_whole()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ring.ConnectAsync(o => o with { CallTimeout = TimeSpan.FromSeconds(20) });
        var large = new byte[8 << 20];
        new Random(1).NextBytes(large);
        await client.SetAsync(Key, large, null, Token);
        Assert.True((await client.GetAsync(Key, null, Token)).Value.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task States_come_from_every_server_and_a_fault_stays_with_its_own()
    {
        await using var ring = new ScriptedRing(3);
        await using var client = await ring.ConnectAsync();
        ring.Servers[1].OnCommand = (_, _) => Task.FromResult(true);
        var states = await client.GetStatesAsync(Token);
        Assert.Equal(3, states.Count);
        Assert.Equal(ring.Servers[1].Record.Id, states.Single(s => s.Fault is not null).Id);
        Assert.All(states.Where(s => s.Fault is null), s => Assert.Equal(s.Id, s.State!.NodeId));
    }

    [Fact]
    public async Task Arguments_that_cannot_be_are_refused_before_anything_is_sent()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ring.ConnectAsync();
        Task[] calls =
        [
            client.GetAsync(default, null, Token),
            client.SetAsync(Key, Value, new SetOptions { ExpiresIn = TimeSpan.Zero }, Token),
            client.ReadRangeAsync(Key, -1, 1, Token),
            client.ReadRangeAsync(Key, 0, 0, Token),
            client.WriteRangeAsync(Key, 0, default, Token),
            client.CompareAndSetCounterAsync(Key, new CounterValue(1, CounterWidth.Bits8), new CounterValue(1), null, Token),
            client.PushAsync(default, Value, null, Token),
        ];
        foreach (var call in calls)
            Assert.Equal(K2hdkcErrors.InvalidArgument, (await Assert.ThrowsAsync<DbaasException>(() => call)).ErrorId);
        Assert.Equal(0, ring.Servers[0].Commands);
    }
}
