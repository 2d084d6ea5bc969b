using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class SafeRemovalTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 1 };

    [Fact]
    public async Task A_server_leaves_the_ring_before_it_goes_and_the_last_one_stays()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 2, Nodes = Small }, Waiting, CancellationToken.None);
        await InServiceAsync(cluster);

        await Backend.RemoveNodeAsync("demo", NodeRole.Server, "demo-server-2", Waiting, CancellationToken.None);
        Assert.Contains(Observer.Lines, l => l.Contains("out of service, and its data has moved"));

        var e = await Assert.ThrowsAsync<DbaasException>(() => Backend.RemoveNodeAsync("demo", NodeRole.Server, "demo-server-1", Waiting, CancellationToken.None));
        Assert.Equal((FaultKind.Conflict, ErrorIds.DataAtRisk), (e.Kind, e.ErrorId));
        Assert.Equal("demo-server-1", Assert.Single(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync()).Name);

        await Backend.RemoveNodeAsync("demo", NodeRole.Server, "demo-server-1", Waiting with { Force = true }, CancellationToken.None);
        Assert.Empty(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync());
    }

    // A registered node still has to join; one that has not holds no data and would leave without a word.
    private static async Task InServiceAsync(Cluster cluster)
    {
        var port = new ControlPortClient(new HostPort(cluster.Nodes[0].Address!, cluster.Ports.ServerControl), TimeSpan.FromSeconds(5));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await port.GetAllStatusAsync(limit.Token)).Servers.Count(s => s.Status == NodeStatus.InService) < cluster.ServerCount) await Task.Delay(100, limit.Token);
    }
}
