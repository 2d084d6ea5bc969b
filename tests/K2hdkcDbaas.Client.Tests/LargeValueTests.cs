using System.Collections.Concurrent;
using System.Text;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.Client.Tests;

/// <summary>Values that do not fit into memory, into a message, or into the time that they had.</summary>
public class LargeValueTests
{
    private const int Most = 256 * 1024;

    private static readonly ReadOnlyMemory<byte> Key = "hello"u8.ToArray();
    private static readonly byte[] Large = Bytes(5 * Most);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_too_long_for_memory_fails_its_own_call_only_and_no_replica_is_asked_instead()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ConnectAsync(ring, o => o with { MaxInFlightPerServer = 4 });
        Put(ring, Large);
        var (owner, replica) = (ring.OwnerOf(Key), ring.ReplicaOf(Key));
        replica.Store[Convert.ToHexString(Key.Span)] = "stale"u8.ToArray();
        var fault = await Assert.ThrowsAsync<DbaasException>(() => client.GetAsync(Key, null, Token));
        Assert.Equal(K2hdkcErrors.ValueTooLarge, fault.ErrorId);
        Assert.Equal((1, 0), (owner.Commands, replica.Commands));
        // The same connection serves on.
        await client.SetAsync(Key, "small"u8.ToArray(), null, Token);
        Assert.Equal("small", Encoding.UTF8.GetString((await client.GetAsync(Key, null, Token)).Value.Span));
        Assert.Equal(1, owner.Connections);
    }

    [Fact]
    public async Task A_request_too_long_is_not_sent()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ConnectAsync(ring);
        var fault = await Assert.ThrowsAsync<DbaasException>(() => client.SetAsync(Key, Large, null, Token));
        Assert.Equal((K2hdkcErrors.ValueTooLarge, ErrorKind.InvalidInput), (fault.ErrorId, fault.Kind));
        using var source = new MemoryStream(Large);
        fault = await Assert.ThrowsAsync<DbaasException>(() => client.SetFromAsync(Key, source, int.MaxValue, null, null, Token));
        Assert.Equal(K2hdkcErrors.ValueTooLarge, fault.ErrorId);
        Assert.Equal(0, ring.Servers[0].Commands);
        Assert.Equal(1, ring.Servers[0].Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(5 * Most)]
    public async Task Streams_carry_values_of_every_size_whole_both_ways(int length)
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ConnectAsync(ring);
        var (value, sent, received) = (Bytes(length), 0L, 0L);
        using var source = new MemoryStream([.. "before"u8, .. value, .. "after"u8]) { Position = 6 };
        await client.SetFromAsync(Key, source, length, null, done => sent = done, Token);
        Assert.Equal(value, ring.Servers[0].Store[Convert.ToHexString(Key.Span)]);
        using var target = new MemoryStream();
        target.Write("kept"u8);
        var (state, got) = await client.GetIntoAsync(Key, target, null, done => received = done, Token);
        Assert.Equal((length == 0 ? KeyState.Empty : KeyState.Found, (long)length), (state, got));
        Assert.Equal([.. "kept"u8, .. value], target.ToArray());
        Assert.Equal(((long)length, (long)length), (sent, received));
        // One request each: a value in parts would not be one value.
        Assert.Equal(2, ring.Servers[0].Commands - (length == 0 ? 1 : 0));
    }

    [Fact]
    public async Task A_missing_key_leaves_the_stream_as_it_is()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ConnectAsync(ring);
        using var target = new MemoryStream();
        Assert.Equal((KeyState.Missing, 0L), await client.GetIntoAsync(Key, target, null, null, Token));
        Assert.Equal(0, target.Length);
    }

    [Fact]
    public async Task A_source_that_ends_early_changes_nothing_and_says_so()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ConnectAsync(ring);
        Put(ring, "old"u8.ToArray());
        using var source = new MemoryStream(Large);
        var fault = await Assert.ThrowsAsync<DbaasException>(() => client.SetFromAsync(Key, source, Large.Length + 1, null, null, Token));
        Assert.Equal(K2hdkcErrors.InvalidArgument, fault.ErrorId);
        Assert.Equal("old", Encoding.UTF8.GetString((await client.GetAsync(Key, null, Token)).Value.Span));
    }

    [Fact]
    public async Task What_the_callers_stream_fails_with_is_the_callers_to_see()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ConnectAsync(ring);
        Put(ring, Large);
        await Assert.ThrowsAsync<IOException>(() => client.GetIntoAsync(Key, new FullStream(), null, null, Token));
        // What was left of the reply is passed over.
        Assert.Equal(1, ring.Servers[0].Connections);
        await Assert.ThrowsAsync<IOException>(() => client.SetFromAsync(Key, new FullStream(), 100_000, null, null, Token));
        using var target = new MemoryStream();
        Assert.Equal((KeyState.Found, Large.Length), await client.GetIntoAsync(Key, target, null, null, Token));
    }

    [Fact]
    public async Task A_connection_lost_within_a_value_begins_it_anew_at_the_replica()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ConnectAsync(ring);
        Put(ring, Large);
        var owner = ring.OwnerOf(Key);
        owner.OnCommand = async (frame, stream) =>
        {
            await stream.WriteAsync(
                ScriptedServer.ReplyTo(frame, new CommandReply(CommandType.Get, ResultCode.Ok) { Data = Bytes(Large.Length, 9) })
                    .AsMemory(0, 3 * Most));
            await Task.Delay(50);
            owner.Stop();
            return true;
        };
        using var target = new MemoryStream();
        Assert.Equal((KeyState.Found, Large.Length), await client.GetIntoAsync(Key, target, null, null, Token));
        Assert.Equal(Large, target.ToArray());
    }

    [Fact]
    public async Task A_reader_that_gives_up_has_its_stream_to_itself_and_the_connection_goes_on()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ConnectAsync(ring, o => o with { CallTimeout = TimeSpan.FromSeconds(30) });
        Put(ring, Large);
        var hold = new TaskCompletionSource();
        ring.Servers[0].OnCommand = async (frame, stream) =>
        {
            var reply = ScriptedServer.ReplyTo(frame, new CommandReply(CommandType.Get, ResultCode.Ok) { Data = Large });
            await stream.WriteAsync(reply.AsMemory(0, 3 * Most));
            await hold.Task;
            await stream.WriteAsync(reply.AsMemory(3 * Most));
            ring.Servers[0].OnCommand = null;
            return true;
        };
        using var cancel = new CancellationTokenSource();
        var target = new MemoryStream();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GetIntoAsync(Key, target, null, _ => cancel.Cancel(), cancel.Token));
        var length = target.Length;
        hold.SetResult();
        await client.SetAsync(Key, "next"u8.ToArray(), null, Token);
        Assert.Equal((length, 1), (target.Length, ring.Servers[0].Connections));
    }

    [Fact]
    public async Task A_slow_large_reply_is_waited_for_as_long_as_it_moves()
    {
        await using var ring = new ScriptedRing(1);
        var (clock, patience) = (new ManualTime(DateTimeOffset.UtcNow), TimeSpan.FromSeconds(3));
        await using var client = await ConnectAsync(ring, o => o with { TimeProvider = clock, CallTimeout = patience, MaxRetries = 0 });
        using var arrived = new SemaphoreSlim(0);
        ring.Servers[0].OnCommand = async (frame, stream) =>
        {
            var reply = ScriptedServer.ReplyTo(frame, new CommandReply(CommandType.Get, ResultCode.Ok) { Data = Large }).AsMemory();
            // Ahead by more than the heads: the client tells of whole parts of the value.
            const int Heads = 4096;
            await stream.WriteAsync(reply[..Heads]);
            for (reply = reply[Heads..]; reply.Length > Most; reply = reply[Most..])
            {
                await stream.WriteAsync(reply[..Most]);
                await arrived.WaitAsync(Token);
                clock.Advance(patience * 0.6);
            }

            await stream.WriteAsync(reply);
            return true;
        };
        using var target = new MemoryStream();
        Assert.Equal((KeyState.Found, Large.Length), await client.GetIntoAsync(Key, target, null, _ => arrived.Release(), Token));
        Assert.Equal(Large, target.ToArray());
        Assert.True(Large.Length > 3 * Most);
        Assert.Equal(1, ring.Servers[0].Commands);
    }

    [Fact]
    public async Task What_makes_no_sense_is_not_asked_of_another_server()
    {
        await using var ring = new ScriptedRing(2);
        await using var client = await ConnectAsync(ring);
        ring.OwnerOf(Key).OnCommand = async (frame, stream) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 500)));
            return true;
        };
        var fault = await Assert.ThrowsAnyAsync<DbaasException>(() => client.GetAsync(Key, null, Token));
        Assert.IsType<ProtocolException>(fault.InnerException);
        Assert.Equal(0, ring.ReplicaOf(Key).Commands);
    }

    [Fact]
    public async Task Ranges_are_cut_out_of_whole_values_and_no_server_is_asked_for_a_part()
    {
        await using var ring = new ScriptedRing(1);
        await using var client = await ConnectAsync(ring);
        var asked = new ConcurrentBag<CommandType>();
        ring.Servers[0].OnCommand = (frame, connection) =>
        {
            if (CommandHead.TryRead(frame.Payload.Span, out var head)) asked.Add(head.Command);
            return Task.FromResult(false);
        };
        await client.SetAsync(Key, default, null, Token);
        Assert.Equal(0, (await client.ReadRangeAsync(Key, 0, 10, Token)).Length);
        await client.WriteRangeAsync(Key, 2, "cd"u8.ToArray(), Token);
        Assert.Equal("\0\0cd", Encoding.UTF8.GetString((await client.GetAsync(Key, null, Token)).Value.Span));
        await client.WriteRangeAsync(Key, 0, "ab"u8.ToArray(), Token);
        Assert.Equal("bc", Encoding.UTF8.GetString((await client.ReadRangeAsync(Key, 1, 2, Token)).Span));
        Assert.Equal("d", Encoding.UTF8.GetString((await client.ReadRangeAsync(Key, 3, 100, Token)).Span));
        Assert.Equal(0, (await client.ReadRangeAsync(Key, 4, 1, Token)).Length);
        Assert.Equal(0, (await client.ReadRangeAsync(Key, long.MaxValue, int.MaxValue, Token)).Length);
        Assert.Equal(K2hdkcErrors.KeyNotFound,
            (await Assert.ThrowsAsync<DbaasException>(() => client.ReadRangeAsync("no"u8.ToArray(), 0, 1, Token))).ErrorId);
        Assert.DoesNotContain(asked, c => c is CommandType.GetDirect or CommandType.SetDirect);
    }

    private static Task<IK2hdkcClient> ConnectAsync(ScriptedRing ring, Func<K2hdkcClientOptions, K2hdkcClientOptions>? change = null) =>
        ring.ConnectAsync(o => (change ?? (c => c))(o with { MaxFrameLength = Most, CallTimeout = TimeSpan.FromSeconds(5) }));

    private static void Put(ScriptedRing ring, byte[] value)
    {
        foreach (var server in ring.Servers) server.Store[Convert.ToHexString(Key.Span)] = value;
    }

    private static byte[] Bytes(int length, int seed = 5)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A full disk, or one that cannot be read.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("No space left.");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("Cannot be read.");
    }
}
