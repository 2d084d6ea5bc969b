using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>What is left in Trove when something fails, or an answer never comes.</summary>
public class TroveFailureTests : SandboxedTest
{
    private static readonly NewCluster Bulk =
        new("demo") { ServerCount = 2, Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 1 } };
    private static readonly NewCluster Singles = Bulk with { ServerCount = 3, NodeByNode = true };

    private IClusterBackend Trove => Session.GetBackend("Trove");

    private protected override SandboxOptions Options =>
        base.Options with { GuestFaults = [new GuestFault("broken*", GuestFaultKind.NoBoot)] };

    [Fact]
    public async Task Nodes_that_are_still_built_are_awaited_and_taken_back_with_their_group()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "trove",
                Method = "POST",
                Path = "*/instances",
                Skip = 2,
                Status = 413,
                Message = "Quota exceeded for resources: ['instances']."
            });
        var e = await Assert.ThrowsAsync<FlowException>(() => Trove.CreateClusterAsync(Singles, Quietly, CancellationToken.None));
        Assert.Equal((ErrorKind.QuotaExceeded, 3), (e.Kind, e.Undone.Count));
        Assert.Empty(e.Left);
        await NothingIsInTroveAsync();
    }

    [Theory]
    [InlineData("*/configurations", false)]
    [InlineData("*/instances", true)]
    [InlineData("*/clusters", false)]
    public async Task What_was_made_though_no_answer_came_is_found_and_taken_back(string path, bool nodeByNode)
    {
        Sandbox.Faults.Add(new FaultRule { Service = "trove", Method = "POST", Path = path, Action = FaultAction.Cut, AfterWork = true });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => Trove.CreateClusterAsync(nodeByNode ? Singles : Bulk, Quietly, CancellationToken.None));
        Assert.Equal(ErrorKind.Unreachable, e.Kind);
        await NothingIsInTroveAsync();
    }

    [Fact]
    public async Task A_cluster_with_a_node_that_failed_is_left_with_the_way_to_free_it()
    {
        var e = await Assert.ThrowsAsync<FlowException>(
            () => Trove.CreateClusterAsync(Bulk with { Name = "broken" }, Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.NodeFailed, e.ErrorId);
        Assert.Contains("Polling request timed out", e.Message, StringComparison.Ordinal);
        var left = Assert.Single(e.Left, i => i.Kind == "cluster");
        Assert.Contains(e.Left, i => i.Kind == "configuration group");
        var stuck = Assert.IsType<DbaasException>(Assert.Single(e.UndoErrors, f => f is DbaasException { ErrorId: ErrorIds.TaskStuck }));
        Assert.Contains("BUILDING", stuck.Message, StringComparison.Ordinal);
        Assert.Contains($"Reset-K2hdkcClusterStatus {left.Id}", stuck.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_growth_without_an_answer_is_taken_back()
    {
        var before = await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        Sandbox.Faults.Add(
            new FaultRule { Service = "trove", Method = "POST", Path = "*/clusters/*", Action = FaultAction.Cut, AfterWork = true });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(
            () => Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Count = 2 }, Quietly,
                CancellationToken.None));
        Assert.Equal(ErrorKind.Unreachable, e.Kind);
        var after = await Trove.GetClusterAsync("demo", CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, after.Status);
        Assert.Equal(before.Nodes.Select(n => n.Id).Order(), after.Nodes.Select(n => n.Id).Order());
    }

    [Fact]
    public async Task A_growth_that_failed_is_not_said_to_be_taken_back()
    {
        await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        var e = await Assert.ThrowsAsync<FlowException>(
            () => Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Names = ["broken"] },
                Waiting, CancellationToken.None));
        Assert.Equal((ErrorIds.NodeFailed, 0), (e.ErrorId, e.Undone.Count));
        Assert.Contains("broken", Assert.Single(e.Left).Name, StringComparison.Ordinal);
        Assert.Contains("GROWING_CLUSTER", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_is_not_grown_beyond_the_quota_since_Trove_would_leave_it_growing()
    {
        await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        Sandbox.SetQuota("demo", "trove", "instances", 3);
        Sandbox.Calls.Clear();
        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()) { Count = 2 }, Quietly,
                CancellationToken.None));
        Assert.Equal((ErrorKind.QuotaExceeded, "instances"), (e.Kind, e.Target));
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.IsChange);
        Assert.Equal(ClusterStatus.Ready, (await Trove.GetClusterAsync("demo", CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Where_quotas_are_not_shown_a_cluster_grows_all_the_same()
    {
        await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "trove",
                Method = "GET",
                Path = "*/mgmt/quotas/*",
                Status = 401,
                Message = "User does not have admin privileges."
            });
        Assert.Single(await Trove.AddNodesAsync(new NewNodes("demo", NodeRole.Server, new NodeTemplate()), Waiting,
            CancellationToken.None));
    }

    [Fact]
    public async Task A_cluster_at_work_keeps_its_slaves_when_Trove_will_not_remove_it()
    {
        await Trove.CreateClusterAsync(Bulk with { SlaveCount = 1, Slaves = Small }, Waiting, CancellationToken.None);
        await Session.Feature<IServiceOperations>().RestartAsync("demo", null, Quietly, CancellationToken.None);
        Sandbox.Calls.Clear();
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None));
        Assert.Equal(ErrorKind.Conflict, e.Kind);
        Assert.DoesNotContain(Sandbox.Calls.All, c => c is { IsChange: true, Service: "nova" or "k2hr3", Method: "DELETE" });
    }

    [Fact]
    public async Task A_cluster_is_removed_while_K2HR3_is_down_and_its_slaves_when_it_is_up_again()
    {
        await Trove.CreateClusterAsync(Bulk with { SlaveCount = 1, Slaves = Small }, Waiting, CancellationToken.None);
        Sandbox.Faults.Add(new FaultRule { Service = "k2hr3", Count = null, Status = 503 });
        var removed = await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None);
        Assert.Equal(["cluster", "configuration group"], removed.Select(r => r.Kind));
        Assert.Contains(Observer.Lines, l => l.StartsWith("WARNING: Whether 'demo' has slaves", StringComparison.Ordinal));
        Sandbox.Faults.Clear();
        Assert.Contains(await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None), r => r.Kind == "server");
        await NothingIsLeftAsync();
        var gone = await Assert.ThrowsAsync<DbaasException>(() => Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotFound, gone.ErrorId);
    }

    [Fact]
    public async Task A_group_that_others_use_outlives_its_cluster()
    {
        await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        Sandbox.Faults.Add(new FaultRule
        {
            Service = "trove",
            Method = "DELETE",
            Path = "*/configurations/*",
            Status = 400,
            Message = "A configuration group cannot be deleted if it is associated with one or more non-terminated instances. Detach the "
                + "configuration group from all non-terminated instances and please try again.",
        });
        Assert.Equal(["cluster"], (await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None)).Select(r => r.Kind));
        Assert.Contains(Observer.Lines, l => l.StartsWith("WARNING: The configuration group 'demo'", StringComparison.Ordinal));
        // Once it is free, the same command finishes.
        Assert.Equal(["configuration group"],
            (await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None)).Select(r => r.Kind));
        await NothingIsInTroveAsync();
    }

    [Fact]
    public async Task A_removal_that_breaks_off_says_how_far_it_came_and_finishes_when_run_again()
    {
        await Trove.CreateClusterAsync(Bulk, Waiting, CancellationToken.None);
        Sandbox.Faults.Add(new FaultRule { Service = "trove", Method = "DELETE", Path = "*/configurations/*", Status = 403 });
        var e = await Assert.ThrowsAsync<FlowException>(() => Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None));
        Assert.Contains("Removed so far: cluster demo", e.Message, StringComparison.Ordinal);
        Assert.Single(await Trove.RemoveClusterAsync("demo", Waiting, CancellationToken.None));
        await NothingIsInTroveAsync();
    }

    private async Task NothingIsInTroveAsync()
    {
        using var cloud = new OpenStackConnection(new CloudSettings
        {
            AuthUrl = Sandbox.AuthUrl,
            Credential = new PasswordCredential { UserName = "demo", DomainId = "default", Password = Sandbox.Password },
            Scope = new ProjectScope { ProjectName = "demo", DomainId = "default" },
        });
        Assert.Empty(await cloud.Database.Configurations.ListAsync(CancellationToken.None).ToListAsync());
        Assert.Empty(await cloud.Database.Clusters.ListAsync(CancellationToken.None).ToListAsync());
        Assert.Empty(await cloud.Database.Instances.ListAsync(CancellationToken.None).ToListAsync());
    }
}
