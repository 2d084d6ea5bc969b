using System.Text;
using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Tests.Real;

/// <summary>Parts of values, and values of many megabytes, on a real ring.</summary>
[Collection(nameof(Alone))]
public class LargeValueTests
{
    // Above what any client sends in one piece by default, and long enough for replicas to have been left behind by writes in parts.
    private const int Large = 70 << 20;

    private readonly string _prefix = $"l{Guid.NewGuid():N}-";

    public static TheoryData<K2hdkcTransport> Transports => [K2hdkcTransport.Managed, K2hdkcTransport.Native];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Parts_of_a_value_are_read_and_written(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        var key = Text("range");
        await client.SetAsync(key, "0123456789"u8.ToArray(), new SetOptions { ExpiresIn = TimeSpan.FromHours(1) }, Token);
        Assert.Equal("345", Show(await client.ReadRangeAsync(key, 3, 3, Token)));
        Assert.Equal("89", Show(await client.ReadRangeAsync(key, 8, 100, Token)));
        await client.WriteRangeAsync(key, 8, "xyz"u8.ToArray(), Token);
        Assert.Equal("01234567xyz", Show((await client.GetAsync(key, null, Token)).Value));
        Assert.NotNull((await client.GetAttributesAsync(key, Token)).Expires);
        Assert.Equal(K2hdkcErrors.KeyNotFound,
            (await Assert.ThrowsAsync<DbaasException>(() => client.ReadRangeAsync(Text("nothing"), 0, 1, Token))).ErrorId);
    }

    // Each of these once killed the server that it was asked of.
    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Reads_of_nothing_leave_the_servers_alive(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        var (empty, short_) = (Text("empty"), Text("short"));
        await client.SetAsync(empty, default, null, Token);
        await client.SetAsync(short_, "abc"u8.ToArray(), null, Token);
        using var target = new MemoryStream();
        Assert.Equal((KeyState.Empty, 0L), await client.GetIntoAsync(empty, target, null, null, Token));
        Assert.Equal((KeyState.Missing, 0L), await client.GetIntoAsync(Text("missing"), target, null, null, Token));
        Assert.Equal(0, (await client.ReadRangeAsync(empty, 0, 10, Token)).Length);
        Assert.Equal(0, (await client.ReadRangeAsync(empty, 5, 10, Token)).Length);
        Assert.Equal(0, (await client.ReadRangeAsync(short_, 3, 1, Token)).Length);
        Assert.Equal(0, (await client.ReadRangeAsync(short_, 1 << 20, 1, Token)).Length);
        Assert.Equal(0, target.Length);
        await Task.Delay(500, Token);
        Assert.Equal("abc", Show((await client.GetAsync(short_, null, Token)).Value));
        Assert.Equal(KeyState.Empty, (await client.GetAsync(empty, null, Token)).State);
        Assert.All(await client.GetStatesAsync(Token), s => Assert.Null(s.Fault));
    }

    [Fact]
    public async Task A_value_above_every_limit_is_streamed_and_the_limit_itself_is_told()
    {
        await using var client =
            await RealRing.ConnectAsync(K2hdkcTransport.Managed, o => o with { CallTimeout = TimeSpan.FromSeconds(60) });
        var (key, value) = (Text("large"), Bytes(Large));
        using var source = new MemoryStream(value);
        await client.SetFromAsync(key, source, value.Length, null, null, Token);
        using var target = new MemoryStream();
        Assert.Equal((KeyState.Found, (long)Large), await client.GetIntoAsync(key, target, null, null, Token));
        Assert.True(target.GetBuffer().AsSpan(0, Large).SequenceEqual(value));
        Assert.Equal(K2hdkcErrors.ValueTooLarge,
            (await Assert.ThrowsAsync<DbaasException>(() => client.GetAsync(key, null, Token))).ErrorId);
        Assert.Equal(K2hdkcErrors.ValueTooLarge,
            (await Assert.ThrowsAsync<DbaasException>(() => client.SetAsync(key, value, null, Token))).ErrorId);
        await client.RemoveAsync(key, recurse: false, Token);
    }

    // Each server is asked by itself for what it holds: what was written in parts was never whole on the second.
    [Theory]
    [InlineData(null)]
    [InlineData("sealed")]
    public async Task Replicas_hold_all_of_what_was_streamed(string? passPhrase)
    {
        await using var client =
            await RealRing.ConnectAsync(K2hdkcTransport.Managed, o => o with { CallTimeout = TimeSpan.FromSeconds(60) });
        var options = new K2hdkcClientOptions { CallTimeout = TimeSpan.FromSeconds(60) };
        var configuration = await ConfigurationFile.LoadAsync(RealRing.Configuration, Token);
        await using var member = await RingMember.JoinAsync(configuration, options, new TcpDialer(options), (_, _) => { }, Token);
        if (member.Table.Ring.Replicas == 0) Assert.Skip("The ring keeps no replicas.");
        for (var i = 0; i < 3; i++)
        {
            var (key, value) = (Text($"v{i}"), Bytes((18 << 20) + i, i));
            using var source = new MemoryStream(value);
            await client.SetFromAsync(key, source, value.Length, new SetOptions { PassPhrase = passPhrase }, null, Token);
            // Replication follows the reply.
            await Task.Delay(3000, Token);
            var request = new GetRequest(key) { PassPhrase = ManagedClient.PassPhrase(passPhrase) };
            var owners = member.Table.Ring.Owners(request.RoutingHash);
            Assert.True(owners.Count > 1);
            foreach (var owner in owners)
            {
                var connection = await member.ConnectionToAsync(owner.Id, Token);
                var held = (await connection.CallAsync(request, request.RoutingHash, null, Token)).Data;
                Assert.True(held.Span.SequenceEqual(value), $"{owner.Port} holds {held.Length} of {value.Length} bytes");
            }

            await client.RemoveAsync(key, recurse: false, Token);
        }
    }

    // The library waits a second for a reply, which a large value outlasts, and takes a late one for that of the next call.
    [Fact]
    public async Task A_native_call_never_gets_the_reply_of_one_that_timed_out()
    {
        await using var managed =
            await RealRing.ConnectAsync(K2hdkcTransport.Managed, o => o with { CallTimeout = TimeSpan.FromSeconds(60) });
        await using var native = await RealRing.ConnectAsync(K2hdkcTransport.Native);
        var value = Bytes(120 << 20);
        using var source = new MemoryStream(value);
        await managed.SetFromAsync(Text("late"), source, value.Length, null, null, Token);
        for (var i = 0; i < 5; i++) await managed.SetAsync(Text($"k{i}"), Text($"v{i}"), null, Token);
        var late = 0;
        for (var round = 0; round < 4; round++)
        {
            try
            {
                if (round % 2 == 0) Assert.Equal(value.Length, (await native.GetAsync(Text("late"), null, Token)).Value.Length);
                else await native.SetAsync(Text("late too"), value, null, Token);
            }
            catch (DbaasException e) when (e.ErrorId == K2hdkcErrors.CallTimeout)
            {
                late++;
            }

            for (var i = 0; i < 5; i++)
            {
                try
                {
                    Assert.Equal(Show(Text($"v{i}")), Show((await native.GetAsync(Text($"k{i}"), null, Token)).Value));
                    Assert.Empty(await native.GetSubkeysAsync(Text($"k{i}"), Token));
                }
                catch (DbaasException e) when (e.ErrorId == K2hdkcErrors.CallTimeout)
                {
                    // A server that still works on the large value is late with these too.
                }
            }
        }

        foreach (var key in new[] { "late", "late too" }) await managed.RemoveAsync(Text(key), recurse: false, Token);
        if (late == 0) Assert.Skip("This ring is too quick for a timeout.");
    }

    private static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private ReadOnlyMemory<byte> Text(string name) => StoredText.Encode(_prefix + name);

    private static string Show(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
