using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Nodes that do not come up.</summary>
public class BrokenNodeTests : SandboxedTest
{
    private protected override SandboxOptions Options => new()
    {
        Speed = 10,
        GuestFaults = [new("late-noboot", GuestFaultKind.NoBoot), new("late-net", GuestFaultKind.NoNetwork),
            new("demo-server-2", GuestFaultKind.NoHost), new("*unlucky*", GuestFaultKind.NoHost)],
    };

    [Fact]
    public async Task A_node_that_Nova_cannot_place_fails_the_create_with_Nova_s_reason_and_leaves_nothing()
    {
        var e = await Assert.ThrowsAsync<FlowException>(
            () => Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 3, Nodes = Small }, Waiting, CancellationToken.None));

        Assert.Equal((ErrorKind.ServiceFailure, ErrorIds.NodeFailed, "nova", "demo-server-2"), (e.Kind, e.ErrorId, e.Service, e.Target));
        Assert.Contains("No valid host was found", e.Message);
        Assert.NotNull(e.NextStep);
        Assert.Empty(e.Left);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Nodes_taken_back_after_they_registered_leave_no_host_behind()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None);
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        // Nova's list is held back until the others have registered.
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "nova",
                Method = "GET",
                Path = "/v2.1/servers/detail",
                Skip = 1,
                Count = null,
                Action = FaultAction.Delay,
                DelayMilliseconds = 1500
            });

        var e = await Assert.ThrowsAsync<FlowException>(
            () => Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small) { Names = ["a", "b", "unlucky"] },
                Waiting, CancellationToken.None));

        Assert.Equal(ErrorIds.NodeFailed, e.ErrorId);
        Assert.Contains(Sandbox.Calls.All, c => c is { Service: "k2hr3", Method: "PUT", Status: 201 });
        Assert.Empty(e.Left);
        Assert.Empty((await k2hr3.Roles.GetAsync("demo/server", CancellationToken.None)).Hosts);
        Assert.Empty(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync());
    }

    [Theory]
    [InlineData("late-noboot", "ACTIVE, but not registered in K2HR3: late-noboot")]
    [InlineData("late-net", "The console of late-net ends with:")]
    public async Task A_node_that_never_registers_is_left_and_its_console_shown(string name, string words)
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None);

        var e = await Assert.ThrowsAsync<FlowException>(() =>
            Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Slave, Small) { Names = [name] },
                Waiting with { Timeout = TimeSpan.FromSeconds(3) }, CancellationToken.None));

        Assert.Equal((ErrorKind.Timeout, ErrorIds.NodeWaitTimeout), (e.Kind, e.ErrorId));
        Assert.Contains(words, e.Message);
        Assert.Contains("Stop-K2hdkcSlave", e.NextStep);
        var left = Assert.Single(e.Left, i => i.Kind == "server");
        if (e.Message.Contains('\n', StringComparison.Ordinal)) Assert.Contains($"\nLeft: ", e.Message);
        Assert.Equal((name, left.Id, "ACTIVE", false),
            await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).Select(n => (n.Name, n.Id, n.Status!, n.Registered))
                .SingleAsync());
    }
}

/// <summary>Nova takes longer than the caller waits.</summary>
public class SlowNodeTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { BuildTime = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task A_node_that_is_still_built_is_left_and_named_with_its_status()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None);

        var e = await Assert.ThrowsAsync<FlowException>(() =>
            Backend.AddNodesAsync(new NewNodes("demo", NodeRole.Server, Small), Waiting with { Timeout = TimeSpan.FromSeconds(1) },
                CancellationToken.None));

        Assert.Equal((ErrorKind.Timeout, ErrorIds.NodeWaitTimeout), (e.Kind, e.ErrorId));
        Assert.Contains("Not ACTIVE in Nova: demo-server-1 (BUILD).", e.Message);
        Assert.DoesNotContain("console", e.Message);
        Assert.Equal("BUILD", Assert.Single(await Backend.GetNodesAsync("demo", null, null, CancellationToken.None).ToListAsync()).Status);
    }
}
