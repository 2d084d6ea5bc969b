using System.Diagnostics;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
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

    [Theory]
    [InlineData(FaultAction.Status)]
    [InlineData(FaultAction.Cut)]
    [InlineData(FaultAction.HalfBody)]
    [InlineData(FaultAction.Garbage)]
    public async Task A_step_that_is_done_and_not_properly_answered_leaves_nothing_behind(FaultAction action)
    {
        // Changes of each kind, and the reading that makes a role token.
        string[] steps =
        [
            "k2hr3 POST /v1/resource 0", "k2hr3 POST /v1/policy 0", "k2hr3 POST /v1/role 1", "k2hr3 GET /v1/role/token/demo/server 0",
            "neutron POST /v2.0/security-groups 0",
            "neutron POST /v2.0/security-groups 1", "neutron POST /v2.0/security-group-rules 0", "nova POST /v2.1/servers 0",
            "nova POST /v2.1/servers 1",
        ];
        foreach (var step in steps)
        {
            var words = step.Split(' ');
            Sandbox.Faults.Clear();
            Sandbox.Faults.Add(new FaultRule
            {
                Service = words[0],
                Method = words[1],
                Path = words[2],
                Skip = int.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture),
                Action = action,
                AfterWork = true,
                Status = 500,
                // What may be repeated, as K2HR3's saves, fails each time.
                Count = words[0] == "k2hr3" ? null : 1,
            });

            var e = await Assert.ThrowsAnyAsync<DbaasException>(() => Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None));

            Assert.True(e.Kind is ErrorKind.ServiceFailure or ErrorKind.Unreachable or ErrorKind.InvalidResponse,
                $"{step}: {e.Kind} {e.Message}");
            if (e is FlowException flow) Assert.True(flow.Left.Count == 0, $"{step}: {e.Message}");
            Sandbox.Faults.Clear();
            await NothingIsLeftAsync();
        }
    }

    [Fact]
    public async Task An_undo_that_fails_names_what_is_left_and_how_to_remove_it()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "POST",
                Path = "/v2.1/servers",
                Skip = 1,
                Count = null,
                Status = 400,
                Message = "no such luck"
            });
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "k2hr3",
                Method = "DELETE",
                Path = "/v1/role/demo/server",
                Count = null,
                Action = FaultAction.Garbage
            });

        var e = await Assert.ThrowsAsync<FlowException>(() => Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None));

        Assert.Contains("no such luck", e.Message);
        Assert.Equal("role demo/server", Assert.Single(e.Left).ToString());
        Assert.NotEmpty(e.UndoErrors);
        Assert.Contains("Remove-K2hdkcCluster demo", e.NextStep);
        Sandbox.Faults.Clear();
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_stop_during_the_undo_is_quick_and_names_what_is_left()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "POST",
                Path = "/v2.1/servers",
                Count = null,
                Status = 400,
                Message = "no such luck"
            });
        Sandbox.Faults.Add(
            new FaultRule { Service = "neutron", Method = "DELETE", Count = null, Action = FaultAction.Delay, DelayMilliseconds = 20_000 });
        using var stop = new CancellationTokenSource();
        var create = Backend.CreateClusterAsync(Demo, Quietly, stop.Token);
        while (!create.IsCompleted && !Observer.Lines.Any(l => l.Contains("undoing security group", StringComparison.Ordinal)))
            await Task.Delay(20);
        var clock = Stopwatch.StartNew();
        await stop.CancelAsync();

        var e = await Assert.ThrowsAsync<FlowCanceledException>(() => create);

        Assert.True(clock.ElapsedMilliseconds < 1000, $"It took {clock.ElapsedMilliseconds} ms.");
        Assert.Contains("no such luck", e.Message);
        Assert.Contains("Remove-K2hdkcCluster demo", e.Message);
        Assert.Contains(e.Left, i => i is { Kind: "security group", Id: not null });
        Assert.Contains(e.Left, i => i is { Kind: "resource", Name: "demo" });
        Sandbox.Faults.Clear();
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_server_whose_create_was_never_answered_is_found_and_taken_back()
    {
        Sandbox.Faults.Add(new FaultRule { Service = "nova", Method = "POST", Path = "/v2.1/servers", Action = FaultAction.Cut });
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal(ErrorKind.Unreachable, e.Kind);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_full_quota_names_itself_and_leaves_nothing()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "POST",
                Path = "/v2.1/servers",
                Skip = 1,
                Status = 403,
                Message = "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances"
            });
        var e = await Assert.ThrowsAsync<FlowException>(() => Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None));
        Assert.Equal((ErrorKind.QuotaExceeded, "QuotaExceeded", "nova"), (e.Kind, e.ErrorId, e.Service));
        Assert.Contains("10 of 10", e.Message);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Kept_parts_are_named_and_a_second_run_finishes()
    {
        Sandbox.Faults.Add(new FaultRule { Service = "k2hr3", Method = "POST", Path = "/v1/policy", Status = 400 });
        var e = await Assert.ThrowsAsync<FlowException>(
            () => Backend.CreateClusterAsync(Demo with { ServerCount = 0 }, Quietly with { KeepPartial = true }, CancellationToken.None));
        Assert.Contains(e.Left, i => i is { Kind: "resource", Name: "demo" });
        var finished = await Backend.CreateClusterAsync(Demo with { ServerCount = 0 }, Quietly, CancellationToken.None);
        Assert.Equal(ClusterStatus.Ready, (await Backend.GetClusterAsync(finished.Name, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_stop_is_quick_and_names_what_exists()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "POST",
                Path = "/v2.1/servers",
                Skip = 1,
                Action = FaultAction.Delay,
                DelayMilliseconds = 20_000
            });
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
        Assert.Matches("server demo-server-[12] \\(not confirmed; metadata k2hdkc-request=[0-9a-f]{32}\\)", e.Message);
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
