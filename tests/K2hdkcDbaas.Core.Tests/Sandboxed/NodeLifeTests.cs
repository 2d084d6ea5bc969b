using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class NodeLifeTests : SandboxedTest
{
    [Fact]
    public async Task A_whole_life()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 3, SlaveCount = 1, Nodes = Small },
            Waiting, CancellationToken.None);
        Assert.Equal((3, 1), (cluster.ServerCount, cluster.SlaveCount));
        Assert.All(cluster.Nodes, n => Assert.Equal(("ACTIVE", true, n.Id), (n.Status, n.Registered, n.Cuk)));

        var added = await Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small) { Count = 2 }, Waiting,
            CancellationToken.None);
        Assert.Equal(["demo-server-4", "demo-server-5"], added.Select(n => n.Name).Order());

        var nodes = await Backend.GetNodesAsync("demo", NodeRole.Server, "*-[45]", CancellationToken.None).ToListAsync();
        Assert.Equal(2, nodes.Count);

        await Backend.RemoveNodeAsync("demo", null, "demo-slave-1", Waiting, CancellationToken.None);
        await Backend.RemoveNodeAsync("demo", NodeRole.Server, added[0].IPAddress!, Waiting with { Force = true }, CancellationToken.None);
        Assert.Equal(4, await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).CountAsync());

        var removed = await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        Assert.Equal(4, removed.Count(r => r.Kind == "server"));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_second_node_uses_the_same_role_token_unless_told_otherwise()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 1, Nodes = Small }, Waiting, CancellationToken.None);
        Sandbox.Calls.Clear();
        await Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small), Quietly, CancellationToken.None);
        Assert.DoesNotContain("/v1/role/token/demo/server", Calls());
        Assert.Contains("/v1/role/token/list/demo/server", Calls());
        Sandbox.Calls.Clear();
        await Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small with { NewRoleToken = true }), Quietly,
            CancellationToken.None);
        Assert.Contains("/v1/role/token/demo/server", Calls());
    }

    [Fact]
    public async Task A_half_broken_cluster_is_shown_finished_and_removed()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await k2hr3.Roles.DeleteAsync("demo/slave", CancellationToken.None);
        await k2hr3.Policies.DeleteAsync("demo", CancellationToken.None);

        var broken = await Backend.GetClusterAsync("demo", CancellationToken.None);
        Assert.Equal(ClusterStatus.Incomplete, broken.Status);
        Assert.Equal(["policy demo", "role demo/slave"], broken.MissingParts);

        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, (await Backend.GetClusterAsync("demo", CancellationToken.None)).Status);

        await k2hr3.Roles.DeleteAsync("demo/server", CancellationToken.None);
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
        var e = await Assert.ThrowsAsync<DbaasException>(() => Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotFound, e.ErrorId);
    }

    [Fact]
    public async Task A_server_that_is_gone_counts_as_removed_and_loses_all_its_lines()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { SlaveCount = 1, Nodes = Small }, Waiting,
            CancellationToken.None);
        var node = cluster.Nodes.Single();
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await k2hr3.Roles.AddHostsAsync("demo/slave",
            [new() { Host = "10.9.9.9", Cuk = node.Id!, Extra = K2hr3.RoleHost.OpenStackAuto, Tag = "old.novalocal" }],
            CancellationToken.None);
        using var nova = Cloud();
        await nova.Compute.Servers.DeleteAsync(node.Id!, CancellationToken.None);
        await Task.Delay(500);

        var shown = await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync();
        Assert.Equal("GONE", Assert.Single(shown).Status);
        await Backend.RemoveNodeAsync("demo", null, node.Id!, Quietly, CancellationToken.None);
        Assert.Empty((await k2hr3.Roles.GetAsync("demo/slave", CancellationToken.None)).Hosts);
    }

    [Theory]
    [InlineData("image", "ImageNotFound")]
    [InlineData("flavor", "FlavorNotFound")]
    [InlineData("network", "NetworkNotFound")]
    [InlineData("key", "KeyPairNotFound")]
    [InlineData("group", "SecurityGroupNotFound")]
    public async Task A_wrong_reference_is_found_before_anything_is_made(string which, string errorId)
    {
        var template = which switch
        {
            "image" => Small with { Image = "nosuch" },
            "flavor" => Small with { Flavor = "nosuch" },
            "network" => Small with { Networks = ["nosuch"] },
            "key" => Small with { KeyPair = "nosuch" },
            _ => Small with { SecurityGroups = ["nosuch"] },
        };
        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 1, Nodes = template }, Quietly,
                CancellationToken.None));
        Assert.Equal((ErrorKind.NotFound, errorId), (e.Kind, e.ErrorId));
        Assert.Contains("nosuch", e.Message);
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.IsChange && c.Path != "/v1/user/tokens");
    }

    [Fact]
    public async Task A_name_that_exists_is_refused_and_nothing_changed()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 1, Nodes = Small }, Quietly, CancellationToken.None);
        Sandbox.Calls.Clear();
        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small) { Names = ["demo-server-1"] }, Quietly,
                CancellationToken.None));
        Assert.Equal((ErrorKind.AlreadyExists, ErrorIds.NodeExists), (e.Kind, e.ErrorId));
        Assert.Empty(Calls(changesOnly: true));
    }

    [Fact]
    public async Task Secrets_stay_secret()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 1, Nodes = Small }, Waiting, CancellationToken.None);
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        var token = Assert.Single(await k2hr3.RoleTokens.ListAsync("demo/server", CancellationToken.None));
        var said = string.Join('\n', Observer.Lines);
        Assert.DoesNotContain(token.Value, said);
        Assert.DoesNotContain(Sandbox.Password, said);
        Assert.DoesNotContain("I2luY2x1ZGU", said);
        Assert.DoesNotContain("gAAAA", said);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_missing_role_is_a_cluster_that_is_not_whole(bool newToken)
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None);
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await k2hr3.Roles.DeleteAsync("demo/slave", CancellationToken.None);

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, Small with { NewRoleToken = newToken }), Quietly,
                CancellationToken.None));

        Assert.Equal((ErrorKind.Conflict, ErrorIds.ClusterIncomplete, "demo"), (e.Kind, e.ErrorId, e.Target));
        Assert.Contains("demo/slave", e.Message);
        Assert.Contains("New-K2hdkcCluster", e.NextStep);
    }

    [Fact]
    public async Task Of_several_networks_one_must_be_chosen_and_each_is_named_with_its_id()
    {
        using var cloud = Cloud();
        await PostAsync(cloud, "neutron", "/v2.0/networks", new { network = new { name = "second" } });
        var second = await cloud.Network.Networks.ListAsync("second", CancellationToken.None).FirstAsync();
        await PostAsync(cloud, "neutron", "/v2.0/subnets", new
        {
            subnet = new
            {
                network_id = second.Id,
                cidr = "10.77.0.0/24",
                ip_version = 4
            }
        });

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 1, Nodes = Small with { Networks = [] } }, Quietly,
                CancellationToken.None));

        Assert.Equal((ErrorKind.InvalidInput, ErrorIds.NetworkAmbiguous), (e.Kind, e.ErrorId));
        Assert.Contains($"second: {second.Id}", e.Message);
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.IsChange && c.Path.StartsWith("/v2.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_administrator_s_network_is_the_one_of_the_session_s_project()
    {
        await using var admin =
            await ConnectAsync(
                new SessionOptions { Cloud = "sandbox-admin", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() });
        Assert.True(await admin.Feature<ICloudCatalog>().GetNetworksAsync("private", CancellationToken.None).CountAsync() > 1,
            "An administrator sees those of all projects.");

        foreach (var (name, networks) in new (string, IReadOnlyList<Reference>)[] { ("first", []), ("second", [new Reference("private")]) })
        {
            var cluster = await admin.Clusters.CreateClusterAsync(
                new NewCluster(name) { ServerCount = 1, Nodes = Small with { Networks = networks } }, Waiting, CancellationToken.None);
            Assert.Equal("ACTIVE", Assert.Single(cluster.Nodes).Status);
        }
    }
}
