using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

/// <summary>Without guests, whose own requests would be counted too.</summary>
public class RequestCountTests : SandboxedTest
{
    private protected override SandboxOptions Options => new() { Speed = 10, Guests = false };

    [Fact]
    public async Task Eight_nodes_take_no_needless_request()
    {
        await Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 8, Nodes = Small }, Quietly, CancellationToken.None);

        var changes = Sandbox.Calls.All.Where(c => c.IsChange).ToList();
        Assert.Equal(8, changes.Count(c => c is { Service: "nova", Path: "/v2.1/servers" }));
        // Two groups and their rules, seven things of K2HR3 and its token.
        Assert.Equal(8 + 4 + 7 + 1, changes.Count);
        var reads = Sandbox.Calls.All.Where(c => !c.IsChange).Select(c => $"{c.Service} {c.Path}").ToList();
        Assert.Equal(
            ["glance /v2/images", "k2hr3 /v1/list/policy", "k2hr3 /v1/list/role", "k2hr3 /v1/resource/demo", "k2hr3 /v1/resource/demo",
                "k2hr3 /v1/role/token/demo/server", "neutron /v2.0/networks", "neutron /v2.0/security-groups",
                "neutron /v2.0/security-groups",
                "nova /v2.1/flavors/detail", "nova /v2.1/servers/detail", "nova /v2.1/servers/detail"],
            reads.Order());
    }
}
