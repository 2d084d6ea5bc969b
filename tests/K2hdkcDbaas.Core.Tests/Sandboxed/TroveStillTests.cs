using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>A Trove whose tasks do not end, since its time stands still.</summary>
public class TroveStillTests : SandboxedTest
{
    private static readonly NewCluster Bulk =
        new("demo") { ServerCount = 2, Nodes = new NodeTemplate { Flavor = SandboxNames.Flavor, VolumeSize = 1 } };

    private IClusterBackend Trove => Session.GetBackend("Trove");

    private FlowOptions Impatient => Waiting with { Timeout = TimeSpan.Zero };

    private protected override SandboxOptions Options => new() { Speed = 0 };

    [Fact]
    public async Task A_task_that_does_not_end_names_the_way_to_free_it_and_takes_nothing_back()
    {
        var e = await Assert.ThrowsAsync<FlowException>(() => Trove.CreateClusterAsync(Bulk, Impatient, CancellationToken.None));
        Assert.Equal((ErrorIds.TaskStuck, 0), (e.ErrorId, e.Undone.Count));
        Assert.Contains($"Reset-K2hdkcClusterStatus {Assert.Single(e.Left, i => i.Kind == "cluster").Id}", e.NextStep,
            StringComparison.Ordinal);
        var cluster = await Trove.GetClusterAsync("demo", CancellationToken.None);
        Assert.Equal((ClusterStatus.Creating, "BUILDING"), (cluster.Status, cluster.StatusDetail));
    }

    [Fact]
    public async Task Single_nodes_that_are_built_make_a_cluster_that_is_being_created()
    {
        var e = await Assert.ThrowsAsync<FlowException>(
            () => Trove.CreateClusterAsync(Bulk with { NodeByNode = true }, Impatient, CancellationToken.None));
        Assert.Equal(ErrorIds.TaskStuck, e.ErrorId);
        Assert.Contains("Reset-K2hdkcClusterStatus", e.NextStep, StringComparison.Ordinal);
        var cluster = await Trove.GetClusterAsync("demo", CancellationToken.None);
        Assert.Equal((ClusterStatus.Creating, "2 of 2 nodes BUILD"), (cluster.Status, cluster.StatusDetail));
    }

    [Fact]
    public async Task What_does_not_go_is_named_after_one_time_out_for_all()
    {
        await Trove.CreateClusterAsync(Bulk with { NodeByNode = true }, Quietly, CancellationToken.None);
        await Sandbox.AdvanceAsync(TimeSpan.FromSeconds(5));
        var e = await Assert.ThrowsAsync<FlowException>(() => Trove.RemoveClusterAsync("demo", Impatient, CancellationToken.None));
        Assert.Equal(ErrorIds.RemoveWaitTimeout, e.ErrorId);
        Assert.Contains("demo-server-1", e.Message, StringComparison.Ordinal);
        Assert.Contains("demo-server-2", e.Message, StringComparison.Ordinal);
    }
}
