using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Sandbox;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Things of others that bear a cluster's name are neither taken over nor removed.</summary>
public class ForeignThingsTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, Guests = false };

    [Theory]
    [InlineData("role")]
    [InlineData("role with children")]
    [InlineData("role of its policy")]
    [InlineData("policy")]
    [InlineData("text")]
    [InlineData("alias")]
    public async Task A_stranger_s_thing_is_no_cluster(string what)
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await MakeAsync(k2hr3, what);
        var before = await StateAsync(k2hr3);
        Sandbox.Calls.Clear();

        var taken = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.CreateClusterAsync(new NewCluster("web"), Quietly, CancellationToken.None));
        var missing = await Assert.ThrowsAsync<DbaasException>(() => Backend.RemoveClusterAsync("web", Quietly, CancellationToken.None));
        var unknown = await Assert.ThrowsAsync<DbaasException>(() => Backend.GetClusterAsync("web", CancellationToken.None));

        Assert.Equal((ErrorKind.AlreadyExists, ErrorIds.NameTaken), (taken.Kind, taken.ErrorId));
        Assert.Equal((ErrorKind.NotFound, ErrorIds.ClusterNotFound), (missing.Kind, missing.ErrorId));
        Assert.Equal((ErrorKind.NotFound, ErrorIds.ClusterNotFound), (unknown.Kind, unknown.ErrorId));
        Assert.Empty(await Backend.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.Empty(Calls(changesOnly: true));
        Assert.Equal(before, await StateAsync(k2hr3));
    }

    [Fact]
    public async Task A_host_of_a_stranger_s_role_is_no_node()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await MakeAsync(k2hr3, "role with children");
        await k2hr3.Roles.AddHostsAsync("web/server", [new RoleHost { Host = "10.1.2.3" }], CancellationToken.None);

        foreach (var call in new Func<Task>[]
        {
            async () => await Backend.GetNodesAsync("web", null, null, CancellationToken.None).ToListAsync(),
            () => Backend.RemoveNodeAsync("web", null, "10.1.2.3", Quietly, CancellationToken.None),
        })
        {
            Assert.Equal(ErrorIds.ClusterNotFound, (await Assert.ThrowsAsync<DbaasException>(call)).ErrorId);
        }
        Assert.Single((await k2hr3.Roles.GetAsync("web/server", CancellationToken.None)).Hosts);
    }

    [Fact]
    public async Task A_Trove_cluster_s_part_is_left_to_Trove()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        var keys = new Dictionary<string, System.Text.Json.JsonElement>
        {
            ["cluster-name"] = ResourceChange.Value("tdb"),
            ["k2hdkc-dbaas-backend"] = ResourceChange.Value("trove")
        };
        await k2hr3.Resources.SaveAsync("tdb", new ResourceChange { Text = "x", Keys = keys }, CancellationToken.None);
        await k2hr3.Roles.AddHostsAsync("tdb/server", [new RoleHost { Host = "10.1.2.3" }], CancellationToken.None);
        Sandbox.Calls.Clear();

        foreach (var call in new Func<Task>[]
        {
            () => Backend.RemoveClusterAsync("tdb", Quietly, CancellationToken.None),
            () => Backend.RemoveNodeAsync("tdb", null, "10.1.2.3", Quietly, CancellationToken.None),
            () => Backend.AddNodesAsync(new NewNodes("tdb", NodeRole.Server, Small), Quietly, CancellationToken.None),
        })
        {
            var e = await Assert.ThrowsAsync<DbaasException>(call);
            Assert.Equal(ErrorIds.ClusterNotFound, e.ErrorId);
            Assert.Contains("-Backend Trove", e.NextStep, StringComparison.OrdinalIgnoreCase);
        }
        Assert.Equal(ErrorIds.NameTaken,
            (await Assert.ThrowsAsync<DbaasException>(
                () => Backend.CreateClusterAsync(new NewCluster("tdb"), Quietly, CancellationToken.None))).ErrorId);
        Assert.Empty(Calls(changesOnly: true));
    }

    [Fact]
    public async Task What_is_left_of_a_cluster_goes_and_a_stranger_s_policy_stays()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await Backend.CreateClusterAsync(new NewCluster("web"), Quietly, CancellationToken.None);
        // All but the security groups was removed by hand, and the name used again.
        foreach (var role in new[] { "web/server", "web/slave", "web" }) await k2hr3.Roles.DeleteAsync(role, CancellationToken.None);
        await k2hr3.Policies.DeleteAsync("web", CancellationToken.None);
        foreach (var resource in new[] { "web/server", "web/slave", "web" })
            await k2hr3.Resources.DeleteAsync(resource, CancellationToken.None);
        await MakeAsync(k2hr3, "role of its policy");

        var removed = await Backend.RemoveClusterAsync("web", Quietly, CancellationToken.None);

        Assert.Equal(["security group", "security group"], removed.Select(r => r.Kind));
        Assert.Equal("web", Assert.Single(await k2hr3.Lists.GetAsync(ListKind.Policy, null, false, CancellationToken.None)).Name);
    }

    [Fact]
    public async Task A_cluster_without_its_own_resource_is_still_one()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        await k2hr3.Resources.DeleteAsync("demo", CancellationToken.None);

        Assert.Equal(["resource demo"], (await Backend.GetClusterAsync("demo", CancellationToken.None)).MissingParts);
        await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_role_that_a_broken_undo_left_is_removed()
    {
        var k2hr3 = await Session.GetK2hr3Async(CancellationToken.None);
        await k2hr3.Roles.SaveAsync("demo", ["yrn:yahoo:::demo:policy:demo"], null, CancellationToken.None);

        var removed = await Backend.RemoveClusterAsync("demo", Quietly, CancellationToken.None);

        Assert.Equal("role demo", Assert.Single(removed).ToString());
        await NothingIsLeftAsync();
    }

    private static async Task MakeAsync(K2hr3Client k2hr3, string what)
    {
        var policy = new Policy { Name = "web", Effect = "allow", Actions = [Yrn.Read], Resources = ["yrn:yahoo:::demo:resource:pages"] };
        switch (what)
        {
            case "role":
                await k2hr3.Roles.SaveAsync("web", ["yrn:yahoo:::demo:policy:other"], null, CancellationToken.None);
                break;
            case "role with children":
                await k2hr3.Roles.SaveAsync("web/server", ["yrn:yahoo:::demo:policy:other"], null, CancellationToken.None);
                break;
            case "role of its policy":
                await k2hr3.Policies.SaveAsync(policy, CancellationToken.None);
                await k2hr3.Roles.SaveAsync("web", ["yrn:yahoo:::demo:policy:web"], null, CancellationToken.None);
                break;
            case "policy":
                await k2hr3.Policies.SaveAsync(policy, CancellationToken.None);
                break;
            case "text":
                await k2hr3.Resources.SaveAsync("web", new ResourceChange { Text = "<html>" }, CancellationToken.None);
                break;
            default:
                await k2hr3.Resources.SaveAsync("pages", new ResourceChange { Text = "<html>" }, CancellationToken.None);
                await k2hr3.Resources.SaveAsync("web", new ResourceChange { Text = "", Aliases = ["yrn:yahoo:::demo:resource:pages"] },
                    CancellationToken.None);
                break;
        }
    }

    private static async Task<string> StateAsync(K2hr3Client k2hr3)
    {
        var policies = await k2hr3.Lists.GetAsync(ListKind.Policy, null, true, CancellationToken.None);
        var roles = await k2hr3.Lists.GetAsync(ListKind.Role, null, true, CancellationToken.None);
        var resources = await k2hr3.Lists.GetAsync(ListKind.Resource, null, true, CancellationToken.None);
        var resource = resources.Any(r => r.Name == "web") ? await k2hr3.Resources.GetAsync("web", false, CancellationToken.None) : null;
        return string.Join(' ',
            policies.Concat(roles).Concat(resources).Select(t => t.Name + "/" + string.Join(',', t.Children.Select(c => c.Name))))
            + resource?.Text
            + string.Join(',', resource?.Aliases ?? []);
    }
}
