using System.Diagnostics;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests;

public class FlowRunTests
{
    private readonly List<string> _log = [];

    [Fact]
    public async Task A_failure_takes_everything_back_the_last_first()
    {
        var e = await Assert.ThrowsAsync<FlowException>(() => RunAsync(new FlowOptions(), async run =>
        {
            await StepAsync(run, "role", "a");
            await StepAsync(run, "role", "b");
            await StepAsync(run, "policy", "c");
            throw Refused();
        }));
        Assert.Equal(["make a", "make b", "make c", "undo c", "undo b", "undo a"], _log);
        Assert.Equal(["c", "b", "a"], e.Undone.Select(i => i.Name));
        Assert.Empty(e.Left);
        Assert.Equal((ErrorKind.QuotaExceeded, "Quota"), (e.Kind, e.ErrorId));
        Assert.Contains("no room", e.Message);
        Assert.Contains("Rolled back: policy c, role b, role a.", e.Message);
    }

    [Fact]
    public async Task A_failure_of_the_first_step_is_itself()
    {
        var e = await Assert.ThrowsAsync<DbaasException>(() => RunAsync(new FlowOptions(), run =>
            run.MakeAsync(new FlowItem("role", "a"), _ => throw Refused(), _ => Task.CompletedTask)));
        Assert.Equal("Quota", e.ErrorId);
        Assert.IsNotType<FlowException>(e);
    }

    [Fact]
    public async Task Keeping_leaves_everything_and_names_it()
    {
        var e = await Assert.ThrowsAsync<FlowException>(() => RunAsync(new FlowOptions { KeepPartial = true }, async run =>
        {
            await StepAsync(run, "role", "a");
            throw Refused();
        }));
        Assert.Equal(["make a"], _log);
        Assert.Equal("a", Assert.Single(e.Left).Name);
        Assert.Contains("Left: role a.", e.Message);
    }

    [Fact]
    public async Task An_undo_that_fails_is_reported_and_the_others_go_on()
    {
        var e = await Assert.ThrowsAsync<FlowException>(() => RunAsync(new FlowOptions(), async run =>
        {
            await StepAsync(run, "role", "a");
            await run.MakeAsync(new FlowItem("policy", "b"), _ => Task.CompletedTask,
                _ => throw new DbaasException(ErrorKind.ServiceFailure, "X", "k2hr3 is down."));
            throw Refused();
        }));
        Assert.Equal(["make a", "undo a"], _log);
        Assert.Equal("b", Assert.Single(e.Left).Name);
        Assert.Single(e.UndoErrors);
        Assert.Contains("k2hr3 is down.", e.Message);
    }

    [Fact]
    public async Task An_undo_may_fail_in_any_way_and_the_next_step_says_what_to_do_about_the_rest()
    {
        var e = await Assert.ThrowsAsync<FlowException>(
            () => FlowRun.RunAsync<int>("Testing", new FlowOptions(), TimeProvider.System, async run =>
            {
                await StepAsync(run, "role", "a");
                await run.MakeAsync(new FlowItem("policy", "b"), _ => Task.CompletedTask, _ => throw new InvalidOperationException("odd"));
                throw Refused();
            }, CancellationToken.None, "Remove it by hand."));
        Assert.Equal(["make a", "undo a"], _log);
        Assert.Equal(("Quota", "Ask for less. Remove it by hand."), (e.ErrorId, e.NextStep));
        Assert.IsType<InvalidOperationException>(Assert.Single(e.UndoErrors));
    }

    [Fact]
    public async Task A_stop_during_the_undo_names_what_is_left()
    {
        using var stop = new CancellationTokenSource();
        var e = await Assert.ThrowsAsync<FlowCanceledException>(
            () => FlowRun.RunAsync<int>("Testing", new FlowOptions(), TimeProvider.System, async run =>
            {
                await StepAsync(run, "role", "a");
                await run.MakeAsync(new FlowItem("server", "b"), _ => Task.CompletedTask, async ct =>
                {
                    await stop.CancelAsync();
                    await Task.Delay(Timeout.Infinite, ct);
                });
                await StepAsync(run, "policy", "c");
                throw Refused();
            }, stop.Token, "Remove it by hand."));
        Assert.Equal(["server b", "role a"], e.Left.Select(i => i.ToString()).Reverse());
        Assert.Contains("There is no room.", e.Message);
        Assert.Contains("Rolled back: policy c. Left: role a, server b. Remove it by hand.", e.Message);
    }

    [Fact]
    public async Task What_follows_a_console_begins_on_a_line_of_its_own()
    {
        var e = await Assert.ThrowsAsync<FlowException>(() => RunAsync(new FlowOptions(), async run =>
        {
            await StepAsync(run, "role", "a");
            throw FlowRun.Keeping(new DbaasException(ErrorKind.Timeout, "Late", "It ends with:\n  login:", "Wait."));
        }));
        Assert.EndsWith("\n  login:\nLeft: role a.", e.Message);
        Assert.Equal("Wait.", e.NextStep);
    }

    [Fact]
    public async Task What_was_left_to_others_is_neither_taken_back_nor_named()
    {
        var e = await Assert.ThrowsAsync<DbaasException>(() => RunAsync(new FlowOptions(), async run =>
        {
            await StepAsync(run, "role", "a");
            run.LeaveToOthers(i => i.Kind == "role");
            throw Refused();
        }));
        Assert.Equal(("Quota", "There is no room."), (e.ErrorId, e.Message));
        Assert.Equal(["make a"], _log);
    }

    [Fact]
    public async Task A_create_without_an_answer_is_taken_back_too_but_not_claimed()
    {
        var undone = new List<string?>();
        var e = await Assert.ThrowsAsync<DbaasException>(() => RunAsync(new FlowOptions(), run =>
            run.MakeAsync<string>(new FlowItem("server", "a"),
                _ => throw new DbaasException(ErrorKind.Unreachable, "ConnectionLost", "cut"), null,
                (answer, _) =>
                {
                    undone.Add(answer);
                    return Task.CompletedTask;
                })));
        Assert.Equal("ConnectionLost", e.ErrorId);
        Assert.Null(Assert.Single(undone));
    }

    [Fact]
    public async Task A_stop_undoes_nothing_waits_for_the_answer_under_way_and_names_it()
    {
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var e = await Assert.ThrowsAsync<FlowCanceledException>(
            () => FlowRun.RunAsync("Testing", new FlowOptions(), TimeProvider.System, async run =>
            {
                await StepAsync(run, "role", "a");
                await run.MakeAsync(new FlowItem("server", "b"), async ct =>
                {
                    await stop.CancelAsync();
                    await Task.Delay(100, ct);
                    return "id-b";
                }, id => new FlowItem("server", "b", id), (_, _) => Task.CompletedTask);
                await StepAsync(run, "role", "never");
                return 0;
            }, stop.Token));
        Assert.Equal(["make a"], _log);
        Assert.Equal(["role a", "server b (id-b)"], e.Left.Select(i => i.ToString()));
        Assert.Contains("server b (id-b)", e.Message);
        Assert.True(clock.ElapsedMilliseconds < 1000, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task A_stop_gives_up_an_answer_that_does_not_come()
    {
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var e = await Assert.ThrowsAsync<FlowCanceledException>(
            () => FlowRun.RunAsync("Testing", new FlowOptions(), TimeProvider.System, async run =>
            {
                await run.MakeAsync(new FlowItem("server", "b") { FoundBy = "metadata x=1" }, async ct =>
                {
                    await stop.CancelAsync();
                    await Task.Delay(Timeout.Infinite, ct);
                    return "never";
                }, null, (_, _) => Task.CompletedTask);
                return 0;
            }, stop.Token));
        Assert.Contains("server b (not confirmed; metadata x=1)", e.Message);
        Assert.True(clock.ElapsedMilliseconds < 1000, $"{clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Servers_are_taken_back_at_the_same_time()
    {
        var gate = new TaskCompletionSource();
        var waiting = 0;
        await Assert.ThrowsAsync<FlowException>(() => RunAsync(new FlowOptions(), async run =>
        {
            for (var i = 0; i < 3; i++)
            {
                await run.MakeAsync(new FlowItem("server", $"s{i}"), _ => Task.CompletedTask, async ct =>
                {
                    if (Interlocked.Increment(ref waiting) == 3) gate.SetResult();
                    await gate.Task.WaitAsync(TimeSpan.FromSeconds(10), ct);
                });
            }
            throw Refused();
        }));
        Assert.Equal(3, waiting);
    }

    [Fact]
    public async Task What_no_rule_expects_is_taken_back_as_well()
    {
        var e = await Assert.ThrowsAsync<FlowException>(() => RunAsync(new FlowOptions(), async run =>
        {
            await StepAsync(run, "role", "a");
            throw new InvalidOperationException("odd");
        }));
        Assert.Equal(ErrorIds.UnexpectedFailure, e.ErrorId);
        Assert.Equal(["make a", "undo a"], _log);
    }

    [Fact]
    public async Task Together_awaits_what_is_under_way_and_begins_nothing_new_after_a_failure()
    {
        var begun = 0;
        var ended = 0;
        var e = await Assert.ThrowsAsync<DbaasException>(() => Together.ForEachAsync<int, int>([.. Enumerable.Range(0, 50)], async i =>
        {
            Interlocked.Increment(ref begun);
            if (i == 3) throw Refused();
            await Task.Delay(50);
            Interlocked.Increment(ref ended);
            return i;
        }));
        Assert.Equal("Quota", e.ErrorId);
        Assert.InRange(begun, 1, Together.Limit);
        Assert.Equal(begun - 1, ended);
    }

    private static DbaasException Refused() => new(ErrorKind.QuotaExceeded, "Quota", "There is no room.", "Ask for less.");

    private static Task<int> RunAsync(FlowOptions options, Func<FlowRun, Task> body) =>
        FlowRun.RunAsync("Testing", options, TimeProvider.System, async run =>
        {
            await body(run);
            return 0;
        }, CancellationToken.None);

    private Task StepAsync(FlowRun run, string kind, string name) => run.MakeAsync(new FlowItem(kind, name), _ =>
    {
        _log.Add($"make {name}");
        return Task.CompletedTask;
    }, _ =>
    {
        _log.Add($"undo {name}");
        return Task.CompletedTask;
    });
}
