using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Backends.Trove;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class TroveTests : SandboxedTest
{
    private static readonly NewCluster Demo =
        new("demo") { ServerCount = 2, Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 1 } };

    private IClusterBackend Trove => Session.GetBackend("Trove");

    [Fact]
    public async Task A_whole_life_in_bulk()
    {
        var cluster = await Trove.CreateClusterAsync(Demo, Waiting, CancellationToken.None);
        Assert.Equal(("demo", ClusterStatus.Ready, 2, "Trove"), (cluster.Name, cluster.Status, cluster.ServerCount, cluster.Backend));
        Assert.All(cluster.Nodes, n => Assert.True(n.Registered));

        Sandbox.Calls.Clear();
        var added = await Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Count = 2 }, Waiting,
            CancellationToken.None);
        Assert.Equal(2, added.Count);
        Assert.Single(Sandbox.Calls.All, c => c.IsChange && c.Service == "trove");

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.RemoveNodeAsync("demo", null, "nosuch", Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.NodeNotFound, e.ErrorId);
        await Trove.RemoveNodeAsync("demo", null, added[0].Name, Waiting, CancellationToken.None);
        Assert.Equal(3, await Trove.GetNodesAsync("demo", null, null, CancellationToken.None).CountAsync());

        var again = await Assert.ThrowsAsync<DbaasException>(() => Trove.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterExists, again.ErrorId);

        var removed = await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        Assert.Equal(["cluster", "configuration group"], removed.Select(r => r.Kind));
        Assert.Empty(await Trove.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.Empty(await Session.Feature<IConfigurationGroups>().GetAsync("*", CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task Slaves_are_configured_by_K2HR3_and_follow_the_members()
    {
        var single = Demo with { NodeByNode = true };
        await Trove.CreateClusterAsync(single, Waiting, CancellationToken.None);
        Assert.Empty(await Trove.GetNodesAsync("demo", NodeRole.Slave, null, CancellationToken.None).ToListAsync());
        var unknown = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.GetConfigurationAsync("demo", NodeRole.Slave, true, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotRegistered, unknown.ErrorId);

        var slave = Assert.Single(await Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, Small), Waiting, CancellationToken.None));
        Assert.Equal(("demo-slave-1", true), (slave.Name, slave.Registered));
        Assert.Equal("demo-slave-1",
            Assert.Single(await Trove.GetNodesAsync("demo", NodeRole.Slave, null, CancellationToken.None).ToListAsync()).Name);
        await KnowsItsMembersAsync(2);
        // K2HR3's part of a Trove cluster is no cluster of Nova servers.
        Assert.Empty(await Backend.GetClustersAsync("*", CancellationToken.None).ToListAsync());

        await Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Names = ["extra"] }, Waiting,
            CancellationToken.None);
        await KnowsItsMembersAsync(3);
        await Session.Feature<IServiceOperations>().DetachConfigurationAsync("demo", "extra", Waiting, CancellationToken.None);
        await KnowsItsMembersAsync(2);
        await Session.Feature<IServiceOperations>().AttachConfigurationAsync("demo", "extra", null, Waiting, CancellationToken.None);
        await KnowsItsMembersAsync(3);
        await Trove.RemoveNodeAsync("demo", NodeRole.Server, "extra", Waiting, CancellationToken.None);
        await KnowsItsMembersAsync(2);

        await using (var data =
            await DataConnection.OpenAsync(new ClusterRing(Session, Trove, "demo"), new DataConnectionOptions { Register = true }, Observer,
                CancellationToken.None))
        {
            await data.Client.SetAsync("key"u8.ToArray(), "value"u8.ToArray(), null, CancellationToken.None);
            Assert.Equal("value"u8.ToArray(),
                (await data.Client.GetAsync("key"u8.ToArray(), null, CancellationToken.None)).Value.ToArray());
        }

        await Trove.RemoveNodeAsync("demo", NodeRole.Slave, "demo-slave-1", Waiting, CancellationToken.None);
        await Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, Small), Waiting, CancellationToken.None);
        await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        await NothingIsLeftAsync();

        async Task KnowsItsMembersAsync(int count)
        {
            var members = await Trove.GetNodesAsync("demo", NodeRole.Server, null, CancellationToken.None).Select(n => n.IPAddress)
                .Order().ToListAsync();
            Assert.Equal(count, members.Count);
            var ring = await new ClusterRing(Session, Trove, "demo").ReadAsync(CancellationToken.None);
            Assert.Equal(members, ring.Servers.Select(s => s.Name).Order());
        }
    }

    [Fact]
    public async Task Slaves_are_not_mixed_up_with_another_cluster_of_the_name()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 1, Nodes = Small }, Waiting, CancellationToken.None);
        await Trove.CreateClusterAsync(Demo, Waiting, CancellationToken.None);
        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, Small), Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.NameTaken, e.ErrorId);
        await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        Assert.Equal(1, (await Backend.GetClusterAsync("demo", CancellationToken.None)).ServerCount);
    }

    [Fact]
    public async Task A_slave_that_cannot_boot_leaves_nothing_in_K2HR3()
    {
        await Trove.CreateClusterAsync(Demo, Waiting, CancellationToken.None);
        Sandbox.Faults.Add(
            new() { Service = "nova", Method = "POST", Path = "*/servers", Status = 403, Message = "Quota exceeded for instances" });
        await Assert.ThrowsAnyAsync<DbaasException>(
            () => Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, Small), Waiting, CancellationToken.None));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_failed_create_takes_its_group_back()
    {
        Sandbox.Faults.Add(
            new()
            {
                Service = "trove",
                Method = "POST",
                Path = "*/clusters",
                Status = 413,
                Message = "Quota exceeded for resources: ['instances']."
            });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => Trove.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal(ErrorKind.QuotaExceeded, e.Kind);
        Assert.Empty(await Session.Feature<IConfigurationGroups>().GetAsync("*", CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task Groups_are_made_checked_changed_and_removed()
    {
        var groups = Session.Feature<IConfigurationGroups>();
        var made = await groups.CreateAsync("g",
            new Dictionary<string, object?> { ["cluster-name"] = "demo", ["chmpx-server-port"] = 9020L }, null, "mine",
            CancellationToken.None);
        Assert.Equal((9020L, "demo"), (made.Values["chmpx-server-port"], made.Values["cluster-name"]));

        foreach (var (name, value) in new (string, object?)[] { ("nosuch", 1L), ("chmpx-server-port", "x"), ("chmpx-server-port", 99999L),
            ("extdata-url", "http://x") })
        {
            var e = await Assert.ThrowsAsync<DbaasException>(
                () => groups.SetAsync("g", new Dictionary<string, object?> { [name] = value }, replace: false, CancellationToken.None));
            Assert.Equal((ErrorIds.InvalidConfigurationValue, name), (e.ErrorId, e.Target));
        }

        var changed = await groups.SetAsync("g", new Dictionary<string, object?> { ["chmpx-server-port"] = "9030" }, replace: false,
            CancellationToken.None);
        Assert.Equal((9030L, "demo"), (changed.Values["chmpx-server-port"], changed.Values["cluster-name"]));
        // Each setting has the type that Trove lists, whatever the text looks like.
        var typed = await groups.SetAsync("g",
            new Dictionary<string, object?> { ["cluster-name"] = 123L, ["no_proxy"] = "10", ["http_proxy"] = true }, replace: false,
            CancellationToken.None);
        Assert.Equal(("123", "10", "true"), (typed.Values["cluster-name"], typed.Values["no_proxy"], typed.Values["http_proxy"]));
        await groups.RemoveAsync(made.Id, CancellationToken.None);
        var gone = await Assert.ThrowsAsync<DbaasException>(() => groups.RemoveAsync("g", CancellationToken.None));
        Assert.Equal(ErrorIds.ConfigurationGroupNotFound, gone.ErrorId);
    }

    [Fact]
    public void Settings_go_through_YAML_unchanged()
    {
        var values = new Dictionary<string, object?>
        {
            ["cluster-name"] = "0123",
            ["chmpx-server-port"] = 8020L,
            ["no_proxy"] = "a: b, #c",
            ["flag"] = true
        };
        Assert.Equal(values.OrderBy(v => v.Key, StringComparer.Ordinal),
            ConfigurationYaml.Read(ConfigurationYaml.Write(values)).OrderBy(v => v.Key, StringComparer.Ordinal));
        Assert.Equal("cluster-name: demo\n",
            ConfigurationYaml.Write(new Dictionary<string, object?> { ["cluster-name"] = "demo", ["extdata-url"] = "http://x" }));
        Assert.Throws<DbaasException>(() => ConfigurationYaml.Read("- a\n- b"));
        Assert.Throws<DbaasException>(() => ConfigurationYaml.Read("a: [1, 2]"));
    }
}
