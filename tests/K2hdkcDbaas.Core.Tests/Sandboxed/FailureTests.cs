using System.Diagnostics;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class FailureTests : SandboxedTest
{
    private static readonly NewCluster Demo = new("demo") { ServerCount = 2, Nodes = Small };

    [Fact]
    public async Task A_failure_of_any_step_leaves_nothing_behind()
    {
        var step = 0;
        for (var failed = true; failed; step++)
        {
            Assert.True(step < 50, "The create never succeeds.");
            Sandbox.Faults.Clear();
            Sandbox.Faults.Add(new FaultRule { Method = "POST", Skip = step, Count = null, Status = 400, Message = "no such luck" });
            try
            {
                await Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None);
                failed = false;
            }
            catch (DbaasException e)
            {
                Assert.Contains("no such luck", e.Message);
                if (e is FlowException flow) Assert.Empty(flow.Left);
                Sandbox.Faults.Clear();
                await NothingIsLeftAsync();
            }
        }
        // Two groups, two sets of rules, seven things of K2HR3, two servers; the token was got by the first look.
        Assert.Equal(13 + 1, step);
    }

    [Fact]
    public async Task A_server_whose_create_was_never_answered_is_found_and_taken_back()
    {
        Sandbox.Faults.Add(new FaultRule { Service = "nova", Method = "POST", Path = "/v2.1/servers", Action = FaultAction.Cut });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal(FaultKind.Unreachable, e.Kind);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_full_quota_names_itself_and_leaves_nothing()
    {
        Sandbox.Faults.Add(new FaultRule { Service = "nova", Method = "POST", Path = "/v2.1/servers", Skip = 1, Status = 403, Message = "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances" });
        var e = await Assert.ThrowsAsync<FlowException>(() => Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal((FaultKind.QuotaExceeded, "QuotaExceeded", "nova"), (e.Kind, e.ErrorId, e.Service));
        Assert.Contains("10 of 10", e.Message);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Kept_parts_are_named_and_a_second_run_finishes()
    {
        Sandbox.Faults.Add(new FaultRule { Service = "k2hr3", Method = "POST", Path = "/v1/policy", Status = 400 });
        var e = await Assert.ThrowsAsync<FlowException>(() => Backend.CreateClusterAsync(Demo with { ServerCount = 0 }, Quietly with { KeepPartial = true }, CancellationToken.None));
        Assert.Contains(e.Left, i => i is { Kind: "resource", Name: "demo" });
        var finished = await Backend.CreateClusterAsync(Demo with { ServerCount = 0 }, Quietly, CancellationToken.None);
        Assert.Equal(ClusterStatus.Complete, (await Backend.GetClusterAsync(finished.Name, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_stop_is_quick_and_names_what_exists()
    {
        Sandbox.Faults.Add(new FaultRule { Service = "nova", Method = "POST", Path = "/v2.1/servers", Skip = 1, Action = FaultAction.Delay, DelayMilliseconds = 20_000 });
        using var stop = new CancellationTokenSource();
        var create = Backend.CreateClusterAsync(Demo, Quietly, stop.Token);
        while (Sandbox.Calls.All.All(c => c.Path != "/v2.1/servers")) await Task.Delay(20);
        var clock = Stopwatch.StartNew();
        await stop.CancelAsync();
        var e = await Assert.ThrowsAsync<FlowCanceledException>(() => create);
        Assert.True(clock.ElapsedMilliseconds < 1000, $"It took {clock.ElapsedMilliseconds} ms.");
        Assert.Contains(e.Left, i => i is { Kind: "server", Id: not null });
        Assert.Contains(e.Left, i => i is { Kind: "server", Id: null });
        Assert.Contains("resource demo", e.Message);
    }

    [Fact]
    public async Task A_removal_that_breaks_off_finishes_when_run_again()
    {
        await Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None);
        Sandbox.Faults.Add(new FaultRule { Service = "k2hr3", Method = "DELETE", Path = "/v1/policy/*", Status = 403 });
        var e = await Assert.ThrowsAsync<FlowException>(() => Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None));
        Assert.Contains("Run the same command again", e.Message);
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
    }
}
