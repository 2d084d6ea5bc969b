using System.Text;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;
using K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>Nodes that come, go and die: what slaves see, and what becomes of the data.</summary>
public sealed class RingLifeTests
{
    [Fact]
    public async Task A_slave_sees_the_steps_of_a_death_and_of_a_return()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(3, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        var killed = ring.Nodes[2]!.Id;
        await ring.KillNodeAsync(2, ct);
        await TestRings.UntilAsync(() => slave.Notices.Any(n => n.Id == killed && n.Status == NodeStatus.Absent), ct);
        Assert.Equal([0x20UL, 0x1220, 0x10], Steps(slave, killed));
        slave.Notices.Clear();

        await ring.StartNodeAsync(2, default, ct);
        await ring.SettleAsync(ct);
        await TestRings.UntilAsync(() => slave.Notices.Any(n => n.Id == killed && n.Status == NodeStatus.InService), ct);
        Assert.Equal([0x10011UL, 0x11, 0x1121, 0x2121, 0x3121, 0x21], Steps(slave, killed));
        var returned = slave.Notices.Last(n => n.Id == killed);
        Assert.Equal(2UL, returned.BaseSlot);
    }

    [Fact]
    public async Task A_slave_of_the_first_protocol_gets_notices_of_that_form()
    {
        var ct = TestRings.Limit();
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 2, IdType = NodeIdType.Name }, ct);
        var server = new RingServer("127.0.0.1", ring.PortOf(0), ring.Nodes[0]!.Id);
        var id = NodeIdentity.Compute(NodeIdType.Name, "SANDBOXRING", "127.0.0.1", ring.SlaveControlPort);
        using var slave = await RawSlave.ConnectAsync(server, "SANDBOXRING", ct, id: id);
        var admitted = await slave.AskAsync(new ConnectRequest("127.0.0.1", id, ring.SlaveControlPort).ToV1(), ct);
        Assert.Equal((ControlMessageType.ConnectResponseV1, false), (admitted!.Type, admitted.IsFailure));

        var killed = ring.Nodes[1]!.Id;
        await ring.KillNodeAsync(1, ct);
        var steps = new List<ulong>();
        while (steps.LastOrDefault() != NodeStatus.Absent.Value)
        {
            var notice = (await slave.NextAsync(ct))!.Value;
            // Its head, and the shorter record of old: no cuk, no seed, no lists.
            Assert.Equal(24 + 6192, notice.Payload.Length);
            var change = Assert.IsType<ServerMessage>(ControlMessage.Read(notice.Payload.Span));
            Assert.Equal(ControlMessageType.StatusChangeV1, change.Type);
            if (change.Server.Id == killed) steps.Add(change.Server.Status.Value);
        }

        Assert.Equal([0x20UL, 0x1220, 0x10], steps.Distinct());
        Assert.Empty(slave.Notices);
    }

    [Fact]
    public async Task A_slave_of_the_first_protocol_is_refused_where_its_id_needs_a_seed()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(2, ct);
        using var slave = await RawSlave.ConnectAsync(ring, 0, ct);
        // The first form carries no seed, so no id of a CUSTOM ring can be told from it.
        Assert.True((await slave.AskAsync(slave.ConnectRequest().ToV1(), ct))!.IsFailure);
    }

    [Fact]
    public async Task Every_key_is_on_as_many_nodes_as_the_ring_keeps_copies()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(3, ct);
        using var client = new RawRingClient(ring);
        await client.JoinAsync(ct);
        var key = TestRings.Bytes("hello");
        Assert.True((await client.CallAsync(new SetRequest(key, TestRings.Bytes("world")), ct)).Result.IsSuccess);
        var holders = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var slave = await RawSlave.JoinAsync(ring, i, ct);
            if ((await slave.CallAsync(new GetRequest(key), ct))!.Value.Result == ResultCode.Ok) holders.Add(i);
        }

        var first = (int)(K2hash.Hash(key) % 3);
        Assert.Equal(new[] { first, (first + 1) % 3 }.Order(), holders);
    }

    [Fact]
    public async Task With_every_member_merging_no_key_is_lost_under_load_while_the_ring_grows_from_two_to_four_and_shrinks_to_two()
    {
        const int Keys = 10_000;
        var ct = TestRings.Limit(120);
        await using var ring =
            await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 2, KeysPerSecond = 40_000, Merge = MergeBehavior.Patched }, ct);
        using var client = new RawRingClient(ring);
        await client.JoinAsync(ct);
        var values = new int[Keys];
        for (var i = 0; i < Keys; i++) await SetAsync(client, i, values[i] = 1, ct);

        using var enough = new CancellationTokenSource();
        var rewritten = 0;
        var load = Task.Run(
            async () =>
            {
                using var other = new RawRingClient(ring);
                await other.JoinAsync(ct);
                var random = new Random(7);
                while (!enough.IsCancellationRequested)
                {
                    var i = random.Next(Keys);
                    var read = await other.CallAsync(new GetRequest(Key(i)), ct);
                    Assert.Equal(values[i].ToString(System.Globalization.CultureInfo.InvariantCulture),
                        Encoding.ASCII.GetString(read.Data.Span));
                    await SetAsync(other, i, ++values[i], ct);
                    rewritten++;
                }
            },
            ct);

        foreach (var joining in new[] { 2, 3 })
        {
            await ring.StartNodeAsync(joining, default, ct);
            await ring.SettleAsync(ct);
        }

        var grown = rewritten;
        await ring.RemoveNodeAsync(0, ct);
        await ring.RemoveNodeAsync(3, ct);
        await enough.CancelAsync();
        await load;
        Assert.True(rewritten > 100 && grown > 50, $"only {rewritten} keys were written meanwhile");
        await client.CatchUpAsync(ct);
        for (var i = 0; i < Keys; i++)
        {
            var reply = await client.CallAsync(new GetRequest(Key(i)), ct);
            Assert.Equal(values[i].ToString(System.Globalization.CultureInfo.InvariantCulture), Encoding.ASCII.GetString(reply.Data.Span));
        }
    }

    [Fact]
    public async Task A_node_that_dies_while_others_merge_only_starts_the_merge_anew()
    {
        var ct = TestRings.Limit(60);
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 3, KeysPerSecond = 2000 }, ct);
        using var client = new RawRingClient(ring);
        await client.JoinAsync(ct);
        for (var i = 0; i < 500; i++) await SetAsync(client, i, i, ct);
        await ring.StartNodeAsync(3, default, ct);
        await TestRings.UntilAsync(() => ring.Nodes[3]!.Status.Value == 0x2121, ct);
        await ring.KillNodeAsync(1, ct);
        await ring.SettleAsync(ct);
        await client.CatchUpAsync(ct);
        var found = 0;
        for (var i = 0; i < 500; i++)
            if ((await client.CallAsync(new GetRequest(Key(i)), ct)).Result == ResultCode.Ok) found++;
        // Copies on the others, moved by the second merge, are enough for every key.
        Assert.Equal(500, found);
    }

    [Fact]
    public async Task A_snapshot_brings_a_node_back_with_its_data()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct, replicas: 0);
        using (var slave = await RawSlave.JoinAsync(ring, 0, ct))
        {
            await slave.CallAsync(
                new SetRequest(TestRings.Bytes("k"), TestRings.Bytes("v")) { Expiry = 1000, PassPhrase = TestRings.Bytes("p\0") }, ct);
            await slave.CallAsync(new AddSubkeyRequest(TestRings.Bytes("k"), TestRings.Bytes("s")), ct);
        }

        var snapshot = await ring.Nodes[0]!.SnapshotAsync(ct);
        await ring.KillNodeAsync(0, ct);
        await ring.StartNodeAsync(0, snapshot, ct);
        await ring.SettleAsync(ct);
        using var again = await RawSlave.JoinAsync(ring, 0, ct);
        Assert.Equal("v",
            Encoding.ASCII.GetString(
                (await again.CallAsync(new GetRequest(TestRings.Bytes("k")) { PassPhrase = TestRings.Bytes("p\0") },
                    ct))!.Value.Data.Span));
        Assert.Equal(ResultCode.NoData, (await again.CallAsync(new GetRequest(TestRings.Bytes("k")), ct))!.Value.Result);
        Assert.Equal(17, (await again.CallAsync(new GetSubkeysRequest(TestRings.Bytes("k")), ct))!.Value.Data.Length);
        var broken = await Assert.ThrowsAsync<K2hdkcDbaas.Errors.DbaasException>(() => ring.StartNodeAsync(1, snapshot[..^1], ct));
        Assert.Equal("NodeSnapshotBroken", broken.ErrorId);
    }

    private static byte[] Key(int number) => TestRings.Bytes($"key-{number}");

    private static async Task SetAsync(RawRingClient client, int number, int value, CancellationToken ct)
    {
        var text = TestRings.Bytes(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True((await client.CallAsync(new SetRequest(Key(number), text), ct)).Result.IsSuccess);
    }

    // A server's states as this slave was told them, without repetitions.
    private static IEnumerable<ulong> Steps(RawSlave slave, ulong server)
    {
        ulong? last = null;
        foreach (var notice in slave.Notices.Where(n => n.Id == server).ToList())
        {
            if (notice.Status.Value != last) yield return notice.Status.Value;
            last = notice.Status.Value;
        }
    }
}
