using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>A cluster's status is that of the whole, and the machines of its nodes are started and stopped.</summary>
public class WholeStatusTests : SandboxedTest
{
    private INodeMachines Machines => Session.Feature<INodeMachines>();

    private protected override SandboxOptions Options => new()
    {
        Speed = 10,
        GuestFaults = [new("demo-server-2", GuestFaultKind.NoHost), new("lost-server-1", GuestFaultKind.NoHost),
            new("mute-server-1", GuestFaultKind.NoNetwork)],
    };

    [Fact]
    public async Task Nodes_that_are_built_or_silent_make_it_creating_and_the_one_that_fails_degraded()
    {
        await Backend.CreateClusterAsync(new NewCluster("mute") { ServerCount = 1, Nodes = Small }, Quietly, CancellationToken.None);
        var building = await ReadAsync("mute");
        Assert.Equal((ClusterStatus.Creating, 1, 0), (building.Status, building.ServerCount, building.RegisteredCount));
        await UntilAsync("mute", c => c.RunningCount == 1);
        var silent = await ReadAsync("mute");
        Assert.Equal((ClusterStatus.Creating, "1 of 1 nodes not registered yet"), (silent.Status, silent.StatusDetail));

        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 3, SlaveCount = 1, Nodes = Small }, Quietly,
            CancellationToken.None);
        await UntilAsync("demo", c => c.RegisteredCount == 3);
        var degraded = await ReadAsync("demo");
        Assert.Equal((ClusterStatus.Degraded, 3, 1, 3),
            (degraded.Status, degraded.ServerCount, degraded.SlaveCount, degraded.RunningCount));
        Assert.StartsWith("demo-server-2 ERROR: No valid host", degraded.StatusDetail, StringComparison.Ordinal);
        Assert.Equal(["demo-server-1", "demo-server-2", "demo-server-3", "demo-slave-1"], degraded.Nodes.Select(n => n.Name));
    }

    [Fact]
    public async Task A_cluster_whose_only_node_is_in_error_has_failed_and_says_why()
    {
        await Backend.CreateClusterAsync(new NewCluster("lost") { ServerCount = 1, Nodes = Small }, Quietly, CancellationToken.None);
        await UntilAsync("lost", c => c.Status == ClusterStatus.Failed);
        var failed = await ReadAsync("lost");
        Assert.Equal((1, 0, 0), (failed.ServerCount, failed.RunningCount, failed.RegisteredCount));
        Assert.Contains("lost-server-1 ERROR", failed.StatusDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_node_degrades_it_and_a_started_one_makes_it_ready_again()
    {
        var made = await Backend.CreateClusterAsync(new NewCluster("two") { ServerCount = 2, Nodes = Small },
            Waiting, CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, made.Status);
        await Machines.StopAsync("two", "two-server-1", Waiting, CancellationToken.None);
        var stopped = await ReadAsync("two");
        Assert.Equal((ClusterStatus.Degraded, "two-server-1 SHUTOFF", 1, 2),
            (stopped.Status, stopped.StatusDetail, stopped.RunningCount, stopped.RegisteredCount));
        // Stopping what is stopped is no error.
        await Machines.StopAsync("two", "two-server-1", Waiting, CancellationToken.None);
        await Machines.StartAsync("two", "two-server-1", Waiting, CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, (await ReadAsync("two")).Status);
        await Machines.RestartAsync("two", made.Nodes[1].Id!, Waiting with { Force = true }, CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, (await ReadAsync("two")).Status);
        Assert.NotEmpty(await Machines.GetConsoleAsync("two", "two-server-2", 5, CancellationToken.None));

        var e = await Assert.ThrowsAsync<DbaasException>(() => Machines.StopAsync("two", "nobody", Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.NodeNotFound, e.ErrorId);
        e = await Assert.ThrowsAsync<DbaasException>(() => Machines.StopAsync("none", "nobody", Quietly, CancellationToken.None));
        Assert.Equal(ErrorIds.ClusterNotFound, e.ErrorId);
    }

    [Fact]
    public async Task A_client_that_registered_itself_is_external_and_not_gone()
    {
        await Backend.CreateClusterAsync(new NewCluster("two") { ServerCount = 1, Nodes = Small }, Waiting, CancellationToken.None);
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await k2hr3.Roles.AddHostsAsync("two/slave", [new RoleHost { Host = "10.9.9.9", Cuk = Guid.NewGuid().ToString() }],
            CancellationToken.None);
        var slave = await Backend.GetNodesAsync("two", NodeRole.Slave, null, CancellationToken.None).SingleAsync();
        Assert.Equal(("EXTERNAL", true), (slave.Status, slave.Registered));
        var cluster = await ReadAsync("two");
        Assert.Equal((ClusterStatus.Ready, 1, 1), (cluster.Status, cluster.ServerCount, cluster.SlaveCount));
        var e = await Assert.ThrowsAsync<DbaasException>(() => Machines.StopAsync("two", "10.9.9.9", Quietly, CancellationToken.None));
        Assert.Contains("EXTERNAL", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_known_to_fail_is_told_before_anything_is_asked_or_made()
    {
        var two = new NewCluster("two") { ServerCount = 2, Nodes = Small };
        await Backend.CheckClusterAsync(two, CancellationToken.None);
        await FailsAsync("QuotaExceeded", Backend.CheckClusterAsync(two with { ServerCount = 900 }, CancellationToken.None));
        await FailsAsync("FlavorNotFound",
            Backend.CheckClusterAsync(two with { Nodes = Small with { Flavor = "nosuch" } }, CancellationToken.None));
        await FailsAsync(ErrorIds.ClusterNotFound,
            Backend.CheckNodesAsync(new NewNodes("two", NodeRole.Server, Small), CancellationToken.None));
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.IsChange && !c.Path.EndsWith("/tokens", StringComparison.Ordinal));
        await Backend.CreateClusterAsync(new NewCluster("two"), Quietly, CancellationToken.None);
        await FailsAsync(ErrorIds.ClusterExists, Backend.CheckClusterAsync(two, CancellationToken.None));
        await FailsAsync("QuotaExceeded",
            Backend.CheckNodesAsync(new NewNodes("two", NodeRole.Server, Small) { Count = 900 }, CancellationToken.None));
    }

    [Theory]
    [InlineData("Nova says no", "Nova says no.")]
    [InlineData("No valid host was found.", "No valid host was found.")]
    [InlineData("No valid host was found. .", "No valid host was found.")]
    [InlineData("What now?", "What now?")]
    [InlineData("It failed.. \n", "It failed.")]
    public void Other_programs_words_end_with_one_stop(string words, string sentence) => Assert.Equal(sentence, Sentence.End(words));

    [Fact]
    public void Names_are_sorted_as_people_count() =>
        Assert.Equal(["a-1", "a-2", "A-10", "a-010b", "b"], new[] { "b", "a-010b", "A-10", "a-2", "a-1" }.Order(NaturalOrder.Instance));

    private static async Task FailsAsync(string errorId, Task check) =>
        Assert.Equal(errorId, (await Assert.ThrowsAnyAsync<DbaasException>(() => check)).ErrorId);

    private Task<Cluster> ReadAsync(string name) => Backend.GetClusterAsync(name, CancellationToken.None);

    private async Task UntilAsync(string name, Func<Cluster, bool> wanted)
    {
        for (var i = 0; i < 200 && !wanted(await ReadAsync(name)); i++) await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.True(wanted(await ReadAsync(name)));
    }
}
