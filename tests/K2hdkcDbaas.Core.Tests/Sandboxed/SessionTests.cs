using K2hdkcDbaas.Faults;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class SessionTests : SandboxedTest
{
    private SessionOptions Direct => new() { AuthUrl = Sandbox.AuthUrl.ToString(), UserName = "demo", Password = Sandbox.Password, UserDomain = "Default", Project = "demo", ProjectDomain = "Default" };

    [Fact]
    public async Task Looking_at_the_cloud_never_asks_K2HR3()
    {
        await using var session = await ConnectAsync(Direct);
        Assert.Equal(("demo", "demo", "Password", (Uri?)null), (session.User, session.Project, session.Authentication, session.K2hr3Uri));
        Assert.NotEmpty(await session.Catalog.GetImagesAsync(null, CancellationToken.None).ToListAsync());
        Assert.DoesNotContain(Sandbox.Calls.All, c => c.Service == "k2hr3");

        var e = await Assert.ThrowsAsync<DbaasException>(() => session.Clusters.GetClusterAsync("demo", CancellationToken.None));
        Assert.Equal(ErrorIds.K2hr3NotConfigured, e.ErrorId);
        Assert.Contains("-K2hr3Uri", e.NextStep);
    }

    [Theory]
    [InlineData("K2HDKC_K2HR3_URI")]
    [InlineData("K2HR3CLI_API_URI")]
    public async Task The_address_of_K2HR3_comes_from_the_environment_too(string variable)
    {
        await using var session = await ConnectAsync(Direct, new() { [variable] = Sandbox.K2hr3Url.ToString() });
        Assert.Empty(await session.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task K2HR3_alone_does_what_needs_no_cloud()
    {
        await using var session = await ConnectAsync(new SessionOptions { K2hr3Uri = Sandbox.K2hr3Url.ToString(), K2hr3UserName = "demo", K2hr3Password = Sandbox.Password, Tenant = "demo" });
        Assert.Equal("K2hr3", session.Authentication);
        Assert.Empty(await (await session.GetK2hr3Async(CancellationToken.None)).Lists.GetAsync(K2hr3.ListKind.Role, null, true, CancellationToken.None));
        var e = Assert.Throws<DbaasException>(() => session.Clusters);
        Assert.Equal(ErrorIds.CloudNotConfigured, e.ErrorId);
    }

    [Fact]
    public async Task A_wrong_password_says_so_and_shows_none()
    {
        var wrong = new SessionOptions { AuthUrl = Sandbox.AuthUrl.ToString(), UserName = "demo", Password = "hunter2-hunter2", UserDomain = "Default", Project = "demo", ProjectDomain = "Default" };
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => ConnectAsync(wrong));
        Assert.Equal(FaultKind.Unauthenticated, e.Kind);
        Assert.DoesNotContain("hunter2", e + string.Join('\n', Observer.Lines));
    }

    [Fact]
    public async Task Two_sessions_live_side_by_side()
    {
        await using var other = await ConnectAsync(new SessionOptions { Cloud = "sandbox-alt", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() });
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        Assert.Empty(await other.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.Single(await Backend.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.NotEqual(Session.Name, other.Name);
    }
}
