using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>The same flows with k2hr3_api 2.0.3, whose templates, empty bodies and missing things are not those of 1.0.42.</summary>
public class NewerK2hr3Tests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, K2hr3Version = "2.0.3" };

    [Fact]
    public async Task A_cluster_lives_its_life()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 2, SlaveCount = 1, Nodes = Small },
            Waiting, CancellationToken.None);
        Assert.Equal((ClusterStatus.Ready, 2, 1), (cluster.Status, cluster.ServerCount, cluster.SlaveCount));
        Assert.All(cluster.Nodes, n => Assert.True(n.Registered));

        var added = Assert.Single(
            await Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small), Waiting, CancellationToken.None));
        var ini = await Backend.GetConfigurationAsync("demo", NodeRole.Slave, expanded: true, CancellationToken.None);
        Assert.Contains("MODE = SLAVE\n", ini.Text);
        foreach (var node in cluster.Nodes.Append(added).Where(n => n.Role == NodeRole.Server))
            Assert.Contains($"NAME = {node.IPAddress}\n", ini.Text);

        await using (var data =
            await DataConnection.OpenAsync(new ClusterRing(Session, Backend, "demo"), new DataConnectionOptions { Register = true },
                Observer, CancellationToken.None))
        {
            await data.Client.SetAsync("key"u8.ToArray(), "value"u8.ToArray(), null, CancellationToken.None);
            await Backend.RemoveNodeAsync("demo", NodeRole.Server, added.Name, Waiting, CancellationToken.None);
            Assert.Equal("value"u8.ToArray(),
                (await data.Client.GetAsync("key"u8.ToArray(), null, CancellationToken.None)).Value.ToArray());
        }

        await Backend.RemoveNodeAsync("demo", NodeRole.Slave, "demo-slave-1", Waiting, CancellationToken.None);
        await Backend.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        await NothingIsLeftAsync();
    }
}
