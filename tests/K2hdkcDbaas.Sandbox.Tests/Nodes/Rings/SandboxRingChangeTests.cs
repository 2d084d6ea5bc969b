using System.Text;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

/// <summary>The suite on the sandbox's rings, and what only they can be told to do.</summary>
public sealed class SandboxRingChangeTests : RingChangeTests
{
    private protected override TimeSpan Patience => TimeSpan.FromSeconds(120);

    [Fact]
    public async Task With_every_member_merging_nothing_is_hidden()
    {
        var ct = TestRings.Limit(120);
        await using var ring = await SandboxRingUnderTest.StartAsync(3, 1, MergeBehavior.Patched, ct);
        using var keys = new RandomKeys(ring, ct);
        await keys.WriteAsync("new");
        await ring.AddAsync(ct);
        Assert.Equal(RandomKeys.Count, await keys.FoundAsync());
        await ring.OutAsync(0, ct);
        Assert.Equal(RandomKeys.Count, await keys.FoundAsync());
    }

    [Theory]
    [InlineData(MergeBehavior.Released, false)]
    [InlineData(MergeBehavior.Patched, true)]
    public async Task What_is_written_while_a_server_joins_does_not_reach_it(MergeBehavior merge, bool reaches)
    {
        var ct = TestRings.Limit();
        await using var ring = await SandboxRing.StartAsync(
            new SandboxRingOptions { Servers = 2, Replicas = 0, KeysPerSecond = 500, Merge = merge }, ct);
        using var client = new RawRingClient(ring);
        await client.CatchUpAsync(ct);
        var keys = Enumerable.Range(0, 600).Select(_ => Guid.NewGuid().ToByteArray()).ToArray();
        foreach (var key in keys) await client.CallAsync(new SetRequest(key, TestRings.Bytes("old")), ct);
        await ring.StartNodeAsync(2, default, ct);
        await TestRings.UntilAsync(() => ring.Nodes[2]!.Status.Value == 0x2121, ct);
        // Well within a merge of a second and more.
        var some = keys.Where(k => K2hash.Hash(k) % 3 == 2).Take(20).ToArray();
        foreach (var key in some) await client.CallAsync(new SetRequest(key, TestRings.Bytes("new")), ct);
        Assert.Equal(0x2121UL, ring.Nodes[2]!.Status.Value);
        await ring.SettleAsync(ct);
        await client.CatchUpAsync(ct);
        foreach (var key in some)
        {
            var read = Encoding.UTF8.GetString((await client.CallAsync(new GetRequest(key), ct)).Data.Span);
            // The former value or none: it depends on whether the merge had passed the key.
            Assert.Equal(reaches, read == "new");
        }
    }

    [Fact]
    public async Task A_merge_that_is_stuck_when_done_waits_for_COMPMERGE()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(2, ct);
        ring.Faults.StickNextMerge("*", MergeProgress.Done);
        await ring.StartNodeAsync(2, default, ct);
        await TestRings.UntilAsync(() => ring.Nodes[2]!.Status.Value == 0x3121, ct);
        await StaysAsync(ring, 2, 0x3121, ct);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 0, "COMPMERGE", ct));
        await ring.SettleAsync(ct);
    }

    [Fact]
    public async Task A_leave_that_is_stuck_ends_with_the_leaver_and_not_before()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(3, ct);
        ring.Faults.StickNextMerge("*", MergeProgress.Doing);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 1, $"SERVICEOUT 127.0.0.1:{ring.ControlPortOf(1)}:svr-1", ct));
        await TestRings.UntilAsync(() => ring.Nodes[1]!.Status.Value == 0x2221, ct);
        await StaysAsync(ring, 1, 0x2221, ct);
        Assert.StartsWith("ERROR", await TestRings.OrderAsync(ring, 0, "COMPMERGE", ct), StringComparison.Ordinal);
        await ring.KillNodeAsync(1, ct);
        await ring.StartNodeAsync(1, default, ct);
        await ring.SettleAsync(ct);
    }

    [Fact]
    public async Task A_stuck_merge_is_broken_off_through_the_merging_servers_own_port_only()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(3, ct);
        ring.Faults.StickNextMerge("*", MergeProgress.Doing);
        await TestRings.OrderAsync(ring, 1, $"SERVICEOUT 127.0.0.1:{ring.ControlPortOf(1)}:svr-1", ct);
        await TestRings.UntilAsync(() => ring.Nodes[1]!.Status.Value == 0x2221, ct);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 0, "ABORTMERGE", ct));
        await StaysAsync(ring, 1, 0x2221, ct);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 1, "ABORTMERGE", ct));
        await TestRings.UntilAsync(() => ring.Nodes[1]!.Status == NodeStatus.InService, ct);
        await ring.SettleAsync(ct);

        ring.Faults.StickNextMerge("*", MergeProgress.Doing);
        await ring.StartNodeAsync(3, default, ct);
        await TestRings.UntilAsync(() => ring.Nodes[3]!.Status.Value == 0x2121, ct);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 3, "ABORTMERGE", ct));
        await ring.SettleAsync(ct);
    }

    [Fact]
    public async Task A_leave_that_the_death_of_another_breaks_off_leaves_the_server_in_service()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(3, ct);
        ring.Faults.StickNextMerge("*", MergeProgress.Doing);
        await TestRings.OrderAsync(ring, 1, $"SERVICEOUT 127.0.0.1:{ring.ControlPortOf(1)}:svr-1", ct);
        await TestRings.UntilAsync(() => ring.Nodes[1]!.Status.Value == 0x2221, ct);
        await ring.KillNodeAsync(2, ct);
        await TestRings.UntilAsync(() => ring.Nodes[1]!.Status == NodeStatus.InService, ct);
        await StaysAsync(ring, 1, 0x21, ct);
    }

    private protected override Task<RingUnderTest> StartAsync(int servers, int replicas, CancellationToken ct) =>
        SandboxRingUnderTest.StartAsync(servers, replicas, MergeBehavior.Released, ct);

    // Long enough for any step of the sandbox's rings.
    private static async Task StaysAsync(SandboxRing ring, int node, ulong status, CancellationToken ct)
    {
        await Task.Delay(300, ct);
        Assert.Equal(status, ring.Nodes[node]!.Status.Value);
    }
}
