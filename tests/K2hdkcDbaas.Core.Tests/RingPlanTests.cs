using K2hdkcDbaas.Core.Ring;

namespace K2hdkcDbaas.Core.Tests;

public class RingPlanTests
{
    // What was measured on real rings of chmpx 1.0.113: 1498 of 2000, 1003 of 2000, 1336 of 2000 with a server gone; none hidden where all
    // hold all.
    [Theory]
    [InlineData(3, true, 1, 0.25)]
    [InlineData(4, false, 1, 0.5)]
    [InlineData(3, false, 1, 1 / 3.0)]
    [InlineData(2, true, 1, 0)]
    [InlineData(3, true, 2, 0)]
    [InlineData(2, false, 1, 0)]
    [InlineData(0, true, 1, 0)]
    public void The_plain_way_hides_what_was_measured(int before, bool joins, int replicas, double share) =>
        Assert.Equal(share, RingPlan.ShareHidden(before, joins, replicas), 3);

    [Fact]
    public void A_plan_switches_only_after_copying()
    {
        var steps = new RingPlan("node-4", true, 3, 1).Steps;
        var switchover = steps.Single(s => s.Member == "node-4");
        Assert.Equal(0, switchover.ShareAtRisk);
        Assert.All(steps.TakeWhile(s => s != switchover), s => Assert.Equal(0.25, s.ShareAtRisk));
    }

    [Theory]
    [InlineData(2, 6)]
    [InlineData(3, 7)]
    public void A_plan_copies_only_what_would_be_hidden(int before, int count)
    {
        var steps = new RingPlan("new", true, before, 1).Steps;
        Assert.Equal(Enumerable.Range(1, count), steps.Select(s => s.Number));
        Assert.Equal(count == 7, steps.Any(s => s.Action.StartsWith("copy keys", StringComparison.Ordinal)));
    }
}
