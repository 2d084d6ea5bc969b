using System.Text;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Client.Tests.Real;

/// <summary>What both transports must do alike, against a real ring.</summary>
public class RealRingTests
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}-";

    public static TheoryData<K2hdkcTransport> Transports => [K2hdkcTransport.Managed, K2hdkcTransport.Native];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Every_state_of_a_key_is_told(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        var key = Text("key");
        Assert.Equal(KeyState.Missing, (await client.GetAsync(key, null, Token)).State);
        await client.SetAsync(key, default, null, Token);
        Assert.Equal(KeyState.Empty, (await client.GetAsync(key, null, Token)).State);
        await client.SetAsync(key, Text("value"), null, Token);
        Assert.Equal(Text("value").ToArray(), (await client.GetAsync(key, null, Token)).Value.ToArray());
        await client.SetAsync(key, Text("value"), new SetOptions { PassPhrase = "open" }, Token);
        Assert.Equal(KeyState.Locked, (await client.GetAsync(key, null, Token)).State);
        Assert.Equal(KeyState.Locked, (await client.GetAsync(key, new GetOptions { PassPhrase = "wrong" }, Token)).State);
        Assert.Equal(Text("value").ToArray(), (await client.GetAsync(key, new GetOptions { PassPhrase = "open" }, Token)).Value.ToArray());
        Assert.True((await client.GetAsync(key, new GetOptions { IgnoreAttributes = true }, Token)).Value.Span.StartsWith("Salted__"u8));
        await client.SetAsync(key, Text("brief"), new SetOptions { ExpiresIn = TimeSpan.FromSeconds(1) }, Token);
        await Task.Delay(2200, Token);
        Assert.Equal(KeyState.Expired, (await client.GetAsync(key, null, Token)).State);
        Assert.Equal(Text("brief").ToArray(),
            (await client.GetAsync(key, new GetOptions { IgnoreAttributes = true }, Token)).Value.ToArray());
        await client.RemoveAsync(key, recurse: false, Token);
        Assert.Equal(KeyState.Missing, (await client.GetAsync(key, null, Token)).State);
        await client.RemoveAsync(key, recurse: false, Token);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task A_key_with_subkeys_only_exists(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        await client.SetSubkeysAsync(Text("parent"), [Text("b"), Text("a")], Token);
        Assert.Equal(KeyState.Empty, (await client.GetAsync(Text("parent"), null, Token)).State);
        Assert.Equal([Shown("a"), Shown("b")], (await client.GetSubkeysAsync(Text("parent"), Token)).Select(Show));
        await client.SetSubkeysAsync(Text("parent"), [], Token);
        Assert.Empty(await client.GetSubkeysAsync(Text("parent"), Token));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Attributes_carry_times(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        Assert.Empty((await client.GetAttributesAsync(Text("none"), Token)).All);
        await client.SetAsync(Text("timed"), Text("v"), new SetOptions { ExpiresIn = TimeSpan.FromMinutes(10), PassPhrase = "p" }, Token);
        var attributes = await client.GetAttributesAsync(Text("timed"), Token);
        Assert.True(attributes.IsEncrypted);
        Assert.Equal(TimeSpan.FromMinutes(10), attributes.Expires - attributes.Modified);
        Assert.InRange(attributes.Modified!.Value, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(2));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Trees_grow_and_fall(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        var (root, child, leaf) = (Text("root"), Text("child"), Text("leaf"));
        await client.SetAsync(root, Text("r"), null, Token);
        await client.AddSubkeyAsync(root, child, Text("c"), null, Token);
        await client.AddSubkeyAsync(child, leaf, Text("l"), null, Token);
        // A circle must not hold a recursive removal for ever.
        await client.AddSubkeyAsync(leaf, root, Text("r"), null, Token);
        Assert.Equal([Show(child)], (await client.GetSubkeysAsync(root, Token)).Select(Show));
        Assert.Equal(K2hdkcErrors.SubkeyNotFound,
            (await Assert.ThrowsAsync<DbaasException>(() => client.RemoveSubkeyAsync(root, leaf, false, Token))).ErrorId);
        Assert.Equal(KeyState.Found, (await client.GetAsync(leaf, null, Token)).State);
        await client.RemoveSubkeyAsync(child, leaf, false, Token);
        Assert.Empty(await client.GetSubkeysAsync(child, Token));
        Assert.Equal(KeyState.Missing, (await client.GetAsync(leaf, null, Token)).State);
        await client.AddSubkeyAsync(child, leaf, Text("l"), null, Token);
        await client.RemoveAsync(root, recurse: true, Token);
        foreach (var key in new[] { root, child, leaf }) Assert.Equal(KeyState.Missing, (await client.GetAsync(key, null, Token)).State);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Keys_are_renamed_with_all_they_have(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        var (parent, old, renamed) = (Text("dir"), Text("old"), Text("new"));
        await client.AddSubkeyAsync(parent, old, Text("v"), new SetOptions { ExpiresIn = TimeSpan.FromHours(1) }, Token);
        await client.RenameAsync(old, renamed, new RenameOptions { ParentKey = parent }, Token);
        Assert.Equal(KeyState.Missing, (await client.GetAsync(old, null, Token)).State);
        Assert.Equal(Text("v").ToArray(), (await client.GetAsync(renamed, null, Token)).Value.ToArray());
        Assert.NotNull((await client.GetAttributesAsync(renamed, Token)).Expires);
        Assert.Equal([Show(renamed)], (await client.GetSubkeysAsync(parent, Token)).Select(Show));
        Assert.Equal(K2hdkcErrors.KeyNotFound,
            (await Assert.ThrowsAsync<DbaasException>(() => client.RenameAsync(old, renamed, null, Token))).ErrorId);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Queues_keep_their_order(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        ReadOnlyMemory<byte> queue = Encoding.UTF8.GetBytes(_prefix + "q");
        var lifo = new QueueOptions { Order = QueueOrder.Lifo };
        Assert.Null(await client.PopAsync(queue, null, Token));
        foreach (var item in new[] { "1", "2", "3" }) await client.PushAsync(queue, Text(item), null, Token);
        Assert.Equal(Shown("1"), Show((await client.PopAsync(queue, null, Token))!.Value));
        await client.PushAsync(queue, Text("0"), lifo, Token);
        Assert.Equal(Shown("0"), Show((await client.PopAsync(queue, lifo, Token))!.Value));
        Assert.Equal(2, await client.ClearQueueAsync(queue, isKeyQueue: false, null, null, Token));
        Assert.Null(await client.PopAsync(queue, null, Token));

        ReadOnlyMemory<byte> keys = Encoding.UTF8.GetBytes(_prefix + "kq");
        await client.PushKeyAsync(keys, new KeyQueueItem(Text("k1"), Text("v1")), null, Token);
        await client.PushKeyAsync(keys, new KeyQueueItem(Text("k2"), Text("v2")), null, Token);
        var popped = (await client.PopKeyAsync(keys, null, Token))!.Value;
        Assert.Equal((Shown("k1"), Shown("v1")), (Show(popped.Key), Show(popped.Value)));
        Assert.Equal(1, await client.ClearQueueAsync(keys, isKeyQueue: true, 5, null, Token));
        Assert.Null(await client.PopKeyAsync(keys, null, Token));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Queue_items_that_cannot_be_read_cost_no_other_item(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        ReadOnlyMemory<byte> queue = Encoding.UTF8.GetBytes(_prefix + "uq");
        var secret = new QueueOptions { PassPhrase = "secret" };
        var passed = new List<KeyState>();
        var telling = new QueueOptions { OnPassedOver = (_, state) => passed.Add(state) };
        await client.PushAsync(queue, Text("short"), new QueueOptions { ExpiresIn = TimeSpan.FromSeconds(1) }, Token);
        await client.PushAsync(queue, Text("hidden"), secret, Token);
        await client.PushAsync(queue, Text("last"), null, Token);
        // The servers have a clock of their own.
        await Task.Delay(TimeSpan.FromSeconds(2.5), Token);
        if (transport == K2hdkcTransport.Native)
        {
            Assert.Equal(K2hdkcErrors.QueueItemExpired,
                (await Assert.ThrowsAsync<DbaasException>(() => client.PopAsync(queue, telling, Token))).ErrorId);
            await using var managed = await RealRing.ConnectAsync(K2hdkcTransport.Managed);
            Assert.Equal(K2hdkcErrors.QueueItemLocked,
                (await Assert.ThrowsAsync<DbaasException>(() => managed.PopAsync(queue, telling, Token))).ErrorId);
        }

        Assert.Equal(K2hdkcErrors.QueueItemLocked,
            (await Assert.ThrowsAsync<DbaasException>(() => client.PopAsync(queue, telling, Token))).ErrorId);
        Assert.Equal([KeyState.Expired], passed);
        Assert.Equal(Shown("hidden"), Show((await client.PopAsync(queue, secret, Token))!.Value));
        Assert.Equal(Shown("last"), Show((await client.PopAsync(queue, telling, Token))!.Value));
        Assert.Null(await client.PopAsync(queue, telling, Token));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Counters_of_all_widths_step_and_wrap(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        foreach (var width in Enum.GetValues<CounterWidth>())
        {
            var key = Text($"counter-{width}");
            var top = new CounterValue(width == CounterWidth.Bits64 ? ulong.MaxValue : (1UL << (8 * (int)width)) - 1, width);
            await client.InitializeCounterAsync(key, top, null, Token);
            Assert.Equal(top, await client.GetCounterAsync(key, null, Token));
            await client.StepCounterAsync(key, isIncrement: true, null, Token);
            Assert.Equal(new CounterValue(0, width), await client.GetCounterAsync(key, null, Token));
            await client.StepCounterAsync(key, isIncrement: false, null, Token);
            Assert.False(await client.CompareAndSetCounterAsync(key, new CounterValue(1, width), new CounterValue(5, width), null, Token));
            Assert.True(await client.CompareAndSetCounterAsync(key, top, new CounterValue(5, width), null, Token));
            Assert.Equal(new CounterValue(2, width), await client.AddToCounterAsync(key, -3, null, Token));
        }

        Assert.Equal(K2hdkcErrors.KeyNotFound,
            (await Assert.ThrowsAsync<DbaasException>(() => client.GetCounterAsync(Text("no"), null, Token))).ErrorId);
        Assert.Equal(K2hdkcErrors.KeyNotFound,
            (await Assert.ThrowsAsync<DbaasException>(() => client.StepCounterAsync(Text("no"), true, null, Token))).ErrorId);
        await client.SetAsync(Text("text"), "abc"u8.ToArray(), null, Token);
        Assert.Equal(K2hdkcErrors.NotACounter,
            (await Assert.ThrowsAsync<DbaasException>(() => client.GetCounterAsync(Text("text"), null, Token))).ErrorId);
        Assert.Equal(K2hdkcErrors.NotACounter,
            (await Assert.ThrowsAsync<DbaasException>(() => client.StepCounterAsync(Text("text"), true, null, Token))).ErrorId);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Every_server_tells_its_state(K2hdkcTransport transport)
    {
        await using var client = await RealRing.ConnectAsync(transport);
        var states = await client.GetStatesAsync(Token);
        Assert.NotEmpty(states);
        Assert.All(states, s => Assert.Equal(K2hash.Version, s.State?.HashVersion));
    }

    [Fact]
    public async Task One_transport_reads_what_the_other_wrote()
    {
        await using var managed = await RealRing.ConnectAsync(K2hdkcTransport.Managed);
        await using var native = await RealRing.ConnectAsync(K2hdkcTransport.Native);
        for (var i = 0; i < 30; i++)
        {
            var (writer, reader) = i % 2 == 0 ? (managed, native) : (native, managed);
            await writer.SetAsync(Text($"x{i}"), Text($"v{i}"), null, Token);
            Assert.Equal(Shown($"v{i}"), Show((await reader.GetAsync(Text($"x{i}"), null, Token)).Value));
        }
    }

    [Fact]
    public async Task The_servers_own_tool_and_this_client_understand_each_other()
    {
        await using var client = await RealRing.ConnectAsync(K2hdkcTransport.Managed);
        string K(string name) => _prefix + name;
        var printed = await RealRing.ToolAsync(
            $"set {K("a")} from-tool", $"set {K("日本語")} wide", $"setsub {K("a")} {K("s")} subvalue", $"cas32 init {K("c")} 41",
            $"queue {K("q")} push fifo item-of-tool",
            $"set {K("e")} sealed pass=word", $"keyqueue {K("kq")} push fifo {K("ki")} kv");
        Assert.Equal(Shown("from-tool", bare: true), Show((await client.GetAsync(Text("a"), null, Token)).Value));
        Assert.Equal("wide\0", Show((await client.GetAsync(Text("日本語"), null, Token)).Value));
        Assert.Equal([K("s") + "\0"], (await client.GetSubkeysAsync(Text("a"), Token)).Select(Show));
        Assert.Equal(42u, (await client.AddToCounterAsync(Text("c"), 1, null, Token)).Value);
        Assert.Equal("item-of-tool\0", Show((await client.PopAsync(Encoding.UTF8.GetBytes(K("q")), null, Token))!.Value));
        Assert.Equal("sealed\0", Show((await client.GetAsync(Text("e"), new GetOptions { PassPhrase = "word" }, Token)).Value));
        Assert.Equal(K("ki") + "\0", Show((await client.PopKeyAsync(Encoding.UTF8.GetBytes(K("kq")), null, Token))!.Value.Key));

        await client.SetAsync(Text("b"), StoredText.Encode("from-us"), null, Token);
        await client.AddSubkeyAsync(Text("b"), Text("bs"), StoredText.Encode("sub-of-us"), null, Token);
        await client.PushAsync(Encoding.UTF8.GetBytes(K("q2")), StoredText.Encode("item-of-us"), null, Token);
        await client.InitializeCounterAsync(Text("c2"), new CounterValue(7, CounterWidth.Bits16), null, Token);
        await client.SetAsync(Text("e2"), StoredText.Encode("secret"), new SetOptions { PassPhrase = "key" }, Token);
        printed += await RealRing.ToolAsync(
            $"print {K("b")} all", $"print {K("c")}", $"queue {K("q2")} pop fifo", $"cas16 get {K("c2")}", $"print {K("e2")} pass=key",
            $"cas32 get {K("c")}");
        foreach (var expected in new[] { "\"from-us\"", "\"sub-of-us\"", "item-of-us", "\"secret\"", "42", "7" })
            Assert.Contains(expected, printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_writers_at_once_lose_nothing()
    {
        await using var client = await RealRing.ConnectAsync(K2hdkcTransport.Managed);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 100; i++) await client.SetAsync(Text($"w{writer}-{i}"), Text($"{writer}/{i}"), null, Token);
        }));
        for (var writer = 0; writer < 8; writer++)
            for (var i = 0; i < 100; i++)
                Assert.Equal(Shown($"{writer}/{i}"), Show((await client.GetAsync(Text($"w{writer}-{i}"), null, Token)).Value));
    }

    [Fact]
    public async Task Eight_megabytes_cross_both_ways()
    {
        await using var client =
            await RealRing.ConnectAsync(K2hdkcTransport.Managed, o => o with { CallTimeout = TimeSpan.FromSeconds(60) });
        var value = new byte[8 << 20];
        new Random(8).NextBytes(value);
        await client.SetAsync(Text("large"), value, null, Token);
        Assert.True((await client.GetAsync(Text("large"), null, Token)).Value.Span.SequenceEqual(value));
        await client.RemoveAsync(Text("large"), recurse: false, Token);
    }

    [Fact]
    public async Task A_ring_with_client_certificates_is_joined_and_refuses_who_has_none()
    {
        var options = new K2hdkcClientOptions { ConfigurationPath = RealRing.TlsConfiguration, Transport = K2hdkcTransport.Managed };
        await using (var client = await K2hdkcClientFactory.ConnectAsync(options, Token))
        {
            await client.SetAsync(Text("tls"), Text("v"), null, Token);
            Assert.Equal(Shown("v"), Show((await client.GetAsync(Text("tls"), null, Token)).Value));
        }

        var configuration = await ConfigurationFile.LoadAsync(RealRing.TlsConfiguration, Token);
        var bare = configuration with
        {
            Servers =
            configuration.Servers.Select(s => s with { Tls = s.Tls with { SlaveCertificate = "", SlaveKey = "" } }).ToArray()
        };
        Assert.Equal(K2hdkcErrors.TlsFailed,
            (await Assert.ThrowsAnyAsync<DbaasException>(
                () => K2hdkcClientFactory.ConnectAsync(options with { Configuration = bare }, Token))).ErrorId);
        var stranger = configuration with
        {
            Servers =
            configuration.Servers.Select(s => s with { Tls = s.Tls with { CaPath = "" } }).ToArray()
        };
        Assert.Equal(K2hdkcErrors.TlsFailed,
            (await Assert.ThrowsAnyAsync<DbaasException>(
                () => K2hdkcClientFactory.ConnectAsync(options with { Configuration = stranger }, Token))).ErrorId);
    }

    private ReadOnlyMemory<byte> Text(string name) => StoredText.Encode(_prefix + name);

    private string Shown(string name, bool bare = false) => (bare ? "" : _prefix) + name + "\0";

    private static string Show(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
