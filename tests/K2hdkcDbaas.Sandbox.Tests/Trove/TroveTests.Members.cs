using K2hdkcDbaas.Sandbox.Tests.Hosting;

namespace K2hdkcDbaas.Sandbox.Tests.Trove;

/// <summary>What Trove does with the members of its clusters, and what an administrator resets.</summary>
public partial class TroveTests
{
    [Fact]
    public async Task A_growth_over_quota_leaves_the_cluster_growing_for_good()
    {
        await using var cloud = await Cloud.StartAsync();
        var path = $"{Base}/clusters/{Id(await CreateClusterAsync(cloud, 2), "cluster")}";
        await cloud.Host.AdvanceAsync(Long);
        cloud.Host.SetQuota("demo", "trove", "instances", 2);
        Assert.Equal(413, (await cloud.PostAsync("trove", path, $$$$"""{"grow": [{{{{await MachineAsync(cloud)}}}}]}""")).Status);
        await cloud.Host.AdvanceAsync(TimeSpan.FromHours(1) / 2);
        Assert.Equal("GROWING_CLUSTER", Task(await cloud.GetAsync("trove", path)));
    }

    [Fact]
    public async Task New_members_are_numbered_by_how_many_there_are()
    {
        await using var cloud = await Cloud.StartAsync();
        var made = await CreateClusterAsync(cloud, 2);
        var path = $"{Base}/clusters/{Id(made, "cluster")}";
        await cloud.Host.AdvanceAsync(Long);
        var first = made.Body!["cluster"]!["instances"]!.AsArray()
            .Single(i => i!["name"]!.GetValue<string>() == "c-member-1")!["id"]!.GetValue<string>();
        Assert.Equal(202, (await cloud.PostAsync("trove", path, $$$$"""{"shrink": [{"id": "{{{{first}}}}"}]}""")).Status);
        await cloud.Host.AdvanceAsync(Long);
        Assert.Equal(202, (await cloud.PostAsync("trove", path, $$$$"""{"grow": [{{{{await MachineAsync(cloud)}}}}]}""")).Status);
        var names = (await cloud.GetAsync("trove", path)).Body!["cluster"]!["instances"]!.AsArray()
            .Select(i => i!["name"]!.GetValue<string>());
        Assert.Equal(["c-member-2", "c-member-2"], names);
    }

    [Fact]
    public async Task One_member_that_fails_fails_them_all_and_the_task_stays()
    {
        await using var cloud =
            await Cloud.StartAsync(
                new SandboxOptions { Speed = 0, Guests = false, GuestFaults = [new GuestFault("c-member-2", GuestFaultKind.NoBoot)] });
        var path = $"{Base}/clusters/{Id(await CreateClusterAsync(cloud, 2), "cluster")}";
        await cloud.Host.AdvanceAsync(TimeSpan.FromHours(1) / 2);
        var cluster = (await cloud.GetAsync("trove", path)).Body!["cluster"]!;
        Assert.Equal("BUILDING", cluster["task"]!["name"]!.GetValue<string>());
        Assert.Equal(["ERROR", "ERROR"], cluster["instances"]!.AsArray().Select(i => i!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Members_are_neither_deleted_nor_restarted_alone_by_their_owner()
    {
        await using var cloud = await Cloud.StartAsync();
        var made = await CreateClusterAsync(cloud, 2);
        await cloud.Host.AdvanceAsync(Long);
        var path = $"{Base}/instances/{made.Body!["cluster"]!["instances"]![0]!["id"]}";
        var deleted = await cloud.SendAsync("DELETE", "trove", path, (string?)null);
        var restarted = await cloud.PostAsync("trove", path + "/action", """{"restart": {}}""");
        foreach (var answer in new[] { deleted, restarted })
            Assert.Equal((501, "Operation not supported for instances that are part of a cluster."), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_reset_frees_an_instance_and_fails_its_backup()
    {
        await using var cloud = await Cloud.StartAsync();
        var id = await InstanceAsync(cloud);
        var backup = Id(await cloud.PostAsync("trove", Base + "/backups", $$$$"""{"backup": {"name": "b", "instance": "{{{{id}}}}"}}"""),
            "backup");
        var refused = await cloud.PostAsync("trove", $"{Base}/instances/{id}/action", """{"reset_status": {}}""");
        Assert.Equal((403, "Policy doesn't allow instance:reset_status to be performed."), (refused.Status, refused.Error));
        var admin = (await cloud.GetAsync("keystone", "/v3/auth/projects", user: "admin")).Body!["projects"]![0]!["id"]!.GetValue<string>();
        Assert.Equal(202,
            (await cloud.PostAsync("trove", $"/v1.0/{admin}/instances/{id}/action", """{"reset_status": {}}""", user: "admin")).Status);
        Assert.Equal("ACTIVE", (await cloud.GetAsync("trove", $"{Base}/instances/{id}")).Body!["instance"]!["status"]!.GetValue<string>());
        await cloud.Host.AdvanceAsync(Long);
        Assert.Equal("FAILED", (await cloud.GetAsync("trove", $"{Base}/backups/{backup}")).Body!["backup"]!["status"]!.GetValue<string>());
    }
}
