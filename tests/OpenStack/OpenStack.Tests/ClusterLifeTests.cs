using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;

namespace K2hdkcDbaas.OpenStackLife.Tests;

/// <summary>Clusters of Nova servers (type 1) on the real cloud.</summary>
public sealed class ClusterLifeTests(Lab lab) : IAsyncLifetime
{
    private readonly string _name = Lab.NewName();
    private IDbaasSession? _session;
    private NodeTemplate _nodes = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static FlowOptions Waiting => new() { Wait = true, Timeout = Lab.Patience };

    private IDbaasSession Session => _session!;

    private IClusterBackend Clusters => Session.GetBackend("Nova");

    public async ValueTask InitializeAsync()
    {
        _session = await lab.ConnectAsync();
        _nodes = await Lab.NodesAsync(_session);
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is null) return;
        try
        {
            await Clusters.RemoveClusterAsync(_name, Waiting, CancellationToken.None);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            // As it should be.
        }
        await _session.DisposeAsync();
    }

    [Fact]
    public async Task GrowsShrinksAndGoes()
    {
        await using var guests = Lab.PlayGuests(_name);
        var made = await Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 2, SlaveCount = 1, Nodes = _nodes }, Waiting,
            Ct);
        Assert.Equal([$"{_name}-server-1", $"{_name}-server-2", $"{_name}-slave-1"], made.Nodes.Select(n => n.Name));
        Assert.All(made.Nodes, n => Assert.True(n is { Registered: true, Status: "ACTIVE" }, n.ToString()));

        var added = Assert.Single(await Clusters.AddNodesAsync(new NewNodes(_name, NodeRole.Server, _nodes), Waiting, Ct));
        Assert.Equal($"{_name}-server-3", added.Name);
        await ConfigurationNamesAsync([.. made.Nodes.Where(n => n.Role == NodeRole.Server), added],
            [.. made.Nodes.Where(n => n.Role == NodeRole.Slave)]);

        await Clusters.RemoveNodeAsync(_name, NodeRole.Server, made.Nodes[0].Name, Waiting with { Force = true }, Ct);
        var left = await Clusters.GetNodesAsync(_name, null, null, Ct).ToListAsync(Ct);
        Assert.Equal(new[] { $"{_name}-server-2", $"{_name}-server-3", $"{_name}-slave-1" },
            left.Select(n => n.Name).Order(StringComparer.Ordinal));
        await ConfigurationNamesAsync([made.Nodes[1], added], [made.Nodes[2]]);

        await Clusters.RemoveClusterAsync(_name, Waiting, Ct);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task IsMadeOnce()
    {
        await Clusters.CreateClusterAsync(new NewCluster(_name), Waiting, Ct);
        var again = await Assert.ThrowsAnyAsync<DbaasException>(() => Clusters.CreateClusterAsync(new NewCluster(_name), Waiting, Ct));
        Assert.Equal(ErrorIds.ClusterExists, again.ErrorId);
        Assert.Equal(ClusterStatus.Ready, (await Clusters.GetClusterAsync(_name, Ct)).Status);
        Assert.Contains(_name, await Clusters.GetClustersAsync(_name[..^2] + "*", Ct).Select(c => c.Name).ToListAsync(Ct));
    }

    [Fact]
    public async Task RemovesNodesThatNeverRegistered()
    {
        var silent = await Assert.ThrowsAnyAsync<DbaasException>(() =>
            Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 1, Nodes = _nodes },
                new FlowOptions { Wait = true, Timeout = TimeSpan.FromSeconds(20) }, Ct));
        Assert.Equal(ErrorIds.NodeWaitTimeout, silent.ErrorId);
        Assert.Contains($"{_name}-server-1", silent.Message, StringComparison.Ordinal);
        Assert.False(Assert.Single(await Clusters.GetNodesAsync(_name, null, null, Ct).ToListAsync(Ct)).Registered);

        await Clusters.RemoveClusterAsync(_name, Waiting, Ct);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task TakesAServerThatIsGoneForRemoved()
    {
        await using var guests = Lab.PlayGuests(_name);
        var node = Assert.Single(
            (await Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 1, Nodes = _nodes }, Waiting, Ct)).Nodes);
        using var behind = lab.Behind();
        await behind.Compute.Servers.DeleteAsync(node.Id!, Ct);
        await UntilAsync(async () => Assert.Single(await Clusters.GetNodesAsync(_name, null, null, Ct).ToListAsync(Ct)).Status == "GONE");

        await Clusters.RemoveNodeAsync(_name, null, $"{_name}-server-1.novalocal", Waiting, Ct);
        Assert.Empty(await Clusters.GetNodesAsync(_name, null, null, Ct).ToListAsync(Ct));
        Assert.Empty((await (await Session.GetK2hr3Async(Ct)).Roles.GetAsync(_name + "/server", Ct)).Hosts);
    }

    [Fact]
    public async Task UndoesAllWhenTheQuotaIsReached()
    {
        var flavors = await Session.Feature<ICloudCatalog>().GetFlavorsAsync(null, Ct).ToListAsync(Ct);
        var huge = flavors.MaxBy(f => f.Ram)!;
        if (huge.Name != "lab.huge") Assert.Skip("This cloud has no flavor lab.huge, which is over every quota.");
        var refused = await Assert.ThrowsAnyAsync<DbaasException>(() =>
            Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 2, Nodes = _nodes with { Flavor = new Reference(huge) } },
                Waiting, Ct));
        Assert.Equal(ErrorKind.QuotaExceeded, refused.Kind);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task MakesNothingOfAnUnknownImage()
    {
        var refused = await Assert.ThrowsAnyAsync<DbaasException>(() =>
            Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 1, Nodes = _nodes with { Image = "no such image" } }, Waiting,
                Ct));
        Assert.Equal(("ImageNotFound", "no such image"), (refused.ErrorId, refused.Target));
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task FinishesWhatIsHalfBroken()
    {
        await Clusters.CreateClusterAsync(new NewCluster(_name), Waiting, Ct);
        var k2hr3 = await Session.GetK2hr3Async(Ct);
        await k2hr3.Roles.DeleteAsync(_name + "/server", Ct);
        var broken = await Clusters.GetClusterAsync(_name, Ct);
        Assert.Equal((ClusterStatus.Incomplete, $"role {_name}/server"), (broken.Status, Assert.Single(broken.MissingParts)));

        await Clusters.CreateClusterAsync(new NewCluster(_name), Waiting, Ct);
        Assert.Equal(ClusterStatus.Ready, (await Clusters.GetClusterAsync(_name, Ct)).Status);

        await k2hr3.Policies.DeleteAsync(_name, Ct);
        await k2hr3.Roles.DeleteAsync(_name + "/slave", Ct);
        await Clusters.RemoveClusterAsync(_name, Waiting, Ct);
        await NothingIsLeftAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> ask)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await ask())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Lab.Patience, "Waited in vain.");
            await Task.Delay(TimeSpan.FromSeconds(0.5), Ct);
        }
    }

    private async Task ConfigurationNamesAsync(IReadOnlyList<ClusterNode> servers, IReadOnlyList<ClusterNode> slaves)
    {
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            var text = (await Clusters.GetConfigurationAsync(_name, role, expanded: true, Ct)).Text;
            Assert.Contains($"\nMODE = {(role == NodeRole.Server ? "SERVER" : "SLAVE")}\n", text, StringComparison.Ordinal);
            Assert.Equal(role == NodeRole.Server, text.Contains("[K2HDKC]", StringComparison.Ordinal));
            Assert.Equal(Sections(servers), Sections(text, "SVRNODE"));
            Assert.Equal(Sections(slaves), Sections(text, "SLVNODE"));
        }
    }

    private static IEnumerable<string> Sections(IEnumerable<ClusterNode> nodes) =>
        nodes.Select(n => $"{n.IPAddress} {n.Id} {n.Name}.novalocal").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sections(string text, string section) =>
        text.Split("\n[").Where(s => s.StartsWith(section, StringComparison.Ordinal))
            .Select(s => s.Split('\n').Where(l => l.Contains(" = ", StringComparison.Ordinal)).Select(l => l.Split(" = ", 2))
                .ToDictionary(p => p[0], p => p[1]))
            .Select(p => $"{p["NAME"]} {p["CUK"]} {p["CUSTOM_ID_SEED"]}").Order(StringComparer.Ordinal);

    private async Task NothingIsLeftAsync()
    {
        var k2hr3 = await Session.GetK2hr3Async(Ct);
        foreach (var kind in new[] { ListKind.Resource, ListKind.Policy, ListKind.Role })
            Assert.DoesNotContain(_name, (await k2hr3.Lists.GetAsync(kind, null, true, Ct)).Select(t => t.Name));
        Assert.Empty(await Session.Feature<ICloudCatalog>().GetSecurityGroupsAsync(_name + "*", Ct).ToListAsync(Ct));
        using var behind = lab.Behind();
        Assert.DoesNotContain(await behind.Compute.Servers.ListAsync(null, Ct).ToListAsync(Ct),
            s => s.Name.StartsWith(_name, StringComparison.Ordinal));
    }
}
