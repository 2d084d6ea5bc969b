using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>Who gets in, and where a real server says nothing at all.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task A_connect_to_another_id_is_met_with_silence_and_may_be_repeated()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.ConnectAsync(ring, 0, ct);
        Assert.Null(await slave.AskAsync(slave.ConnectRequest(), ct, receiver: slave.ServerId + 1, patience: RawSlave.Silence));
        Assert.False((await slave.AskAsync(slave.ConnectRequest(), ct))!.IsFailure);
    }

    [Fact]
    public async Task Before_it_is_admitted_a_slave_hears_nothing_but_the_version()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.ConnectAsync(ring, 0, ct);
        Assert.Null(await slave.AskAsync(new EmptyMessage(ControlMessageType.StatusRequest), ct, patience: RawSlave.Silence));
        Assert.Null(await slave.CallAsync(new GetRequest(TestRings.Bytes("k")), ct, patience: RawSlave.Silence));
        var version = Assert.IsType<VersionResponse>(
            await slave.AskAsync(new EmptyMessage(ControlMessageType.VersionRequest), ct, receiver: 4711));
        Assert.Equal((2UL, "1.0.113"), (version.ProtocolVersion, version.Version));
    }

    [Fact]
    public async Task After_it_is_admitted_neither_version_nor_a_second_connect_is_answered()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        Assert.Null(await slave.AskAsync(new EmptyMessage(ControlMessageType.VersionRequest), ct, patience: RawSlave.Silence));
        Assert.Null(await slave.AskAsync(slave.ConnectRequest(), ct, patience: RawSlave.Silence));
        var list = Assert.IsType<ServerListMessage>(await slave.AskAsync(new EmptyMessage(ControlMessageType.StatusRequest), ct));
        var server = Assert.Single(list.Servers);
        Assert.Equal((NodeStatus.InService, 0UL, 0UL), (server.Status, server.BaseSlot, server.PendingSlot));
        Assert.Equal(server.Id, server.ComputeId(NodeIdType.Custom, "SANDBOXRING"));
        var old = Assert.IsType<ServerListMessage>(await slave.AskAsync(new EmptyMessage(ControlMessageType.StatusRequestV1), ct));
        Assert.Equal(server.Id, Assert.Single(old.Servers).Id);
        Assert.False(Assert.IsType<MergeSuspendResponse>(
            await slave.AskAsync(new EmptyMessage(ControlMessageType.MergeSuspendRequest), ct)).IsSuspended);
    }

    [Theory]
    [InlineData("another seed", -1)]
    [InlineData("", -1)]
    [InlineData(null, 1)]
    public async Task A_false_id_or_control_port_is_refused_and_the_connection_closed(string? seed, int controlPort)
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.ConnectAsync(ring, 0, ct);
        var request = slave.ConnectRequest() with { CustomSeed = seed ?? slave.Seed, ControlPort = controlPort };
        var answer = await slave.AskAsync(request, ct);
        Assert.True(answer!.IsFailure);
        await slave.Closed.WaitAsync(ct);
    }

    [Fact]
    public async Task In_a_ring_by_cuk_the_configured_pattern_decides()
    {
        var ct = TestRings.Limit();
        await using var ring = await SandboxRing.StartAsync(new SandboxRingOptions { Servers = 1, IdType = NodeIdType.Cuk }, ct);
        using var slave = await RawSlave.ConnectAsync(ring, 0, ct);
        var id = NodeIdentity.Compute(NodeIdType.Cuk, "SANDBOXRING", "", -1, cuk: "cli-7");
        Assert.False((await slave.AskAsync(new ConnectRequest("x", id, ring.SlaveControlPort) { Cuk = "cli-7" }, ct))!.IsFailure);
        using var other = await RawSlave.ConnectAsync(ring, 0, ct);
        Assert.True((await other.AskAsync(new ConnectRequest("x", id, ring.SlaveControlPort) { Cuk = "cli-8" }, ct))!.IsFailure);
    }

    [Fact]
    public async Task Unknown_commands_and_commands_for_another_server_get_no_reply()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var slave = await RawSlave.JoinAsync(ring, 0, ct);
        var get = new GetRequest(TestRings.Bytes("k")).ToArray();
        get[0] = 99;
        Assert.Null(await slave.CallAsync(get, 1, ct, patience: RawSlave.Silence));
        Assert.Equal(ResultCode.NoData, (await slave.CallAsync(new GetRequest(TestRings.Bytes("k")), ct))!.Value.Result);
    }

    [Fact]
    public async Task Replies_for_an_id_leave_on_the_first_connection_that_has_it()
    {
        var ct = TestRings.Limit();
        await using var ring = await TestRings.StartAsync(1, ct);
        using var first = await RawSlave.JoinAsync(ring, 0, ct, "same");
        using var second = await RawSlave.JoinAsync(ring, 0, ct, "same");
        Assert.Null(await second.CallAsync(new GetRequest(TestRings.Bytes("k")).ToArray(), 1, ct, RawSlave.Silence));
        Assert.NotNull(await first.NextAsync(ct));
    }
}
