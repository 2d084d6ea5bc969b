using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class RemovalTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, Guests = false };

    [Fact]
    public async Task A_server_that_merely_has_the_security_group_is_not_deleted_unless_forced()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        using var cloud = Cloud();
        var id = await BootAsync(cloud, "payroll-app", "demo-k2hdkc-slave-sec");
        Sandbox.Calls.Clear();

        var e = await Assert.ThrowsAsync<DbaasException>(() => Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None));

        Assert.Equal((ErrorKind.Conflict, ErrorIds.NodesInDoubt), (e.Kind, e.ErrorId));
        Assert.Contains($"payroll-app ({id})", e.Message);
        Assert.Contains("-Force", e.NextStep);
        Assert.Empty(Calls(changesOnly: true));

        await Backend.RemoveClusterAsync("demo", Quietly with { Force = true }, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_node_of_another_cluster_that_has_the_security_group_stops_a_removal_at_once()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        using var cloud = Cloud();
        await BootAsync(cloud, "other-slave-1", "demo-k2hdkc-slave-sec", new() { [ClusterNames.ClusterMetadata] = "other" });
        Sandbox.Calls.Clear();

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.RemoveClusterAsync("demo", Quietly with { Force = true }, CancellationToken.None));

        Assert.Equal((ErrorKind.Conflict, ErrorIds.SecurityGroupInUse), (e.Kind, e.ErrorId));
        Assert.Contains("other-slave-1", e.Message);
        Assert.Empty(Calls(changesOnly: true));
    }

    [Fact]
    public async Task A_security_group_in_use_keeps_the_cluster_s_part_in_K2HR3_and_names_the_port()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        using var cloud = Cloud();
        var group = await cloud.Network.SecurityGroups.ListAsync("demo-k2hdkc-server-sec", CancellationToken.None).FirstAsync();
        var network = await cloud.Network.Networks.ListAsync("private", CancellationToken.None).FirstAsync();
        await PostAsync(cloud, "neutron", "/v2.0/ports", new
        {
            port = new
            {
                network_id = network.Id,
                security_groups = new[] { group.Id }
            }
        });

        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None));

        Assert.Equal((ErrorKind.Conflict, ErrorIds.SecurityGroupInUse), (e.Kind, e.ErrorId));
        Assert.Matches("demo-k2hdkc-server-sec .* is used by port [0-9a-f-]{36} of no server", e.Message);
        Assert.Equal(ClusterStatus.Ready, (await Backend.GetClusterAsync("demo", CancellationToken.None)).Status);
    }

    [Fact]
    public async Task Groups_of_the_shell_tool_with_upper_case_are_found()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None);
        var keys = new Dictionary<string, System.Text.Json.JsonElement> { ["cluster-name"] = K2hr3.ResourceChange.Value("Demo") };
        await k2hr3.Resources.SaveAsync("demo", new K2hr3.ResourceChange { Keys = keys }, CancellationToken.None);
        using var cloud = Cloud();
        var made = await cloud.Network.SecurityGroups.CreateAsync("Demo-k2hdkc-server-sec", "", CancellationToken.None);

        var node = Assert.Single(
            await Backend.AddNodesAsync(new NewNodes("Demo", NodeRole.Server, Small), Waiting with { Wait = false },
                CancellationToken.None));
        while ((await cloud.Compute.Servers.GetAsync(node.Id!, CancellationToken.None)).Status == "BUILD") await Task.Delay(20);
        Assert.Contains("Demo-k2hdkc-server-sec",
            (await cloud.Compute.Servers.GetAsync(node.Id!, CancellationToken.None)).SecurityGroups!.Select(g => g.Name));

        var removed = await Backend.RemoveClusterAsync("Demo", Quietly, CancellationToken.None);
        Assert.Contains(removed, r => r.Id == made.Id);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_stop_says_what_is_gone_and_what_was_asked_for()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "k2hr3",
                Method = "DELETE",
                Path = "/v1/policy/demo",
                Action = FaultAction.Delay,
                DelayMilliseconds = 20_000
            });
        using var stop = new CancellationTokenSource();
        var remove = Backend.RemoveClusterAsync("demo", Quietly, stop.Token);
        while (!Observer.Lines.Contains("Removed role demo.")) await Task.Delay(20);
        await Task.Delay(100);
        await stop.CancelAsync();

        var e = await Assert.ThrowsAsync<FlowCanceledException>(() => remove);

        Assert.Contains("role demo.", e.Message);
        Assert.Contains("Not known to be removed, though it was asked for: policy demo.", e.Message);
        Assert.Contains("Run the same command again", e.Message);
        Sandbox.Faults.Clear();
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_stop_before_the_first_deletion_says_so()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        Sandbox.Faults.Add(new FaultRule { Service = "nova", Method = "GET", Action = FaultAction.Delay, DelayMilliseconds = 20_000 });
        using var stop = new CancellationTokenSource();
        Sandbox.Calls.Clear();
        var remove = Backend.RemoveClusterAsync("demo", Quietly, stop.Token);
        while (Sandbox.Calls.All.Count == 0) await Task.Delay(20);
        await stop.CancelAsync();

        var e = await Assert.ThrowsAsync<FlowCanceledException>(() => remove);
        Assert.Contains("Nothing had been removed yet.", e.Message);
    }
}
