using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>The text port: every answer here was taken from a real chmpx 1.0.113.</summary>
public sealed class ControlPortTests
{
    [Theory]
    [InlineData("VERSION", "Version 1.0.113 (commit: c569e0e) with OpenSSL\n")]
    [InlineData("version\r\n", "Version 1.0.113 (commit: c569e0e) with OpenSSL\n")]
    [InlineData("FOO bar", "Unknown command(FOO)\n")]
    [InlineData("  VERSION  ", "Unknown command()\n")]
    [InlineData("TRACE on", "ERROR: Failed to set TRACE enable/disable.\n")]
    [InlineData("TRACE off", "ERROR: TRACE is already enabled/disabled.\n")]
    [InlineData("TRACEVIEW", "ERROR: Now trace count is 0.\n")]
    [InlineData("TRACE", "ERROR: TRACE command must have parameter as enable/disable.(ex: \"TRACE enable\")\n")]
    [InlineData("SERVICEOUT",
        "ERROR: SERVICEOUT command must have parameter as server/ctlport.(ex: \"SERVICEOUT servername.fqdn:ctlport\")\n")]
    [InlineData("SERVICEOUT 127.0.0.1:1",
        "ERROR: SERVICEOUT command must have parameter as server/ctlport.(ex: \"SERVICEOUT servername.fqdn:ctlport\")\n")]
    [InlineData("SERVICEOUT nohost:1:x", "ERROR: There is no such as server.\n")]
    [InlineData("SERVICEIN", "ERROR: Could not change status, because status is not allowed.\n")]
    [InlineData("MERGE", "SUCCEED\n")]
    [InlineData("ABORTMERGE", "SUCCEED\n")]
    [InlineData("COMPMERGE", "SUCCEED\n")]
    [InlineData("SUSPENDMERGE", "SUCCEED\n")]
    [InlineData("NOSUSPENDMERGE", "SUCCEED\n")]
    [InlineData("UPDATESTATUS", "SUCCEED\n")]
    public async Task Orders_are_answered_to_the_letter(string line, string answer)
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(2, ct);
        Assert.Equal(answer, await TestRings.OrderAsync(ring, 0, line, ct));
    }

    [Fact]
    public async Task Reports_name_the_nodes_and_their_states()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(2, ct);
        var self = await TestRings.OrderAsync(ring, 1, "SELFSTATUS", ct);
        Assert.Contains($"Internal ID               = 0x{ring.Nodes[1]!.Id:x}\n", self, StringComparison.Ordinal);
        Assert.Contains("    Server Status         = 0x21(SAFE -> [SERVICE IN][UP][n/a][Nothing][NoSuspend])\n",
            self, StringComparison.Ordinal);
        Assert.Contains("    Enable Hash Value     = 0x1\n", self, StringComparison.Ordinal);
        var all = await TestRings.OrderAsync(ring, 0, "ALLSTATUS", ct);
        Assert.StartsWith("RING Name              = SANDBOXRING\nNo.1\n  Server Name          = 127.0.0.1\n",
            all, StringComparison.Ordinal);
        Assert.Contains($"No.2\n  Server Name          = 127.0.0.1\n    Port               = {ring.PortOf(1)}\n",
            all, StringComparison.Ordinal);
        Assert.Contains("chmpx_server_count = 2\n", await TestRings.OrderAsync(ring, 0, "DUMP", ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merges_are_held_off_on_all_nodes_until_one_reads_its_configuration_anew()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(2, ct);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 0, "SUSPENDMERGE", ct));
        Assert.Equal((true, true), await HeldAsync());
        // chmpx resets is_auto_merge_suspend when it loads a configuration.
        await ring.Nodes[1]!.ReconfigureAsync(ring.Nodes[1]!.Description.Configuration, ct);
        Assert.Equal((true, false), await HeldAsync());
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 1, "NOSUSPENDMERGE", ct));
        Assert.Equal((false, false), await HeldAsync());

        async Task<(bool First, bool Second)> HeldAsync() => (await IsHeldAsync(0), await IsHeldAsync(1));

        async Task<bool> IsHeldAsync(int node) =>
            (await TestRings.OrderAsync(ring, node, "DUMP", ct)).Contains("suspend automerge    = yes\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_goes_out_of_service_and_in_again()
    {
        var ct = TestRings.Limit();
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 2, KeysPerSecond = 200 }, ct);
        using (var slave = await RawSlave.JoinAsync(ring, 0, ct))
            for (var i = 0; i < 100; i++) await slave.CallAsync(new SetRequest(TestRings.Bytes($"k{i}"), TestRings.Bytes("v")), ct);
        var order = $"SERVICEOUT 127.0.0.1:{ring.ControlPortOf(1)}:svr-1";
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 0, order, ct));
        await TestRings.UntilAsync(() => ring.Nodes[1]!.Status.Value == 0x2221, ct);
        Assert.Equal("ERROR: Could not change status, because server is operating now.\n",
            await TestRings.OrderAsync(ring, 0, "SERVICEIN", ct));
        Assert.Equal("ERROR: Could not change status, because server is operating now.\n", await TestRings.OrderAsync(ring, 0, order, ct));
        await TestRings.UntilAsync(() => ring.Nodes[1]!.Status == NodeStatus.OutOfService, ct);
        Assert.Equal("ERROR: Could not change status, because status is not allowed.\n", await TestRings.OrderAsync(ring, 0, order, ct));
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 1, "SERVICEIN", ct));
        await ring.SettleAsync(ct);
    }

    [Fact]
    public async Task Without_automatic_merging_each_step_waits_for_its_order()
    {
        var ct = TestRings.Limit();
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 1, AutoMerge = false }, ct);
        await TestRings.UntilAsync(() => ring.Nodes[0]!.Status == NodeStatus.OutOfService, ct);
        Assert.Equal("SUCCEED: Send status notice to no server on RING.\n", await TestRings.OrderAsync(ring, 0, "SERVICEIN", ct));
        Assert.Equal(0x1121UL, ring.Nodes[0]!.Status.Value);
        Assert.Equal("SUCCEED: There no server on RING.\n", await TestRings.OrderAsync(ring, 0, "MERGE", ct));
        await TestRings.UntilAsync(() => ring.Nodes[0]!.Status.Value == 0x3121, ct);
        await TestRings.OrderAsync(ring, 0, "COMPMERGE", ct);
        Assert.Equal(NodeStatus.InService, ring.Nodes[0]!.Status);
    }

    [Fact]
    public async Task A_merge_that_is_aborted_stays_pending_until_it_is_ordered_again()
    {
        var ct = TestRings.Limit();
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 2, KeysPerSecond = 100 }, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        for (var i = 0; i < 400; i++) await slave.CallAsync(new SetRequest(TestRings.Bytes($"k{i}"), TestRings.Bytes("v")), ct);
        await ring.StartNodeAsync(2, default, ct);
        await TestRings.UntilAsync(() => ring.Nodes[2]!.Status.Value == 0x2121, ct);
        Assert.Equal("ERROR: Could not change status, because some servers could not be changed its status now.\n",
            await TestRings.OrderAsync(ring, 0, "COMPMERGE", ct));
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 0, "ABORTMERGE", ct));
        await Task.Delay(300, ct);
        Assert.Equal(0x1121UL, ring.Nodes[2]!.Status.Value);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, 1, "MERGE", ct));
        await TestRings.UntilAsync(() => ring.Nodes[2]!.Status.Value == 0x2121, ct);
    }
}
