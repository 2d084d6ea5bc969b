using System.Collections.Concurrent;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>The managed client against a ring of the sandbox's nodes: data through losses, and values of many megabytes.</summary>
public class DataRingTests
{
    private const int Keys = 300;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_killed_under_load_costs_no_call_and_no_acknowledged_value()
    {
        // Released servers miss what is written while they join again; here it is the client that is tried.
        await using var ring = await SandboxRing.StartAsync(
            new SandboxRingOptions { Servers = 3, Replicas = 1, Merge = MergeBehavior.Patched }, Token);
        await using var client = await ConnectAsync(ring);
        var (written, failures, stop, calls) = (new ConcurrentDictionary<int, int>(), new ConcurrentBag<string>(), false, 0);
        var load = Enumerable.Range(0, 4).Select(worker => Task.Run(
            async () =>
            {
                for (var (i, turn) = (worker, 0); !Volatile.Read(ref stop); i = (i + 4) % Keys, turn++)
                {
                    try
                    {
                        await client.SetAsync(StoredText.Encode($"k{i}"), StoredText.Encode($"{turn}"), null, Token);
                        written[i] = turn;
                        if (await TextAsync(client, $"k{i}") != $"{turn}") failures.Add($"k{i} read back wrong");
                        Interlocked.Increment(ref calls);
                    }
                    catch (DbaasException e)
                    {
                        failures.Add(e.Message);
                    }
                }
            },
            Token)).ToArray();

        await ReachAsync(() => Volatile.Read(ref calls) > 2 * Keys);
        await ring.KillNodeAsync(1, Token);
        var before = Volatile.Read(ref calls);
        await ReachAsync(() => Volatile.Read(ref calls) > before + (2 * Keys));
        Assert.Equal(2, client.Ring.Servers.Count(s => s.IsConnected));
        await ring.StartNodeAsync(1, default, Token);
        await ring.SettleAsync(Token);
        await ReachAsync(
            () => client.Ring.State == ClientState.Connected && client.Ring.Servers.All(s => s.Record.Status == NodeStatus.InService));
        before = Volatile.Read(ref calls);
        await ReachAsync(() => Volatile.Read(ref calls) > before + (2 * Keys));
        Volatile.Write(ref stop, true);
        await Task.WhenAll(load);
        Assert.Empty(failures.Distinct().Take(5));
        for (var i = 0; i < Keys; i++) Assert.Equal($"{written[i]}", await TextAsync(client, $"k{i}"));
    }

    [Fact]
    public async Task A_large_value_is_whole_on_the_replica_too()
    {
        const int length = (17 << 20) + 5;
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 2, Replicas = 1 }, Token);
        await using var client = await ConnectAsync(ring);
        var values = Enumerable.Range(0, 4).Select(seed => Bytes(length, seed)).ToArray();
        for (var i = 0; i < values.Length; i++)
        {
            using var source = new MemoryStream(values[i]);
            Assert.Equal(length,
                await ValueTransfer.WriteAsync(client, StoredText.Encode($"large {i}"),
                    source, i == 0 ? new SetOptions { PassPhrase = "p" } : null, null, Token));
        }

        await ring.KillNodeAsync(0, Token);
        for (var i = 0; i < values.Length; i++)
        {
            using var target = new MemoryStream();
            var read = await ValueTransfer.ReadAsync(client, StoredText.Encode($"large {i}"), target, new GetOptions { PassPhrase = "p" },
                null, Token);
            Assert.Equal((KeyState.Found, (long)length), read);
            Assert.True(target.GetBuffer().AsSpan(0, length).SequenceEqual(values[i]));
        }
    }

    [Fact]
    public async Task A_value_above_the_longest_message_in_memory_goes_through_files_only()
    {
        const int length = 70 << 20;
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 2, Replicas = 1 }, Token);
        await using var client = await ConnectAsync(ring);
        var (key, value) = (StoredText.Encode("huge"), Bytes(length, 7));
        Assert.Equal(K2hdkcErrors.ValueTooLarge,
            (await Assert.ThrowsAsync<DbaasException>(() => client.SetAsync(key, value, null, Token))).ErrorId);
        using var source = new MemoryStream(value);
        await ValueTransfer.WriteAsync(client, key, source, null, null, Token);
        Assert.Equal(K2hdkcErrors.ValueTooLarge,
            (await Assert.ThrowsAsync<DbaasException>(() => client.GetAsync(key, null, Token))).ErrorId);
        using var target = new MemoryStream(length);
        Assert.Equal((KeyState.Found, (long)length), await ValueTransfer.ReadAsync(client, key, target, null, null, Token));
        Assert.True(target.GetBuffer().AsSpan(0, length).SequenceEqual(value));
        Assert.All(client.Ring.Servers, s => Assert.True(s.IsConnected));
    }

    // The sandbox's nodes fall silent where real ones die.
    [Fact]
    public async Task Reads_of_empty_values_and_past_the_end_find_nothing_and_kill_nobody()
    {
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 1, Replicas = 0 }, Token);
        await using var client = await ConnectAsync(ring);
        var (empty, some) = (StoredText.Encode("empty"), StoredText.Encode("some"));
        await client.SetAsync(empty, default, null, Token);
        await client.SetAsync(some, new byte[4 << 20], null, Token);
        using var target = new MemoryStream();
        Assert.Equal((KeyState.Empty, 0L), await ValueTransfer.ReadAsync(client, empty, target, null, null, Token));
        Assert.Equal((KeyState.Missing, 0L), await ValueTransfer.ReadAsync(client, StoredText.Encode("none"), target, null, null, Token));
        // Exactly as long as the parts that were once read.
        Assert.Equal((KeyState.Found, 4L << 20), await ValueTransfer.ReadAsync(client, some, target, null, null, Token));
        Assert.Equal(0, (await client.ReadRangeAsync(empty, 0, 1, Token)).Length);
        Assert.Equal(0, (await client.ReadRangeAsync(some, 4 << 20, 1, Token)).Length);
        Assert.Equal(0, (await client.ReadRangeAsync(some, 5 << 20, 1, Token)).Length);
    }

    private static Task<IK2hdkcClient> ConnectAsync(SandboxRing ring) => K2hdkcClientFactory.ConnectAsync(
        new K2hdkcClientOptions
        {
            Configuration = RingConfiguration.Parse(ring.SlaveConfiguration),
            Transport = K2hdkcTransport.Managed,
            CallTimeout = TimeSpan.FromSeconds(20),
            RerouteTimeout = TimeSpan.FromSeconds(20),
            ReconnectDelay = TimeSpan.FromMilliseconds(20),
        },
        Token);

    private static async Task<string> TextAsync(IK2hdkcClient client, string key) =>
        StoredText.Decode((await client.GetAsync(StoredText.Encode(key), null, Token)).Value.Span);

    private static async Task ReachAsync(Func<bool> condition)
    {
        for (var i = 0; i < 6000 && !condition(); i++) await Task.Delay(10, Token);
        Assert.True(condition());
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
