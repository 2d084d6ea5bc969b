using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Nova takes its time to delete a server, and calls it ACTIVE meanwhile.</summary>
public class DeletedNodeTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, DeleteTime = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task A_node_that_is_being_deleted_is_not_called_active()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { SlaveCount = 1, Nodes = Small }, Waiting, CancellationToken.None);
        await Backend.RemoveNodeAsync("demo", NodeRole.Slave, "demo-slave-1", Quietly, CancellationToken.None);

        var node = Assert.Single(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync());
        Assert.Equal(("DELETING", false), (node.Status, node.Registered));
    }
}
