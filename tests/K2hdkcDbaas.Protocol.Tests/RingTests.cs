using System.Text;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Protocol.Tests;

public class RingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    // Keys as seen on a real ring of three, and of the same ring with the middle server out.
    public static TheoryData<string, int, int, int> Targets => new()
    {
        { "hello", 18210, 18212, 18214 },
        { "key1\0", 18214, 18210, 18214 },
        { "pk0", 18210, 18212, 18210 },
        { "pk1", 18212, 18214, 18214 },
        { "pk2", 18214, 18210, 18210 },
        { "cross0\0", 18212, 18214, 18214 },
        { "cross80\0", 18214, 18210, 18214 },
        { "cross160\0", 18210, 18212, 18210 },
        { "日本語", 18210, 18212, 18214 },
        { "q1_", 18212, 18214, 18210 },
        { "r1", 18212, 18214, 18210 },
        { "r2-other", 18210, 18212, 18210 },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void Keys_go_where_a_real_ring_has_them(string key, int primary, int replica, int withoutMiddle)
    {
        var hash = K2hash.Hash(Encoding.UTF8.GetBytes(key));
        var ring = Ring(0x21, 0x21, 0x21);
        Assert.Equal(primary, ring.Route(hash)!.Port);
        Assert.Equal([primary, replica], ring.Candidates(hash).Select(s => s.Port));
        Assert.Equal([primary, replica], ring.Owners(hash).Select(s => s.Port));
        Assert.Equal(withoutMiddle, Ring(0x21, 0x10, 0x21).Route(hash)!.Port);
    }

    [Fact]
    public void All_byte_values_make_a_key_too()
    {
        var hash = K2hash.Hash(Enumerable.Range(0, 256).Select(i => (byte)i).ToArray());
        Assert.Equal([18212, 18214], Ring(0x21, 0x21, 0x21).Owners(hash).Select(s => s.Port));
        Assert.Equal(18214, Ring(0x21, 0x10, 0x21).Route(hash)!.Port);
    }

    [Theory]
    [InlineData(0x21, 0x20)]
    [InlineData(0x1021, 0x20)]
    [InlineData(0x2021, 0x20)]
    [InlineData(0x3021, 0x20)]
    [InlineData(0x1121, 0x10)]
    [InlineData(0x2121, 0x10)]
    [InlineData(0x3121, 0x10)]
    [InlineData(0x1221, 0x1220)]
    [InlineData(0x2221, 0x3220)]
    [InlineData(0x3221, 0x3220)]
    [InlineData(0x20, 0x20)]
    [InlineData(0x1220, 0x1220)]
    [InlineData(0x11, 0x10)]
    [InlineData(0x10011, 0x10)]
    [InlineData(0x10, 0x10)]
    public void A_lost_connection_changes_a_status_as_chmpx_does(ulong before, ulong after) =>
        Assert.Equal(new NodeStatus(after), new NodeStatus(before).Down());

    [Theory]
    [InlineData(0x21, true, true, true)]
    [InlineData(0x1121, false, true, false)]
    [InlineData(0x3121, false, true, false)]
    [InlineData(0x1221, true, false, true)]
    [InlineData(0x3221, true, false, false)]
    [InlineData(0x20, true, true, false)]
    [InlineData(0x1220, true, false, false)]
    [InlineData(0x11, false, false, false)]
    [InlineData(0x10, false, false, false)]
    [InlineData(0x10021, true, true, true)]
    public void Slots_and_service_follow_from_the_status(ulong status, bool owns, bool willOwn, bool serves)
    {
        var known = new NodeStatus(status);
        Assert.Equal((owns, willOwn, serves), (known.OwnsBaseSlot, known.OwnsPendingSlot, known.IsServicing));
    }

    [Fact]
    public void A_status_reads_as_on_a_control_port()
    {
        Assert.Equal("[SERVICE IN][UP][n/a][Nothing][NoSuspend]", NodeStatus.InService.ToString());
        Assert.Equal("[SERVICE OUT][UP][n/a][Nothing][Suspend]", new NodeStatus(0x10011).ToString());
        Assert.Equal("[SERVICE IN][DOWN][DELETE][Pending][NoSuspend]", new NodeStatus(0x1220).ToString());
        Assert.Equal("[SERVICE IN][UP][ADD][Doing][NoSuspend]", new NodeStatus(0x2121).ToString());
    }

    [Fact]
    public void A_server_that_is_down_or_suspended_leaves_its_keys_to_the_replica()
    {
        var hash = K2hash.Hash("hello"u8);
        Assert.Equal(18212, Ring(0x20, 0x21, 0x21).Route(hash)!.Port);
        Assert.Equal(18212, Ring(0x10021, 0x21, 0x21).Route(hash)!.Port);
        Assert.Null(Ring(0x20, 0x20, 0x21).Route(hash));
        Assert.Null(new RingState(NodeIdType.Name, DeliveryMode.Hash, 0, Records(0x20, 0x21, 0x21)).Route(hash));
    }

    [Theory]
    [InlineData(0x1121)]
    [InlineData(0x2121)]
    [InlineData(0x3121)]
    public void A_joining_server_gets_no_keys_until_it_is_in(ulong joining)
    {
        for (ulong hash = 0; hash < 12; hash++) Assert.NotEqual(18212, Ring(0x21, joining, 0x21).Route(hash)!.Port);
        Assert.Equal(2, Ring(0x21, joining, 0x21).BaseSlots);
        Assert.Equal(3, Ring(0x21, joining, 0x21).PendingSlots);
    }

    [Fact]
    public void A_leaving_server_serves_while_it_leaves()
    {
        var ring = Ring(0x21, 0x2221, 0x21);
        Assert.True(ring.IsMerging);
        Assert.Equal(18212, ring.Route(1)!.Port);
    }

    [Fact]
    public void Random_delivery_takes_turns_and_has_no_replicas()
    {
        var ring = new RingState(NodeIdType.Name, DeliveryMode.Random, 2, Records(0x21, 0x20, 0x21));
        Assert.Equal(0, ring.Replicas);
        Assert.Equal([18210, 18214, 18210], Enumerable.Range(0, 3).Select(i => ring.Route(99, (uint)i)!.Port));
        Assert.Null(new RingState(NodeIdType.Name, DeliveryMode.Random, 0, Records(0x20, 0x20, 0x10)).Route(1));
    }

    [Fact]
    public void A_custom_ring_is_ordered_by_seed_first()
    {
        ServerRecord[] servers =
            [Server(1, "b", 1) with { CustomSeed = "2" }, Server(2, "a", 2) with { CustomSeed = "9" },
                Server(3, "c", 3) with { CustomSeed = "10" }];
        Assert.Equal([3UL, 1UL, 2UL], new RingState(NodeIdType.Custom, DeliveryMode.Hash, 0, servers).Servers.Select(s => s.Id));
        Assert.Equal([2UL, 1UL, 3UL], new RingState(NodeIdType.Name, DeliveryMode.Hash, 0, servers).Servers.Select(s => s.Id));
    }

    [Fact]
    public void Ports_are_compared_as_the_signed_numbers_that_chmpx_has()
    {
        ServerRecord[] servers = [Server(1, "a", 100), Server(2, "a", 40000)];
        Assert.Equal([2UL, 1UL], new RingState(NodeIdType.Name, DeliveryMode.Hash, 0, servers).Servers.Select(s => s.Id));
    }

    [Fact]
    public void Newer_records_win_and_within_a_second_the_last()
    {
        var ring = Ring(0x21, 0x21, 0x21);
        var known = ring.Servers[1];
        var old = known with { Status = new NodeStatus(0x20), StatusTime = StatusTime.From(Now.AddSeconds(-1)), Cuk = "late" };
        var merged = ring.Merge(old, Now);
        Assert.Equal((NodeStatus.InService, "late"), (merged.Servers[1].Status, merged.Servers[1].Cuk));
        var same = known with { Status = new NodeStatus(0x20), StatusTime = new StatusTime(known.StatusTime.Value & ~0xFFFFFFUL) };
        Assert.Equal(new NodeStatus(0x20), ring.Merge(same, Now).Servers[1].Status);
        Assert.Same(ring, ring.Merge(known, Now));
    }

    [Fact]
    public void An_unknown_absent_server_is_not_taken_in_and_an_unlisted_one_is_forgotten()
    {
        var ring = Ring(0x21, 0x21, 0x21);
        Assert.Same(ring, ring.Merge(Server(99, "x", 9) with { Status = NodeStatus.Absent }, Now));
        Assert.Equal(4, ring.Merge(Server(99, "x", 9) with { Status = NodeStatus.InService }, Now).Servers.Count);
        Assert.Equal([18210, 18214], ring.MergeAll([ring.Servers[0], ring.Servers[2]], Now).Servers.Select(s => s.Port));
    }

    [Fact]
    public void Old_style_times_count_as_seconds()
    {
        var plain = new StatusTime((ulong)Now.ToUnixTimeSeconds());
        Assert.Equal((ulong)Now.ToUnixTimeSeconds(), plain.Normalised(Now).Seconds);
        var packed = StatusTime.From(Now);
        Assert.Equal(packed, packed.Normalised(Now));
        Assert.Equal(Now, packed.Time);
    }

    [Fact]
    public void A_real_kill_and_return_is_followed_notice_by_notice()
    {
        var list = (ServerListMessage)ControlMessage.Read(Wire.Payload("control-status-response").Span);
        var ring = new RingState(NodeIdType.Custom, DeliveryMode.Hash, 1, list.Servers);
        var lost = Notice("1220").Id;
        var keys = Enumerable.Range(0, 30).Select(i => K2hash.Hash(Encoding.UTF8.GetBytes($"key{i}"))).ToArray();
        var mine = keys.Where(k => ring.Route(k)!.Id == lost).ToArray();
        Assert.NotEmpty(mine);

        ring = ring.Merge(Notice("1220"), Now);
        Assert.Equal(3, ring.BaseSlots);
        Assert.All(mine, k => Assert.NotEqual(lost, ring.Route(k)!.Id));
        Assert.True(ring.MayResurrectDeletedKeys);

        ring = ring.Merge(Notice("10"), Now);
        Assert.Equal(2, ring.BaseSlots);
        Assert.False(ring.MayResurrectDeletedKeys);

        ring = ring.Merge(Notice("10011"), Now);
        Assert.True(ring.Find(lost)!.Status.IsSuspended);
        Assert.All(keys, k => Assert.NotEqual(lost, ring.Route(k)!.Id));
    }

    private static ServerRecord Notice(string status) =>
        ((ServerMessage)ControlMessage.Read(Wire.Payload($"control-status-change-{status}").Span)).Server;

    private static ServerRecord Server(ulong id, string name, int controlPort) => new()
    {
        Id = id,
        Name = name,
        Port = controlPort - 1,
        ControlPort = controlPort,
        Status = NodeStatus.InService,
        StatusTime = StatusTime.From(Now),
    };

    private static ServerRecord[] Records(params ulong[] statuses) =>
        statuses.Select((status, i) => Server((ulong)i + 1, "10.77.0.1", 18211 + (2 * i)) with { Status = new NodeStatus(status) })
            .ToArray();

    private static RingState Ring(params ulong[] statuses) => new(NodeIdType.Name, DeliveryMode.Hash, 1, Records(statuses));

    [Fact]
    public void A_long_list_is_taken_in_at_once_and_as_one_by_one()
    {
        var ring = new RingState(NodeIdType.Custom, DeliveryMode.Hash, 1, []);
        var list = Enumerable.Range(0, 2000).Select(i => new ServerRecord
        {
            Id = (ulong)i + 1,
            Name = "s",
            CustomSeed = $"seed-{i:0000}",
            Status = i % 3 == 0 ? NodeStatus.Absent : NodeStatus.InService,
            StatusTime = StatusTime.From(DateTimeOffset.UnixEpoch.AddYears(50)),
        }).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var merged = ring.MergeAll(list, DateTimeOffset.UtcNow);
        // A new state for each record would take hundreds of megabytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 << 20);
        Assert.Equal(list.Count(r => r.Status != NodeStatus.Absent), merged.Servers.Count);
        Assert.Same(merged, merged.MergeAll(list, DateTimeOffset.UtcNow));
        var few = merged.MergeAll([list[1], list[2] with { Status = NodeStatus.OutOfService }, list[2]], DateTimeOffset.UtcNow);
        Assert.Equal([(2UL, NodeStatus.InService), (3UL, NodeStatus.InService)], few.Servers.Select(s => (s.Id, s.Status)));
    }
}
