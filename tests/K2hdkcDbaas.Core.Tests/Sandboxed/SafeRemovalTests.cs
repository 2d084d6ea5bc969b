using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;
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
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 2, Nodes = Small }, Waiting,
            CancellationToken.None);
        await InServiceAsync(cluster);

        await Backend.RemoveNodeAsync("demo", NodeRole.Server, "demo-server-2", Waiting, CancellationToken.None);
        Assert.Contains(Observer.Lines, l => l.Contains("out of service, and its data has moved"));

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.RemoveNodeAsync("demo", NodeRole.Server, "demo-server-1", Waiting, CancellationToken.None));
        Assert.Equal((ErrorKind.Conflict, ErrorIds.DataAtRisk), (e.Kind, e.ErrorId));
        Assert.Equal("demo-server-1",
            Assert.Single(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync()).Name);

        await Backend.RemoveNodeAsync("demo", NodeRole.Server, "demo-server-1", Waiting with { Force = true }, CancellationToken.None);
        Assert.Empty(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task A_node_that_serves_is_not_taken_for_one_that_never_joined()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 2, Nodes = Small }, Waiting,
            CancellationToken.None);
        await InServiceAsync(cluster);
        var ring = new RingMembers("demo", cluster.Nodes, cluster.Ports);
        var strange = cluster.Nodes[1] with { Cuk = "another key" };

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => new RingControl(TimeProvider.System).LeaveAsync(ring, strange, Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.DataAtRisk, e.ErrorId);
        Assert.Contains("says of itself that it is in service", e.Message);
        await new RingControl(TimeProvider.System)
            .LeaveAsync(ring, strange with { IPAddress = "127.0.0.1" }, Waiting, CancellationToken.None);
    }

    [Fact]
    public async Task A_quiet_ring_is_not_settled_before_the_node_is_where_it_is_to_be()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 2, Nodes = Small }, Waiting,
            CancellationToken.None);
        await InServiceAsync(cluster);
        var nodes = await RingController.OpenAsync(new ClusterRing(Session, Backend, "demo"), TimeProvider.System, CancellationToken.None);
        var node = nodes.Nodes[1];

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => nodes.SettleAsync(node, RingMembership.ServiceOut, TimeSpan.FromSeconds(1), Observer, CancellationToken.None));
        Assert.Equal(ErrorIds.MergeTimeout, e.ErrorId);
        await nodes.DisableAsync(node, Waiting, CancellationToken.None);
        await nodes.SettleAsync(node, RingMembership.ServiceOut, TimeSpan.FromSeconds(60), Observer, CancellationToken.None);
        Assert.Equal(RingMembership.ServiceOut, (await nodes.GetStatusAsync(CancellationToken.None))
            .Single(n => n.Control == RingController.ControlOf(node)).Status!.Value.Membership);
    }

    // A registered node still has to join; one that has not holds no data and would leave without a word.
    private static async Task InServiceAsync(Cluster cluster)
    {
        var port = new ControlPortClient(new HostPort(cluster.Nodes[0].IPAddress!, cluster.Ports.ServerControl), TimeSpan.FromSeconds(5));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await port.GetAllStatusAsync(limit.Token)).Servers.Count(s => s.Status == NodeStatus.InService) < cluster.ServerCount)
            await Task.Delay(100, limit.Token);
    }
}
