using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Nodes that come, go and change in clusters that Trove runs.</summary>
public class TroveNodeTests : SandboxedTest
{
    private static readonly NewCluster Bulk =
        new("demo") { ServerCount = 3, Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 1 } };
    private static readonly NewCluster Singles = Bulk with { NodeByNode = true };

    private IClusterBackend Trove => Session.GetBackend("Trove");

    [Theory]
    [InlineData(false, "demo-member-")]
    [InlineData(true, "demo-server-")]
    public async Task New_nodes_get_names_that_no_node_has(bool nodeByNode, string stem)
    {
        await Trove.CreateClusterAsync(Bulk with { NodeByNode = nodeByNode }, Waiting, CancellationToken.None);
        await Trove.RemoveNodeAsync("demo", null, stem + "1", Waiting, CancellationToken.None);
        var added = await Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Count = 2 }, Waiting,
            CancellationToken.None);
        Assert.Equal([stem + "4", stem + "5"], added.Select(n => n.Name).Order());
        foreach (var names in new string[][] { ["a", "a"], [stem + "2"] })
        {
            var e = await Assert.ThrowsAsync<DbaasException>(
                () => Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Names = names }, Quietly,
                    CancellationToken.None));
            Assert.Equal((ErrorIds.NodeExists, names[^1]), (e.ErrorId, e.Target));
        }
    }

    [Fact]
    public async Task Several_members_leave_in_one_task()
    {
        await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        var all = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.RemoveNodesAsync("demo", NodeRole.Server, ["demo-member-1", "demo-member-2", "demo-member-3"], Quietly,
                CancellationToken.None));
        Assert.Equal(ErrorIds.DataAtRisk, all.ErrorId);
        Sandbox.Calls.Clear();
        var removed = await Trove.RemoveNodesAsync("demo", NodeRole.Server, ["demo-member-1", "demo-member-3"], Quietly,
            CancellationToken.None);
        Assert.Equal(2, removed.Count);
        Assert.Single(Sandbox.Calls.All, c => c.IsChange && c.Service == "trove");
    }

    [Fact]
    public async Task A_single_node_with_a_clusters_group_is_one_of_its_nodes()
    {
        var cluster = await Trove.CreateClusterAsync(Bulk with { ServerCount = 1 }, Waiting, CancellationToken.None);
        await Trove.CreateClusterAsync(Singles with { Name = "other", ServerCount = 2 }, Waiting, CancellationToken.None);
        await Session.Feature<IServiceOperations>().DetachConfigurationAsync("other", "other-server-1", Waiting, CancellationToken.None);
        await Session.Feature<IServiceOperations>()
            .AttachConfigurationAsync("demo", "other-server-1", cluster.ConfigurationGroupId, Waiting, CancellationToken.None);
        Assert.Equal(["demo-member-1", "other-server-1"],
            await Trove.GetNodesAsync("demo", null, null, CancellationToken.None).Select(n => n.Name).Order().ToListAsync());
        Assert.Equal(2, await Trove.GetClustersAsync("*", CancellationToken.None).CountAsync());
        await Trove.RemoveNodeAsync("demo", NodeRole.Server, "other-server-1", Waiting, CancellationToken.None);
        Assert.Equal(1, (await Trove.GetClusterAsync(cluster.Id!, CancellationToken.None)).ServerCount);
    }

    [Fact]
    public async Task When_every_node_has_left_the_first_one_finds_its_way_back()
    {
        var made = await Trove.CreateClusterAsync(Singles with { ServerCount = 1 }, Waiting, CancellationToken.None);
        var node = made.Nodes[0].Name;
        foreach (var group in new[] { null, made.ConfigurationGroupId })
        {
            await Session.Feature<IServiceOperations>().DetachConfigurationAsync("demo", node, Waiting, CancellationToken.None);
            Assert.Empty(await Trove.GetClustersAsync("*", CancellationToken.None).ToListAsync());
            await Session.Feature<IServiceOperations>().AttachConfigurationAsync("demo", node, group, Waiting, CancellationToken.None);
            // Its configuration has been taken up: it is ready for whatever comes next.
            Assert.Equal("ACTIVE",
                Assert.Single((await Trove.GetClusterAsync(made.ConfigurationGroupId!, CancellationToken.None)).Nodes).Status);
        }
        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Session.Feature<IServiceOperations>().AttachConfigurationAsync("nosuch", node, null, Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotFound, e.ErrorId);
    }

    [Fact]
    public async Task A_group_makes_only_the_cluster_that_it_names_and_only_one()
    {
        await Session.Feature<IConfigurationGroups>()
            .CreateAsync("g", new Dictionary<string, object?> { ["cluster-name"] = "demo" }, null, null, CancellationToken.None);
        Sandbox.Calls.Clear();
        var other = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.CreateClusterAsync(Bulk with { Name = "other", ConfigurationGroup = "g" }, Quietly, CancellationToken.None));
        Assert.Equal((ErrorIds.InvalidConfigurationValue, "g"), (other.ErrorId, other.Target));
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.IsChange && c.Service == "trove");

        await Trove.CreateClusterAsync(Bulk with { Name = "other" }, Waiting, CancellationToken.None);
        await Session.Feature<IServiceOperations>().AttachConfigurationAsync("other", null, "g", Waiting, CancellationToken.None);
        var taken = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.CreateClusterAsync(Bulk with { ConfigurationGroup = "g" }, Quietly, CancellationToken.None));
        Assert.Equal((ErrorIds.ConfigurationGroupInUse, "g"), (taken.ErrorId, taken.Target));
        await Trove.RemoveClusterAsync("other", Waiting, CancellationToken.None);

        await Trove.CreateClusterAsync(Bulk with { ConfigurationGroup = "g" }, Waiting, CancellationToken.None);
        var used = await Assert.ThrowsAsync<DbaasException>(
            () => Session.Feature<IConfigurationGroups>().RemoveAsync("g", CancellationToken.None));
        Assert.Equal((ErrorIds.ConfigurationGroupInUse, ErrorKind.Conflict), (used.ErrorId, used.Kind));
        Assert.Contains("demo-member-2", used.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_by_node_the_version_is_used_and_a_locality_refused()
    {
        await Session.Feature<IConfigurationGroups>()
            .CreateAsync("g", new Dictionary<string, object?> { ["cluster-name"] = "demo" }, null, null, CancellationToken.None);
        var unknown = await Assert.ThrowsAnyAsync<DbaasException>(
            () => Trove.CreateClusterAsync(Singles with { ConfigurationGroup = "g", DatastoreVersion = "9" },
                Quietly, CancellationToken.None));
        Assert.Equal("DatastoreVersionNotFound", unknown.ErrorId);
        var refused = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.CreateClusterAsync(Singles with { Locality = "affinity" }, Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.InvalidRequest, refused.ErrorId);
    }

    [Fact]
    public async Task Slaves_start_with_the_cluster()
    {
        var cluster = await Trove.CreateClusterAsync(Bulk with { ServerCount = 2, SlaveCount = 1, Slaves = Small }, Waiting,
            CancellationToken.None);
        Assert.Equal((2, 1), (cluster.ServerCount, cluster.SlaveCount));
        Assert.Equal(2, (await new ClusterRing(Session, Trove, "demo").ReadAsync(CancellationToken.None)).Servers.Count);
        await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_ring_is_known_from_the_members_as_later_from_K2HR3(bool nodeByNode)
    {
        await Trove.CreateClusterAsync(
            Bulk with { NodeByNode = nodeByNode, Ports = new ClusterPorts { Server = 9020, ServerControl = 9021 } }, Waiting,
            CancellationToken.None);
        var ring = new ClusterRing(Session, Trove, "demo");
        var before = await ring.ReadAsync(CancellationToken.None);
        Assert.All(await new RingController(before, TimeProvider.System).GetStatusAsync(CancellationToken.None),
            n => Assert.NotNull(n.Self));

        await ring.GetSlaveRoleAsync(Observer, CancellationToken.None);
        var after = await ring.ReadAsync(CancellationToken.None);
        Assert.Equal((after.Group, after.IdType, after.DeliveryMode, after.Replicas, after.ControlPort),
            (before.Group, before.IdType, before.DeliveryMode, before.Replicas, before.ControlPort));
        Assert.Equal(after.Servers.Select(Facts).Order(), before.Servers.Select(Facts).Order());

        static (string, int, int, string, string) Facts(Protocol.Configuration.RingNode node) =>
            (node.Name, node.Port, node.ControlPort, node.Cuk, node.CustomSeed);
    }

    [Fact]
    public async Task An_administrator_frees_by_id_what_is_another_projects()
    {
        var cluster = await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        await Session.Feature<IServiceOperations>().RestartAsync("demo", null, Quietly, CancellationToken.None);
        var own = await Assert.ThrowsAnyAsync<DbaasException>(
            () => Session.Feature<IServiceOperations>().ResetStatusAsync(cluster.Id!, null, CancellationToken.None));
        Assert.Equal(ErrorKind.Forbidden, own.Kind);
        await using var admin = await ConnectAsync(new SessionOptions { Cloud = "sandbox-admin", CloudsFile = Sandbox.CloudsFile });
        await admin.Feature<IServiceOperations>().ResetStatusAsync(cluster.Id!, null, CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, (await Trove.GetClusterAsync("demo", CancellationToken.None)).Status);
        await admin.Feature<IServiceOperations>().ResetStatusAsync(cluster.Id!, cluster.Nodes[0].Id, CancellationToken.None);
        var none = await Assert.ThrowsAnyAsync<DbaasException>(
            () => admin.Feature<IServiceOperations>().ResetStatusAsync("demo", null, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotFound, none.ErrorId);
    }

    [Fact]
    public async Task Slaves_are_not_told_of_a_node_before_it_has_an_address_or_while_its_data_moves()
    {
        await Trove.CreateClusterAsync(Bulk with { SlaveCount = 1, Slaves = Small }, Waiting, CancellationToken.None);
        await Trove.RemoveNodeAsync("demo", NodeRole.Server, "demo-member-1", Quietly, CancellationToken.None);
        Assert.Contains(Observer.Lines,
            l => l.StartsWith("WARNING: The slaves of 'demo' are not told yet that demo-member-1 leaves", StringComparison.Ordinal));
        Assert.Equal(3, (await new ClusterRing(Session, Trove, "demo").ReadAsync(CancellationToken.None)).Servers.Count);
    }
}
