using K2hdkcDbaas.Faults;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class TroveTests : SandboxedTest
{
    private static readonly NewCluster Demo = new("demo") { ServerCount = 2, Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 1 } };

    private IClusterBackend Trove => Session.GetBackend(BackendKind.Trove);

    [Fact]
    public async Task A_whole_life_in_bulk()
    {
        var cluster = await Trove.CreateClusterAsync(Demo, Waiting, CancellationToken.None);
        Assert.Equal(("demo", ClusterStatus.Complete, 2, BackendKind.Trove), (cluster.Name, cluster.Status, cluster.ServerCount, cluster.Backend));
        Assert.All(cluster.Nodes, n => Assert.True(n.Registered));

        Sandbox.Calls.Clear();
        var added = await Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Count = 2 }, Waiting, CancellationToken.None);
        Assert.Equal(2, added.Count);
        Assert.Single(Sandbox.Calls.All, c => c.IsChange);

        var e = await Assert.ThrowsAsync<DbaasException>(() => Trove.RemoveNodeAsync("demo", null, "nosuch", Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.NodeNotFound, e.ErrorId);
        await Trove.RemoveNodeAsync("demo", null, added[0].Name, Waiting, CancellationToken.None);
        Assert.Equal(3, await Trove.GetNodesAsync("demo", null, null, CancellationToken.None).CountAsync());

        var again = await Assert.ThrowsAsync<DbaasException>(() => Trove.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterExists, again.ErrorId);

        var removed = await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        Assert.Equal(["cluster", "configuration group"], removed.Select(r => r.Kind));
        Assert.Empty(await Trove.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.Empty(await Session.ConfigurationGroups.GetAsync("*", CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task A_failed_create_takes_its_group_back()
    {
        Sandbox.Faults.Add(new() { Service = "trove", Method = "POST", Path = "*/clusters", Status = 413, Message = "Quota exceeded for resources: ['instances']." });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => Trove.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal(FaultKind.QuotaExceeded, e.Kind);
        Assert.Empty(await Session.ConfigurationGroups.GetAsync("*", CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task Groups_are_made_checked_changed_and_removed()
    {
        var groups = Session.ConfigurationGroups;
        var made = await groups.CreateAsync("g", new Dictionary<string, object?> { ["cluster-name"] = "demo", ["chmpx-server-port"] = 9020L }, null, "mine", CancellationToken.None);
        Assert.Equal((9020L, "demo"), (made.Values["chmpx-server-port"], made.Values["cluster-name"]));

        foreach (var (name, value) in new (string, object?)[] { ("nosuch", 1L), ("chmpx-server-port", "x"), ("chmpx-server-port", 99999L), ("extdata-url", "http://x") })
        {
            var e = await Assert.ThrowsAsync<DbaasException>(() => groups.SetAsync("g", new Dictionary<string, object?> { [name] = value }, replace: false, CancellationToken.None));
            Assert.Equal((ErrorIds.InvalidConfigurationValue, name), (e.ErrorId, e.Target));
        }

        var changed = await groups.SetAsync("g", new Dictionary<string, object?> { ["chmpx-server-port"] = "9030" }, replace: false, CancellationToken.None);
        Assert.Equal((9030L, "demo"), (changed.Values["chmpx-server-port"], changed.Values["cluster-name"]));
        await groups.RemoveAsync(made.Id, CancellationToken.None);
        var gone = await Assert.ThrowsAsync<DbaasException>(() => groups.RemoveAsync("g", CancellationToken.None));
        Assert.Equal(ErrorIds.ConfigurationGroupNotFound, gone.ErrorId);
    }

    [Fact]
    public void Settings_go_through_YAML_unchanged()
    {
        var values = new Dictionary<string, object?> { ["cluster-name"] = "0123", ["chmpx-server-port"] = 8020L, ["no_proxy"] = "a: b, #c", ["flag"] = true };
        Assert.Equal(values.OrderBy(v => v.Key, StringComparer.Ordinal), ConfigurationYaml.Read(ConfigurationYaml.Write(values)).OrderBy(v => v.Key, StringComparer.Ordinal));
        Assert.Throws<DbaasException>(() => ConfigurationYaml.Read("- a\n- b"));
        Assert.Throws<DbaasException>(() => ConfigurationYaml.Read("a: [1, 2]"));
    }
}
