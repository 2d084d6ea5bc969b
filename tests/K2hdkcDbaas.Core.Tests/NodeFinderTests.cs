using K2hdkcDbaas.Core.Backends.NovaServers;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Tests;

public class NodeFinderTests
{
    private static readonly Dictionary<NodeRole, IReadOnlyList<RoleHost>> NoHosts = new() { [NodeRole.Server] = [], [NodeRole.Slave] = [] };

    [Theory]
    [InlineData("ACTIVE", null, "ACTIVE")]
    [InlineData("ACTIVE", "deleting", "DELETING")]
    [InlineData("DELETED", null, null)]
    [InlineData("SOFT_DELETED", null, null)]
    public void A_server_that_is_gone_by_its_status_is_no_node(string status, string? task, string? shown)
    {
        var server = new Server
        {
            Id = "1",
            Name = "demo-server-1",
            Status = status,
            TaskState = task,
            Metadata = new Dictionary<string, string> { [ClusterNames.ClusterMetadata] = "demo", [ClusterNames.RoleMetadata] = "server" },
        };

        Assert.Equal(shown, NodeFinder.Merge("demo", NoHosts, [server]).SingleOrDefault()?.Node.Status);
    }
}
