namespace K2hdkcDbaas.Sandbox.Tests.Hosting;

public class SandboxClockTests
{
    [Fact]
    public void A_stopped_clock_moves_only_by_Advance()
    {
        using var clock = new SandboxClock(0);
        var before = clock.GetUtcNow();
        Thread.Sleep(5);
        Assert.Equal(before, clock.GetUtcNow());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(before + TimeSpan.FromMinutes(1), clock.GetUtcNow());
    }

    [Fact]
    public void Timers_fire_in_order_of_their_due_times_and_see_the_time_they_were_due()
    {
        using var clock = new SandboxClock(0);
        var start = clock.GetUtcNow();
        List<(string Name, double At)> fired = [];
        void Note(string name) => fired.Add((name, (clock.GetUtcNow() - start).TotalSeconds));
        using var late = clock.CreateTimer(_ => Note("late"), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        ITimer? chained = null;
        using var early = clock.CreateTimer(_ =>
        {
            Note("early");
            chained = clock.CreateTimer(_ => Note("chained"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromSeconds(10));
        chained!.Dispose();
        Assert.Equal([("early", 1), ("chained", 2), ("late", 3)], fired);
    }

    [Fact]
    public void A_repeating_timer_fires_once_per_period_until_it_is_disposed()
    {
        using var clock = new SandboxClock(0);
        var count = 0;
        var timer = clock.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(3, count);
        timer.Dispose();
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task A_fast_clock_ends_waits_early()
    {
        using var clock = new SandboxClock(1000);
        var started = DateTime.UtcNow;
        await Task.Delay(TimeSpan.FromSeconds(60), clock, TestContext.Current.CancellationToken);
        Assert.True(DateTime.UtcNow - started < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Changing_the_speed_keeps_the_time()
    {
        using var clock = new SandboxClock(0);
        clock.Advance(TimeSpan.FromHours(1));
        var now = clock.GetUtcNow();
        clock.Speed = 0.0001;
        Assert.True(clock.GetUtcNow() - now < TimeSpan.FromSeconds(1));
    }
}
