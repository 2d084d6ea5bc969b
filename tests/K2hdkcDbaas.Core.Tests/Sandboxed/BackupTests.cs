using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class BackupTests : SandboxedTest
{
    [Theory]
    [InlineData("Nova")]
    [InlineData("Trove")]
    public async Task A_cluster_comes_back_from_its_set(string kind)
    {
        var backend = Session.GetBackend(kind);
        var request = new NewCluster("demo")
        {
            ServerCount = 2,
            NodeByNode = true,
            Nodes = kind == "Trove" ? new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 1 } : Small
        };
        await backend.CreateClusterAsync(request, Waiting, CancellationToken.None);

        var set = await backend.Feature<IBackupBackend>()!.BackupAsync(
            new NewBackup("demo") { Set = "night-1", Description = "before | the change" }, Waiting, CancellationToken.None);
        Assert.Equal(2, set.Count);
        Assert.All(set,
            b => Assert.Equal(("night-1", "demo", true, "before | the change"), (b.SetName, b.Cluster, b.Usable, b.Description)));
        await backend.RemoveClusterAsync("demo", Waiting, CancellationToken.None);

        var found = await backend.Feature<IBackupBackend>()!.GetBackupsAsync("demo", "night-*", CancellationToken.None).ToListAsync();
        Assert.Equal(set.Select(b => b.Id).Order(), found.Select(b => b.Id).Order());

        var restored = await backend.Feature<IBackupBackend>()!.RestoreClusterAsync(request, found, Waiting, CancellationToken.None);
        Assert.Equal(2, restored.ServerCount);
        Assert.All(restored.Nodes, n => Assert.True(n.Registered));
        if (kind == "Nova")
        {
            var images = await backend.GetNodesAsync("demo", null, null, CancellationToken.None).Select(n => n.Image).ToListAsync();
            Assert.Equal(set.Select(b => b.Id).Order(), images.Order());
        }

        foreach (var backup in found) await backend.Feature<IBackupBackend>()!.RemoveBackupAsync(backup, Quietly, CancellationToken.None);
        Assert.Empty(await backend.Feature<IBackupBackend>()!.GetBackupsAsync(null, null, CancellationToken.None).Where(b => b.Usable)
            .ToListAsync());
    }

    [Fact]
    public async Task Members_of_Troves_own_clusters_are_not_backed_up()
    {
        var trove = Session.GetBackend("Trove");
        await trove.CreateClusterAsync(
            new NewCluster("demo") { ServerCount = 1, Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 1 } }, Waiting,
            CancellationToken.None);
        Sandbox.Calls.Clear();
        var refused = await Assert.ThrowsAsync<DbaasException>(
            () => trove.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Waiting, CancellationToken.None));
        Assert.Equal((ErrorKind.NotSupported, ErrorIds.BackendNotSupported), (refused.Kind, refused.ErrorId));
        Assert.Contains("-NodeByNode", refused.NextStep, StringComparison.Ordinal);
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.IsChange);
    }

    [Fact]
    public async Task What_cannot_be_backed_up_or_restored_says_so()
    {
        var missing = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("nosuch"), Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotFound, missing.ErrorId);
        var half = new Backup { Id = "x", Name = "x", Backend = "Nova", Status = "saving" };
        var unusable = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.Feature<IBackupBackend>()!.RestoreNodeAsync("demo", half, null, Small, Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.BackupUnusable, unusable.ErrorId);
    }
}
