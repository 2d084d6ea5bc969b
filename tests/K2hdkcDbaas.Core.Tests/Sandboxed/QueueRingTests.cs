using System.Text;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>
/// Queues with items that cannot be read: the servers drop what they pop, readable or not, and what is behind an expired item.
/// </summary>
public sealed class QueueRingTests
{
    private static readonly ReadOnlyMemory<byte> Queue = "queue"u8.ToArray();
    private static readonly QueueOptions Secret = new() { PassPhrase = "secret" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(QueueOrder.Fifo)]
    [InlineData(QueueOrder.Lifo)]
    public async Task Items_that_have_expired_are_passed_over_and_told_and_those_behind_them_stay(QueueOrder order)
    {
        var time = new LaterTime();
        await using var ring = await StartAsync(time);
        await using var client = await ConnectAsync(ring, time);
        var options = new QueueOptions { Order = order };
        foreach (var (text, expires) in new[] { ("a", false), ("b", true), ("c", true), ("d", false), ("e", true) })
            await client.PushAsync(Queue, Bytes(text), options with { ExpiresIn = expires ? TimeSpan.FromSeconds(5) : null }, Token);
        time.Offset = TimeSpan.FromSeconds(10);
        var passed = new List<KeyState>();
        options = options with { OnPassedOver = (_, state) => passed.Add(state) };
        string[] expected = order == QueueOrder.Fifo ? ["a", "d"] : ["d", "a"];
        foreach (var text in expected) Assert.Equal(text, Text((await client.PopAsync(Queue, options, Token))!.Value));
        Assert.Null(await client.PopAsync(Queue, options, Token));
        Assert.Equal([KeyState.Expired, KeyState.Expired, KeyState.Expired], passed);
    }

    [Fact]
    public async Task An_encrypted_item_stays_until_its_pass_phrase_is_given()
    {
        var time = new LaterTime();
        await using var ring = await StartAsync(time);
        await using var client = await ConnectAsync(ring, time);
        await client.PushAsync(Queue, Bytes("hidden"), Secret, Token);
        await client.PushAsync(Queue, Bytes("open"), null, Token);
        foreach (var wrong in new[] { null, new QueueOptions { PassPhrase = "other" } })
        {
            var error = await Assert.ThrowsAsync<DbaasException>(() => client.PopAsync(Queue, wrong, Token));
            Assert.Equal((ErrorKind.Forbidden, K2hdkcErrors.QueueItemLocked), (error.Kind, error.ErrorId));
        }

        Assert.Equal("hidden", Text((await client.PopAsync(Queue, Secret, Token))!.Value));
        Assert.Equal("open", Text((await client.PopAsync(Queue, Secret, Token))!.Value));
        Assert.Null(await client.PopAsync(Queue, null, Token));
    }

    [Fact]
    public async Task Keys_of_a_key_queue_that_are_gone_are_passed_over_by_name_and_encrypted_ones_stay()
    {
        var time = new LaterTime();
        await using var ring = await StartAsync(time);
        await using var client = await ConnectAsync(ring, time);
        await client.PushKeyAsync(Queue, new KeyQueueItem(Bytes("short"), Bytes("1")),
            new QueueOptions { ExpiresIn = TimeSpan.FromSeconds(5) }, Token);
        await client.PushKeyAsync(Queue, new KeyQueueItem(Bytes("removed"), Bytes("2")), null, Token);
        await client.PushKeyAsync(Queue, new KeyQueueItem(Bytes("hidden"), Bytes("3")), Secret, Token);
        await client.PushKeyAsync(Queue, new KeyQueueItem(Bytes("last"), Bytes("4")), null, Token);
        await client.RemoveAsync(Bytes("removed"), recurse: false, Token);
        time.Offset = TimeSpan.FromSeconds(10);
        var passed = new List<string>();
        var options = new QueueOptions { OnPassedOver = (key, state) => passed.Add($"{Text(key)} {state}") };
        Assert.Equal(K2hdkcErrors.QueueItemLocked,
            (await Assert.ThrowsAsync<DbaasException>(() => client.PopKeyAsync(Queue, options, Token))).ErrorId);
        Assert.Equal(["short Expired", "removed Missing"], passed);
        Assert.Equal("3", Text((await client.GetAsync(Bytes("hidden"), new GetOptions { PassPhrase = "secret" }, Token)).Value));
        var hidden = (await client.PopKeyAsync(Queue, Secret, Token))!.Value;
        Assert.Equal(("hidden", "3"), (Text(hidden.Key), Text(hidden.Value)));
        var last = (await client.PopKeyAsync(Queue, options, Token))!.Value;
        Assert.Equal(("last", "4"), (Text(last.Key), Text(last.Value)));
        Assert.Null(await client.PopKeyAsync(Queue, options, Token));
    }

    [Fact]
    public async Task Clearing_drops_what_cannot_be_read_too_and_counts_it()
    {
        var time = new LaterTime();
        await using var ring = await StartAsync(time);
        await using var client = await ConnectAsync(ring, time);
        await client.PushAsync(Queue, Bytes("short"), new QueueOptions { ExpiresIn = TimeSpan.FromSeconds(5) }, Token);
        await client.PushAsync(Queue, Bytes("hidden"), Secret, Token);
        await client.PushAsync(Queue, Bytes("open"), null, Token);
        time.Offset = TimeSpan.FromSeconds(10);
        Assert.Equal(2, await client.ClearQueueAsync(Queue, isKeyQueue: false, count: 2, null, Token));
        Assert.Equal(1, await client.ClearQueueAsync(Queue, isKeyQueue: false, null, null, Token));
        Assert.Null(await client.PopAsync(Queue, null, Token));
    }

    private static Task<SandboxRing> StartAsync(TimeProvider time) =>
        SandboxRing.StartAsync(new SandboxRingOptions { Servers = 3, Clock = time }, Token);

    private static Task<IK2hdkcClient> ConnectAsync(SandboxRing ring, TimeProvider time) => K2hdkcClientFactory.ConnectAsync(
        new K2hdkcClientOptions
        {
            Configuration = RingConfiguration.Parse(ring.SlaveConfiguration),
            Transport = K2hdkcTransport.Managed,
            CallTimeout = TimeSpan.FromSeconds(20),
            TimeProvider = time,
        },
        Token);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>The system's time, or later.</summary>
    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
