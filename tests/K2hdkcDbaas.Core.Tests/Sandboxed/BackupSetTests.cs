using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>What makes a set whole, and what is done where it is not.</summary>
public class BackupSetTests : SandboxedTest
{
    [Theory]
    [InlineData("Nova")]
    [InlineData("Trove")]
    public async Task A_set_has_a_name_of_its_own_and_knows_its_size(string kind)
    {
        var backend = await MakeAsync(kind, "demo", 2);
        await MakeAsync(kind, "other", 1);
        var part = Assert.Single(
            await backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo") { Set = "night", Nodes = ["demo-server-2"] },
                Waiting, CancellationToken.None));
        Assert.Equal(("demo-server-2", 2), (part.Node, part.SetSize));
        // Another cluster may have one of the name.
        var whole = await backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("other") { Set = "night" }, Waiting,
            CancellationToken.None);
        Assert.Equal(1, whole[0].SetSize);

        await RefusedAsync(ErrorIds.BackupSetExists,
            () => backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo") { Set = "night" }, Waiting, CancellationToken.None));
        await RefusedAsync(ErrorIds.BackupSetIncomplete,
            () => backend.Feature<IBackupBackend>()!.RestoreClusterAsync(Request("back", 0), [part], Waiting, CancellationToken.None));
        var both = await backend.Feature<IBackupBackend>()!.GetBackupsAsync(null, "night", CancellationToken.None).ToListAsync();
        Assert.Equal(2, both.Count);
        await RefusedAsync(ErrorIds.InvalidRequest,
            () => backend.Feature<IBackupBackend>()!.RestoreClusterAsync(Request("back", 0), both, Waiting with { Force = true },
                CancellationToken.None));
        await RefusedAsync(ErrorIds.InvalidRequest,
            () => backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo") { Set = "noon", Description = new string('x', 256) },
                Waiting, CancellationToken.None));

        var restored = await backend.Feature<IBackupBackend>()!.RestoreClusterAsync(Request("back", 0), [part, part],
            Waiting with { Force = true }, CancellationToken.None);
        Assert.Equal(1, restored.ServerCount);
    }

    [Theory]
    [InlineData("Nova", "nova", "*/action")]
    [InlineData("Trove", "trove", "*/backups")]
    public async Task Half_a_set_is_taken_back_also_when_an_answer_was_lost(string kind, string service, string path)
    {
        var backend = await MakeAsync(kind, "demo", 2);
        Sandbox.Faults.Add(
            new() { Service = service, Method = "POST", Path = path, Action = FaultAction.Garbage, AfterWork = true, Skip = 1 });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo") { Set = "night" }, Waiting, CancellationToken.None));
        Assert.DoesNotContain("Left:", e.Message, StringComparison.Ordinal);
        Assert.All(await backend.Feature<IBackupBackend>()!.GetBackupsAsync(null, null, CancellationToken.None).ToListAsync(),
            b => Assert.Equal("DELETING", b.Status));
    }

    [Fact]
    public async Task The_images_are_awaited_in_any_case_and_merges_held_off_by_a_membership_of_its_own()
    {
        await MakeAsync("Nova", "demo", 2);
        await Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, Small), Waiting, CancellationToken.None);
        // This host has just left the role, and the nodes have not noticed yet.
        await using (await DataConnection.OpenAsync(new ClusterRing(Session, Backend, "demo"),
            new DataConnectionOptions { Register = true }, Observer, CancellationToken.None))
        {
        }

        Sandbox.Calls.Clear();
        var set = await Backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Quietly, CancellationToken.None);
        Assert.All(set, b => Assert.True(b.Usable));
        Assert.Equal(["PUT", "DELETE"],
            Sandbox.Calls.All.Where(
                c => c is { IsChange: true, Service: "k2hr3" } && c.Path.Contains("role/demo/slave", StringComparison.Ordinal))
                .Select(c => c.Method == "POST" ? "PUT" : c.Method));
        Assert.DoesNotContain(Observer.Lines, l => l.StartsWith("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_whose_server_is_gone_is_not_passed_over()
    {
        await MakeAsync("Nova", "demo", 2);
        using var cloud = Cloud();
        var gone = await Backend.GetNodesAsync("demo", null, "demo-server-2", CancellationToken.None).FirstAsync();
        await cloud.Compute.Servers.DeleteAsync(gone.Id!, CancellationToken.None);
        while (await cloud.Compute.Servers.ListAsync(null, CancellationToken.None).AnyAsync(s => s.Id == gone.Id)) await Task.Delay(50);

        var e = await RefusedAsync(ErrorIds.ClusterIncomplete,
            () => Backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Waiting, CancellationToken.None));
        Assert.Contains("demo-server-2", e.Message, StringComparison.Ordinal);
        var rest = Assert.Single(
            await Backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Waiting with { Force = true },
                CancellationToken.None));
        Assert.Equal(("demo-server-1", 2), (rest.Node, rest.SetSize));
        Assert.Contains(Observer.Lines, l => l.StartsWith("WARNING: The servers of demo-server-2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_hold_nothing_is_imaged_unless_forced()
    {
        await MakeAsync("Nova", "demo", 1);
        await using var session =
            await ConnectAsync(
                new SessionOptions { Cloud = "sandbox", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() },
                rings: new NoRings());
        await RefusedAsync(ErrorIds.DataAtRisk,
            () => session.Clusters.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Waiting, CancellationToken.None));
        Assert.True(Assert.Single(
            await session.Clusters.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Waiting with { Force = true },
                CancellationToken.None)).Usable);
        Assert.Contains(Observer.Lines, l => l.StartsWith("WARNING: Merges could not be held off", StringComparison.Ordinal));
        // With nothing to let go there is nothing to wait for.
        Assert.False(Assert.Single(
            await session.Clusters.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo") { Set = "at-once" },
                Quietly with { Force = true }, CancellationToken.None)).Usable);
    }

    [Fact]
    public async Task An_image_of_a_restored_server_is_no_member_of_the_old_set()
    {
        var backend = await MakeAsync("Nova", "demo", 1);
        var set = await backend.Feature<IBackupBackend>()!.BackupAsync(
            new NewBackup("demo") { Set = "night", Description = "the old note" }, Waiting, CancellationToken.None);
        var restored = await backend.Feature<IBackupBackend>()!.RestoreClusterAsync(Request("back", 0), set, Waiting,
            CancellationToken.None);

        using var cloud = Cloud();
        var plain = await cloud.Compute.Servers.CreateImageAsync(restored.Nodes[0].Id!, "mine", new Dictionary<string, string>(),
            CancellationToken.None);
        Assert.Equal("night", (await cloud.Image.GetAsync(plain, CancellationToken.None)).Property("k2hdkc_backup_set"));
        Assert.Equal(set[0].Id,
            Assert.Single(await backend.Feature<IBackupBackend>()!.GetBackupsAsync(null, null, CancellationToken.None).ToListAsync()).Id);

        while ((await cloud.Image.GetAsync(plain, CancellationToken.None)).Status != "active") await Task.Delay(50);
        var fresh = Assert.Single(
            await backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("back") { Set = "noon" }, Waiting, CancellationToken.None));
        Assert.Equal(("noon", "back", null), (fresh.SetName, fresh.Cluster, fresh.Description));
    }

    [Fact]
    public async Task What_a_set_tells_of_its_cluster()
    {
        var request = Request("demo", 1) with
        {
            RunUser = "k2hdkc",
            CreateUser = true,
            NoSecurityGroup = true,
            Ports = new ClusterPorts { SlaveControl = 9031 }
        };
        await Backend.CreateClusterAsync(request, Waiting, CancellationToken.None);
        var backup = Assert.Single(
            await Backend.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo"), Waiting, CancellationToken.None));
        Assert.Equal((request.Ports, "k2hdkc", true, true), (backup.Ports, backup.RunUser, backup.CreateUser, backup.NoSecurityGroup));
    }

    [Fact]
    public async Task A_Trove_cluster_gets_its_group_and_its_volumes_back()
    {
        var trove = Session.GetBackend("Trove");
        var group = await Session.Feature<IConfigurationGroups>()
            .CreateAsync("mine",
                new Dictionary<string, object?>
                {
                    ["cluster-name"] = "demo",
                    ["chmpx-server-port"] = 9020L,
                    ["chmpx-server-ctlport"] = 9021L
                }, null, null, CancellationToken.None);
        var ports = new ClusterPorts { Server = 9020, ServerControl = 9021 };
        var request = new NewCluster("demo")
        {
            ServerCount = 1,
            NodeByNode = true,
            ConfigurationGroup = new Reference("mine"),
            Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 3 }
        };
        await trove.CreateClusterAsync(request, Waiting, CancellationToken.None);
        var set = await trove.Feature<IBackupBackend>()!.BackupAsync(new NewBackup("demo") { Set = "night" },
            Waiting, CancellationToken.None);
        Assert.Equal((group.Id, ports, 3), (set[0].ConfigurationGroupId, set[0].Ports, set[0].VolumeSize));
        await trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);

        var again = new NewCluster("demo") { Ports = ports, Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor } };
        Assert.Equal(group.Id,
            (await trove.Feature<IBackupBackend>()!.RestoreClusterAsync(again, set, Waiting, CancellationToken.None)).ConfigurationGroupId);
        using var cloud = Cloud();
        Assert.Equal(3, (await cloud.Database.Instances.ListAsync(CancellationToken.None).SingleAsync()).Volume!.Size);
        await RefusedAsync(ErrorIds.InvalidRequest,
            () => trove.Feature<IBackupBackend>()!.RestoreClusterAsync(again with { Nodes = again.Nodes! with { VolumeSize = 2 } },
                [set[0] with { Size = 5L << 29 }], Waiting, CancellationToken.None));

        await trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        await Session.Feature<IConfigurationGroups>().RemoveAsync("mine", CancellationToken.None);
        var remade = await trove.Feature<IBackupBackend>()!.RestoreClusterAsync(again,
            [set[0] with { Settings = new Dictionary<string, string> { ["chmpx-slave-ctlport"] = "9999", ["cluster-name"] = "other" } }],
            Waiting, CancellationToken.None);
        var values = (await Session.Feature<IConfigurationGroups>().GetAsync(remade.ConfigurationGroupId!, CancellationToken.None)
            .SingleAsync()).Values;
        Assert.Equal(("demo", 9020L, 9021L, 8031L),
            (values["cluster-name"], values["chmpx-server-port"], values["chmpx-server-ctlport"], values["chmpx-slave-ctlport"]));
    }

    [Fact]
    public async Task A_Trove_node_that_is_not_ready_stops_the_set_before_it_begins()
    {
        var trove = await MakeAsync("Trove", "demo", 2);
        var (first, second) = (new NewBackup("demo") { Set = "one", Nodes = ["demo-server-2"] }, new NewBackup("demo") { Set = "all" });
        await trove.Feature<IBackupBackend>()!.BackupAsync(first, Quietly, CancellationToken.None);
        var e = await RefusedAsync("Conflict", () => trove.Feature<IBackupBackend>()!.BackupAsync(second, Waiting, CancellationToken.None));
        Assert.Equal("demo-server-2", e.Target);
    }

    private static NewCluster Request(string name, int servers) => new(name) { ServerCount = servers, NodeByNode = true, Nodes = Small };

    private async Task<IClusterBackend> MakeAsync(string kind, string name, int servers)
    {
        var backend = Session.GetBackend(kind);
        await backend.CreateClusterAsync(Request(name, servers), Waiting, CancellationToken.None);
        return backend;
    }

    // Refused, and nothing was changed.
    private async Task<DbaasException> RefusedAsync(string errorId, Func<Task> action)
    {
        Sandbox.Calls.Clear();
        var e = await Assert.ThrowsAnyAsync<DbaasException>(action);
        Assert.Equal(errorId, e.ErrorId);
        Assert.DoesNotContain(Sandbox.Calls.All, c => c is { IsChange: true, Service: "nova" or "trove" or "glance" });
        return e;
    }

    private OpenStackConnection Cloud() => new(new CloudSettings
    {
        AuthUrl = Sandbox.AuthUrl,
        Credential = new PasswordCredential { UserName = "demo", DomainId = "default", Password = Sandbox.Password },
        Scope = new ProjectScope { ProjectName = "demo", DomainId = "default" },
    });

    /// <summary>Rings that nobody reaches.</summary>
    private sealed class NoRings : IRingControl
    {
        public Task LeaveAsync(RingMembers ring, ClusterNode node, FlowOptions options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IMergeHold> HoldMergesAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken) =>
            throw new DbaasException(ErrorKind.Unreachable, "ControlPortFailed", "No port answers.", null);
    }
}
