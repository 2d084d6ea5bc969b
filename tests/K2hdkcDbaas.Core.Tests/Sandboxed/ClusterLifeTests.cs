using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class ClusterLifeTests : SandboxedTest
{
    [Fact]
    public async Task A_bare_cluster_takes_no_needless_request()
    {
        var cluster = await Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None);

        Assert.Equal(("demo", ClusterStatus.Ready, "demo"), (cluster.Name, cluster.Status, cluster.Project));
        var calls = Sandbox.Calls.All.Select(c => $"{c.Method} {c.Path}").ToList();
        // One token, three looks whether the name is free, seven writes, one look whether they are ours; only the order within each tree is
        // fixed.
        Assert.Equal("POST /v1/user/tokens", calls[0]);
        Assert.Equal(["GET /v1/list/policy", "GET /v1/list/role", "GET /v1/resource/demo"], calls.Skip(1).Take(3).Order());
        Assert.Equal(["POST /v1/policy", "POST /v1/resource", "POST /v1/resource", "POST /v1/resource", "POST /v1/role", "POST /v1/role",
            "POST /v1/role"], calls.Skip(4).SkipLast(1).Order());
        Assert.Equal("GET /v1/resource/demo", calls[^1]);
        Assert.True(calls.LastIndexOf("POST /v1/resource") < calls.IndexOf("POST /v1/policy"),
            "The policy counts references to the resources.");
    }

    [Fact]
    public async Task Creating_twice_says_so_and_changes_nothing()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None);
        Sandbox.Calls.Clear();

        var e = await Assert.ThrowsAsync<DbaasException>(
            () => Backend.CreateClusterAsync(new NewCluster("demo") { NoSecurityGroup = true }, Quietly, CancellationToken.None));

        Assert.Equal((ErrorKind.AlreadyExists, ErrorIds.ClusterExists), (e.Kind, e.ErrorId));
        Assert.Empty(Calls(changesOnly: true));
    }

    [Fact]
    public async Task A_cluster_reads_as_it_was_made()
    {
        var ports = new ClusterPorts { Server = 9020, ServerControl = 9021, SlaveControl = 9031 };
        await Backend.CreateClusterAsync(
            new NewCluster("demo") { NoSecurityGroup = true, Ports = ports, RunUser = "dbuser", CreateUser = true }, Quietly,
            CancellationToken.None);

        var read = await Backend.GetClusterAsync("Demo", CancellationToken.None);
        Assert.Equal(("demo", ports, "dbuser", true, ClusterStatus.Ready),
            (read.Name, read.Ports, read.RunUser, read.CreateUser, read.Status));

        var listed = await Backend.GetClustersAsync("d*", CancellationToken.None).ToListAsync();
        Assert.Equal("demo", Assert.Single(listed).Name);
        Assert.Empty(await Backend.GetClustersAsync("x*", CancellationToken.None).ToListAsync());

        var ini = await Backend.GetConfigurationAsync("demo", NodeRole.Server, expanded: true, CancellationToken.None);
        Assert.Contains("MODE = SERVER\n", ini.Text);
        Assert.Contains("PORT = 9020\nCTLPORT = 9021\n", ini.Text);
        Assert.Equal(9020L, ini.Keys["chmpx-server-port"]);

        var template = await Backend.GetConfigurationAsync("demo", NodeRole.Slave, expanded: false, CancellationToken.None);
        Assert.StartsWith("{{#!k2hr3template }}", template.Text);
        Assert.Equal("SLAVE", template.Keys["chmpx-mode"]);
    }

    [Fact]
    public async Task What_does_not_exist_is_said_to_be_missing()
    {
        foreach (var call in new Func<Task>[]
        {
            () => Backend.GetClusterAsync("nosuch", CancellationToken.None),
            () => Backend.GetConfigurationAsync("nosuch", NodeRole.Server, true, CancellationToken.None),
            () => Backend.GetConfigurationAsync("nosuch", null, false, CancellationToken.None),
        })
        {
            var e = await Assert.ThrowsAsync<DbaasException>(call);
            Assert.Equal((ErrorKind.NotFound, ErrorIds.ClusterNotFound), (e.Kind, e.ErrorId));
        }
    }
}
