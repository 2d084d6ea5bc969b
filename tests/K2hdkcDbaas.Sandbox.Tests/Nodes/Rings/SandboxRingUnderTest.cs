using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

/// <summary>A ring of the sandbox.</summary>
internal sealed class SandboxRingUnderTest(SandboxRing ring) : RingUnderTest
{
    private readonly HashSet<int> _out = [];

    public SandboxRing Ring => ring;

    public override string Group => "SANDBOXRING";

    public override IReadOnlyList<RingServer?> Servers =>
        [.. ring.Nodes.Select((node, i) => node is null ? null : new RingServer("127.0.0.1", ring.PortOf(i), node.Id))];

    public static async Task<RingUnderTest> StartAsync(int servers, int replicas, MergeBehavior merge, CancellationToken ct) =>
        new SandboxRingUnderTest(
            await SandboxRing.StartAsync(new SandboxRingOptions { Servers = servers, Replicas = replicas, Merge = merge }, ct));

    public override async Task AddAsync(CancellationToken ct)
    {
        await ring.StartNodeAsync(ring.Nodes.Count, default, ct);
        await SettledAsync(ct);
    }

    public override async Task OutAsync(int server, CancellationToken ct)
    {
        _out.Add(server);
        Assert.Equal("SUCCEED\n",
            await TestRings.OrderAsync(ring, server, $"SERVICEOUT 127.0.0.1:{ring.ControlPortOf(server)}:svr-{server}", ct));
        await SettledAsync(ct);
    }

    public override async Task InAsync(int server, CancellationToken ct)
    {
        _out.Remove(server);
        Assert.Equal("SUCCEED\n", await TestRings.OrderAsync(ring, server, "SERVICEIN", ct));
        await SettledAsync(ct);
    }

    public override async Task KillAsync(int server, CancellationToken ct)
    {
        await ring.KillNodeAsync(server, ct);
        using var slave = await RawSlave.JoinAsync(Servers.First(s => s is not null)!, Group, ct);
        while (await slave.ServersAsync(ct) is var seen && seen.Any(s => s.Status != NodeStatus.InService && s.Status != NodeStatus.Absent))
            await Task.Delay(5, ct);
    }

    public override async Task RestartAsync(int server, CancellationToken ct)
    {
        await ring.StartNodeAsync(server, default, ct);
        await SettledAsync(ct);
    }

    public override Task SetReplicasAsync(int replicas, CancellationToken ct) => ring.SetReplicasAsync(replicas, ct);

    public override ValueTask DisposeAsync() => ring.DisposeAsync();

    private Task SettledAsync(CancellationToken ct) =>
        TestRings.UntilAsync(
            () => ring.Nodes.Index()
                .All(n => n.Item is null || n.Item.Status == (_out.Contains(n.Index) ? NodeStatus.OutOfService : NodeStatus.InService)),
            ct);
}
