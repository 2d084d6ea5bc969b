using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Security groups that are there already, whole or not.</summary>
public class FirewallTests : SandboxedTest
{
    private static readonly NewCluster Demo = new("demo") { ServerCount = 1, Nodes = Small };

    private protected override SandboxOptions Options => new() { Speed = 10, Guests = false };

    [Fact]
    public async Task One_group_that_is_there_is_used_and_the_other_is_made()
    {
        using var cloud = Cloud();
        var there = await cloud.Network.SecurityGroups.CreateAsync("demo-k2hdkc-server-sec", "", CancellationToken.None);
        await cloud.Network.SecurityGroups.CreateRulesAsync([OpenStack.Neutron.SecurityGroupRule.TcpIn(there.Id, 8020, "mine")],
            CancellationToken.None);

        await Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None);

        Assert.Equal([8020, 8021], await PortsAsync(cloud, "demo-k2hdkc-server-sec"));
        Assert.Equal([8031], await PortsAsync(cloud, "demo-k2hdkc-slave-sec"));
        Assert.Single(await cloud.Network.SecurityGroups.ListAsync("demo-k2hdkc-server-sec", CancellationToken.None).ToListAsync());
    }

    [Theory]
    [InlineData("prefix")]
    [InlineData("group")]
    public async Task A_rule_that_lets_only_some_in_is_not_enough(string which)
    {
        using var cloud = Cloud();
        var there = await cloud.Network.SecurityGroups.CreateAsync("demo-k2hdkc-slave-sec", "", CancellationToken.None);
        var rule = OpenStack.Neutron.SecurityGroupRule.TcpIn(there.Id, 8031, "mine");
        await cloud.Network.SecurityGroups.CreateRulesAsync(
            [which == "prefix" ? rule with { RemoteIpPrefix = "10.0.0.0/8" } : rule with { RemoteGroupId = there.Id }],
            CancellationToken.None);

        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);

        Assert.Equal([8031, 8031], await PortsAsync(cloud, "demo-k2hdkc-slave-sec"));
    }

    [Fact]
    public async Task A_rule_for_all_addresses_is_enough()
    {
        using var cloud = Cloud();
        var there = await cloud.Network.SecurityGroups.CreateAsync("demo-k2hdkc-slave-sec", "", CancellationToken.None);
        await cloud.Network.SecurityGroups.CreateRulesAsync(
            [OpenStack.Neutron.SecurityGroupRule.TcpIn(there.Id, 8031, "mine") with { RemoteIpPrefix = "0.0.0.0/0" }],
            CancellationToken.None);
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        Assert.Equal([8031], await PortsAsync(cloud, "demo-k2hdkc-slave-sec"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rules_added_to_a_group_that_was_there_are_taken_back(bool unanswered)
    {
        using var cloud = Cloud();
        var there = await cloud.Network.SecurityGroups.CreateAsync("demo-k2hdkc-server-sec", "", CancellationToken.None);
        await cloud.Network.SecurityGroups.CreateRulesAsync([OpenStack.Neutron.SecurityGroupRule.TcpIn(there.Id, 8020, "mine")],
            CancellationToken.None);
        if (unanswered)
            Sandbox.Faults.Add(
                new FaultRule
                {
                    Service = "neutron",
                    Method = "POST",
                    Path = "/v2.0/security-group-rules",
                    Action = FaultAction.Cut,
                    AfterWork = true
                });
        else Sandbox.Faults.Add(new FaultRule { Service = "nova", Method = "POST", Path = "/v2.1/servers", Status = 403 });

        await Assert.ThrowsAnyAsync<Errors.DbaasException>(() => Backend.CreateClusterAsync(Demo, Quietly, CancellationToken.None));

        Assert.Equal([8020], await PortsAsync(cloud, "demo-k2hdkc-server-sec"));
    }

    [Fact]
    public async Task Of_two_groups_of_one_name_one_is_used_and_both_are_named()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        using var cloud = Cloud();
        var second = await cloud.Network.SecurityGroups.CreateAsync("demo-k2hdkc-server-sec", "", CancellationToken.None);

        Assert.Single(await Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small), Quietly, CancellationToken.None));

        Assert.Contains(Observer.Lines,
            l => l.StartsWith("WARNING:", StringComparison.Ordinal) && l.Contains(second.Id, StringComparison.Ordinal));
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    private static async Task<IEnumerable<int>> PortsAsync(OpenStackConnection cloud, string name) =>
        (await cloud.Network.SecurityGroups.ListAsync(name, CancellationToken.None).FirstAsync()).Rules.Where(r => r.Direction == "ingress")
            .Select(r => r.PortRangeMin!.Value).Order();
}
