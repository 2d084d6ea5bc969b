using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Sandbox;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class RoleTokenTests : SandboxedTest
{
    [Fact]
    public async Task A_role_token_whose_answer_got_lost_is_not_made_again()
    {
        Sandbox.Faults.Add(
            new FaultRule
            {
                Service = "k2hr3",
                Method = "GET",
                Path = "/v1/role/token/demo/server",
                Action = FaultAction.Cut,
                AfterWork = true,
                Count = null
            });
        var e = await Assert.ThrowsAsync<FlowException>(
            () => Backend.CreateClusterAsync(new NewCluster("demo") { ServerCount = 1, Nodes = Small }, Quietly, CancellationToken.None));
        Assert.Equal(ServiceErrorIds.ConnectionLost, e.ErrorId);
        Assert.Single(Sandbox.Calls.All, c => c is { Method: "GET", Path: "/v1/role/token/demo/server" });
        await NothingIsLeftAsync();
    }
}
