using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.OpenStackLife.Tests;

/// <summary>Clusters that Trove runs (type 2) on the real cloud, looked at with Trove's own client too.</summary>
public sealed class TroveLifeTests(Lab lab) : IAsyncLifetime
{
    private readonly string _name = Lab.NewName();
    private IDbaasSession? _session;
    private NodeTemplate _nodes = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static FlowOptions Waiting => new() { Wait = true, Timeout = Lab.Patience };

    private IDbaasSession Session => _session!;

    private IClusterBackend Clusters => Session.GetBackend("Trove");

    private IBackupBackend Backups => Clusters.Feature<IBackupBackend>()!;

    public async ValueTask InitializeAsync()
    {
        _session = await lab.ConnectAsync();
        if (Lab.Variable("TROVE") != "1") Assert.Skip("K2HDKCDBAAS_TEST_TROVE is not 1");
        _nodes = await Lab.NodesAsync(_session);
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is null) return;
        foreach (var name in new[] { _name, _name + "-back" })
        {
            try
            {
                await Clusters.RemoveClusterAsync(name, Waiting, CancellationToken.None);
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
            {
                // As it should be.
            }
        }
        await _session.DisposeAsync();
    }

    [Fact]
    public async Task GrowsShrinksAndGoes()
    {
        var made = await Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 2, Nodes = _nodes }, Waiting, Ct);
        Assert.Equal((ClusterStatus.Ready, 2), (made.Status, made.Nodes.Count));
        Assert.All(made.Nodes, n => Assert.True(n.Registered, n.ToString()));
        Assert.Equal(2, await ShownAsync(made.Id!));

        var again = await Assert.ThrowsAnyAsync<DbaasException>(
            () => Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 2, Nodes = _nodes }, Waiting, Ct));
        Assert.Equal(ErrorIds.ClusterExists, again.ErrorId);

        var added = await Clusters.AddNodesAsync(new NewNodes(_name, NodeRole.Server, _nodes) { Count = 2 }, Waiting, Ct);
        Assert.Equal(2, added.Count);
        Assert.Equal(4, await ShownAsync(made.Id!));

        await Clusters.RemoveNodeAsync(_name, null, added[0].Name, Waiting with { Force = true }, Ct);
        Assert.Equal(3, await ShownAsync(made.Id!));
        Assert.DoesNotContain(added[0].Id, (await Clusters.GetClusterAsync(_name, Ct)).Nodes.Select(n => n.Id));
        var stranger = await Assert.ThrowsAnyAsync<DbaasException>(
            () => Clusters.RemoveNodeAsync(_name, null, Guid.NewGuid().ToString(), Waiting, Ct));
        Assert.Equal(ErrorIds.NodeNotFound, stranger.ErrorId);

        await Clusters.RemoveClusterAsync(_name, Waiting, Ct);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task PutsTheConfigurationOffAndOn()
    {
        var made = await Clusters.CreateClusterAsync(
            new NewCluster(_name) { ServerCount = 1, Nodes = _nodes, Ports = new ClusterPorts { Server = 18020 } }, Waiting, Ct);
        Assert.Equal(18020, made.Ports.Server);
        await Session.Feature<IServiceOperations>().DetachConfigurationAsync(_name, null, Waiting, Ct);
        Assert.Null((await Clusters.GetClusterAsync(_name, Ct)).ConfigurationGroupId);
        await Session.Feature<IServiceOperations>().AttachConfigurationAsync(_name, null, made.ConfigurationGroupId!, Waiting, Ct);
        Assert.Equal(made.ConfigurationGroupId, (await Clusters.GetClusterAsync(_name, Ct)).ConfigurationGroupId);

        var refused = await Assert.ThrowsAnyAsync<DbaasException>(
            () => Session.Feature<IConfigurationGroups>()
                .SetAsync(made.ConfigurationGroupId!, new Dictionary<string, object?> { ["chmpx-server-port"] = 1L }, false, Ct));
        Assert.Equal(ErrorIds.InvalidConfigurationValue, refused.ErrorId);
    }

    [Fact]
    public async Task ComesBackFromItsBackups()
    {
        var made = await Clusters.CreateClusterAsync(new NewCluster(_name) { ServerCount = 2, NodeByNode = true, Nodes = _nodes }, Waiting,
            Ct);
        Assert.Equal([$"{_name}-server-1", $"{_name}-server-2"], made.Nodes.Select(n => n.Name));
        var added = Assert.Single(await Clusters.AddNodesAsync(new NewNodes(_name, NodeRole.Server, _nodes), Waiting, Ct));
        await Clusters.RemoveNodeAsync(_name, null, added.Name, Waiting with { Force = true }, Ct);
        var set = await Backups.BackupAsync(new NewBackup(_name), Waiting, Ct);
        try
        {
            Assert.Equal(made.Nodes.Select(n => n.Id).Order(), set.Select(b => b.NodeId).Order());
            Assert.All(set, b => Assert.True(b.Usable, b.Status));
            var listed = await Backups.GetBackupsAsync(_name, set[0].SetName, Ct).ToListAsync(Ct);
            Assert.Equal(set.Select(b => b.Id).Order(), listed.Select(b => b.Id).Order());
            await Clusters.RemoveClusterAsync(_name, Waiting, Ct);

            var back = await Backups.RestoreClusterAsync(new NewCluster(_name + "-back") { Nodes = _nodes }, set, Waiting, Ct);
            Assert.Equal(2, back.Nodes.Count);
            Assert.All(back.Nodes, n => Assert.True(n.Registered, n.ToString()));
            Assert.Equal(_name + "-back", Assert.Single(await Clusters.GetClustersAsync(_name + "*", Ct).ToListAsync(Ct)).Name);
            await Clusters.RemoveClusterAsync(_name + "-back", Waiting, Ct);
        }
        finally
        {
            foreach (var backup in set) await Backups.RemoveBackupAsync(backup, Waiting, CancellationToken.None);
        }
        Assert.Empty(await Backups.GetBackupsAsync(_name, null, Ct).ToListAsync(Ct));
        await NothingIsLeftAsync();
    }

    // How many instances Trove's own client counts.
    private static async Task<int> ShownAsync(string id)
    {
        if (!TroveTool.IsThere) Assert.Skip("Trove's own client (openstack database) is not on the PATH.");
        return (await TroveTool.RunAsync("cluster", "list", "instances", id, "-f", "json"))!.AsArray().Count;
    }

    private async Task NothingIsLeftAsync()
    {
        Assert.Empty(await Clusters.GetClustersAsync(_name + "*", Ct).ToListAsync(Ct));
        Assert.Empty(await Session.Feature<IConfigurationGroups>().GetAsync(_name + "*", Ct).ToListAsync(Ct));
        using var behind = lab.Behind();
        Assert.DoesNotContain(await behind.Database.Instances.ListAsync(Ct).ToListAsync(Ct),
            i => i.Name.StartsWith(_name, StringComparison.Ordinal));
    }
}
