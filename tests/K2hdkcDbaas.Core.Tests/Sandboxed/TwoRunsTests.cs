using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Two runs for the same cluster at the same time.</summary>
public class TwoRunsTests : SandboxedTest
{
    private static readonly NewCluster Demo = new("demo") { ServerCount = 2, Nodes = Small };

    private protected override SandboxOptions Options => new() { Speed = 10, Guests = false };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_creates_one_makes_the_cluster_and_the_other_leaves_it_alone(bool noGroups)
    {
        var (won, lost) = await RaceAsync(Demo with { NoSecurityGroup = noGroups });

        Assert.Null(won);
        Assert.Equal((ErrorKind.AlreadyExists, ErrorIds.ClusterExists), (lost!.Kind, lost.ErrorId));
        Assert.Contains("Another run", lost.Message);
        Assert.Empty((await Backend.GetClusterAsync("demo", CancellationToken.None)).MissingParts);
        var nodes = await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync();
        Assert.Equal(["demo-server-1", "demo-server-2"], nodes.Select(n => n.Name).Order());
        Assert.Equal(noGroups ? 0 : 2,
            await Session.Feature<ICloudCatalog>().GetSecurityGroupsAsync("demo*", CancellationToken.None).CountAsync());
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task When_the_one_that_goes_on_fails_it_takes_back_all()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "POST",
                Path = "/v2.1/servers",
                Count = null,
                Status = 403,
                Message = "Quota exceeded"
            });

        var (failed, lost) = await RaceAsync(Demo);

        Assert.Equal("QuotaExceeded", failed!.ErrorId);
        Assert.Equal(ErrorIds.ClusterExists, lost!.ErrorId);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task An_undo_leaves_what_another_run_has_taken_over()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "POST",
                Path = "/v2.1/servers",
                Count = null,
                DelayMilliseconds = 500,
                Status = 403,
                Message = "Quota exceeded"
            });
        var create = Backend.CreateClusterAsync(Demo with { ServerCount = 1 }, Quietly, CancellationToken.None);
        while (!Observer.Lines.Any(l => l.StartsWith("Made role token", StringComparison.Ordinal))) await Task.Delay(10);
        var keys = new Dictionary<string, System.Text.Json.JsonElement>(
            (await k2hr3.Resources.GetAsync("demo", false, CancellationToken.None)).Keys!)
        {
            ["k2hdkc-dbaas-run"] =
                ResourceChange.Value("another")
        };
        await k2hr3.Resources.SaveAsync("demo", new K2hr3.ResourceChange { Keys = keys }, CancellationToken.None);

        var e = await Assert.ThrowsAsync<FlowException>(() => create);

        Assert.Equal("QuotaExceeded", e.ErrorId);
        Assert.Contains("another run", e.Message);
        Assert.Contains(e.Left, i => i is { Kind: "policy", Name: "demo" });
        Assert.Empty((await Backend.GetClusterAsync("demo", CancellationToken.None)).MissingParts);
    }

    [Fact]
    public async Task A_create_that_meets_older_nodes_of_its_cluster_leaves_the_cluster_to_them()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "k2hr3",
                Method = "GET",
                Path = "/v1/role/token/demo/server",
                Action = FaultAction.Delay,
                DelayMilliseconds = 3000
            });
        using var cloud = Cloud();
        var create = Backend.CreateClusterAsync(Demo with { ServerCount = 1, NoSecurityGroup = true }, Quietly, CancellationToken.None);
        while (!Observer.Lines.Contains("Made role demo/slave.")) await Task.Delay(10);
        var older = await BootAsync(cloud, "demo-server-1", "default",
            new() { [ClusterNames.ClusterMetadata] = "demo", [ClusterNames.RoleMetadata] = "server" });

        var e = await Assert.ThrowsAsync<FlowException>(() => create);

        Assert.Equal(ErrorIds.NodeExists, e.ErrorId);
        Assert.Empty((await Backend.GetClusterAsync("demo", CancellationToken.None)).MissingParts);
        Assert.Equal(older, Assert.Single(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync()).Id);
    }

    [Fact]
    public async Task Two_adds_never_leave_two_nodes_of_one_name()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "POST",
                Path = "/v2.1/servers",
                Count = 2,
                Action = FaultAction.Delay,
                DelayMilliseconds = 500
            });
        await using var other =
            await ConnectAsync(
                new SessionOptions { Cloud = "sandbox", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() });
        var adds = new[] { Session, other }.Select(
            s => s.Clusters.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small), Quietly, CancellationToken.None)).ToList();
        await Task.WhenAll(adds.Select(a => a.ContinueWith(_ => { }, TaskScheduler.Default)));

        var failed = adds.Where(a => a.IsFaulted).ToList();
        Assert.NotEmpty(failed);
        Assert.All(failed,
            f => Assert.Equal(ErrorIds.NodeExists, Assert.IsAssignableFrom<DbaasException>(f.Exception!.InnerException).ErrorId));
        Assert.Equal(2 - failed.Count, await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task A_finished_cluster_keeps_its_ports_and_user_and_says_so()
    {
        var ports = new ClusterPorts { Server = 9020, ServerControl = 9021, SlaveControl = 9031 };
        await Backend.CreateClusterAsync(new NewCluster("demo") { Ports = ports, RunUser = "dbuser", NoSecurityGroup = true }, Quietly,
            CancellationToken.None);
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await k2hr3.Roles.DeleteAsync("demo/slave", CancellationToken.None);

        var finished = await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);

        Assert.Equal((ports, "dbuser"), (finished.Ports, finished.RunUser));
        Assert.Contains(Observer.Lines,
            l => l.StartsWith("WARNING:", StringComparison.Ordinal) && l.Contains("9020, 9021 and 9031", StringComparison.Ordinal));
        var read = await Backend.GetClusterAsync("demo", CancellationToken.None);
        Assert.Equal((ports, "dbuser", ClusterStatus.Ready), (read.Ports, read.RunUser, read.Status));
        var group = Assert.Single(
            await Session.Feature<ICloudCatalog>().GetSecurityGroupsAsync("demo-k2hdkc-slave-sec", CancellationToken.None).ToListAsync());
        Assert.Contains(group.Rules, r => r.ToString().Contains("9031", StringComparison.Ordinal));
    }

    /// <summary>Both see that there is nothing before either writes.</summary>
    private async Task<(DbaasException? First, DbaasException? Lost)> RaceAsync(NewCluster request)
    {
        foreach (var path in new[] { "/v1/resource", "/v1/role" })
            Sandbox.Faults.Add(
                new FaultRule
                {
                    Service = "k2hr3",
                    Method = "POST",
                    Path = path,
                    Count = 2,
                    Action = FaultAction.Delay,
                    DelayMilliseconds = 1000
                });
        // Neither looks whose the cluster is before both have written.
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "k2hr3",
                Method = "POST",
                Path = "/v1/policy",
                Count = 2,
                Action = FaultAction.Delay,
                DelayMilliseconds = 2500
            });
        await using var other =
            await ConnectAsync(
                new SessionOptions { Cloud = "sandbox", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() });
        async Task<DbaasException?> TryAsync(IDbaasSession session)
        {
            try
            {
                await session.Clusters.CreateClusterAsync(request, Quietly, CancellationToken.None);
                return null;
            }
            catch (DbaasException e)
            {
                return e;
            }
        }
        var ends = await Task.WhenAll(TryAsync(Session), TryAsync(other));
        return ends[0]?.ErrorId == ErrorIds.ClusterExists ? (ends[1], ends[0]) : (ends[0], ends[1]);
    }
}
