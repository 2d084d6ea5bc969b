using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public class SessionTests : SandboxedTest
{
    private SessionOptions Direct =>
        new()
        {
            AuthUrl = Sandbox.AuthUrl.ToString(),
            UserName = "demo",
            Password = Sandbox.Password,
            UserDomain = "Default",
            Project = "demo",
            ProjectDomain = "Default"
        };

    [Fact]
    public async Task Looking_at_the_cloud_never_asks_K2HR3()
    {
        await using var session = await ConnectAsync(Direct);
        Assert.Equal(("demo", "demo", "Password", (Uri?)null), (session.User, session.Project, session.Authentication, session.K2hr3Uri));
        Assert.NotEmpty(await session.Feature<ICloudCatalog>().GetImagesAsync(null, CancellationToken.None).ToListAsync());
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
        await using var session =
            await ConnectAsync(
                new SessionOptions
                {
                    K2hr3Uri = Sandbox.K2hr3Url.ToString(),
                    K2hr3UserName = "demo",
                    K2hr3Password = Sandbox.Password,
                    Tenant = "demo"
                });
        Assert.Equal("K2hr3", session.Authentication);
        Assert.Empty(await (await session.GetK2hr3Async(CancellationToken.None)).Lists.GetAsync(K2hr3.ListKind.Role, null,
            true, CancellationToken.None));
        var e = Assert.Throws<DbaasException>(() => session.Clusters);
        Assert.Equal(ErrorIds.CloudNotConfigured, e.ErrorId);
    }

    [Fact]
    public async Task A_wrong_password_says_so_and_shows_none()
    {
        var wrong = new SessionOptions
        {
            AuthUrl = Sandbox.AuthUrl.ToString(),
            UserName = "demo",
            Password = "hunter2-hunter2",
            UserDomain = "Default",
            Project = "demo",
            ProjectDomain = "Default"
        };
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => ConnectAsync(wrong));
        Assert.Equal(ErrorKind.Unauthenticated, e.Kind);
        Assert.DoesNotContain("hunter2", e + string.Join('\n', Observer.Lines));
    }

    [Fact]
    public async Task A_closed_session_says_so()
    {
        var session = await ConnectAsync(Direct);
        await session.DisposeAsync();
        await session.DisposeAsync();
        var e = await Assert.ThrowsAsync<DbaasException>(
            async () => await session.Feature<ICloudCatalog>().GetFlavorsAsync(null, CancellationToken.None).ToListAsync());
        Assert.Equal(ErrorIds.SessionClosed, e.ErrorId);
        Assert.Equal(ErrorIds.SessionClosed, Assert.Throws<DbaasException>(() => session.Clusters).ErrorId);
        Assert.Equal(ErrorIds.SessionClosed,
            (await Assert.ThrowsAsync<DbaasException>(() => session.GetK2hr3Async(CancellationToken.None))).ErrorId);
    }

    [Fact]
    public async Task The_end_that_is_shown_is_that_of_the_token_in_use()
    {
        await using var session = await ConnectAsync(Direct);
        var first = session.ExpiresAt;
        // The services do not take the token any more: another one is got.
        Sandbox.Clock.Advance(TimeSpan.FromMinutes(61));
        await session.Feature<ICloudCatalog>().GetFlavorsAsync(null, CancellationToken.None).ToListAsync();
        Assert.True(session.ExpiresAt > first, $"{session.ExpiresAt} is not after {first}.");
    }

    [Theory]
    [InlineData(SandboxNames.Image)]
    [InlineData("LAB-image")]
    [InlineData("lab-im*")]
    public async Task Images_are_found_in_any_case(string name) =>
        Assert.Equal(SandboxNames.Image,
            Assert.Single(await Session.Feature<ICloudCatalog>().GetImagesAsync(name, CancellationToken.None).ToListAsync()).Name);

    [Fact]
    public async Task An_application_credential_needs_K2HR3s_own_and_the_session_says_so_at_once()
    {
        var credential = await ApplicationCredential.MakeAsync(Sandbox);
        var options = new SessionOptions
        {
            AuthUrl = Sandbox.AuthUrl.ToString(),
            ApplicationCredential = credential.Id,
            ApplicationCredentialSecret = credential.Secret,
            K2hr3Uri = Sandbox.K2hr3Url.ToString()
        };
        await using (var session = await ConnectAsync(options))
        {
            Assert.Equal("ApplicationCredential", session.Authentication);
            Assert.Contains(Observer.Lines,
                l => l.StartsWith("WARNING", StringComparison.Ordinal) && l.Contains("-K2hr3Credential", StringComparison.Ordinal));
            Assert.NotEmpty(await session.Feature<ICloudCatalog>().GetFlavorsAsync(null, CancellationToken.None).ToListAsync());
            var e = await Assert.ThrowsAnyAsync<DbaasException>(() => session.Clusters.GetClusterAsync("demo", CancellationToken.None));
            Assert.Equal("K2hr3CredentialRequired", e.ErrorId);
        }
        var before = Observer.Lines.Count(l => l.StartsWith("WARNING", StringComparison.Ordinal));
        await using var both = await ConnectAsync(new SessionOptions
        {
            AuthUrl = options.AuthUrl,
            ApplicationCredential = credential.Id,
            ApplicationCredentialSecret = credential.Secret,
            K2hr3Uri = options.K2hr3Uri,
            K2hr3UserName = "demo",
            K2hr3Password = Sandbox.Password,
        });
        Assert.Empty(await both.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.Equal(before, Observer.Lines.Count(l => l.StartsWith("WARNING", StringComparison.Ordinal)));
        Assert.DoesNotContain(credential.Secret, string.Join('\n', Observer.Lines));
    }

    [Fact]
    public async Task Two_sessions_live_side_by_side()
    {
        await using var other =
            await ConnectAsync(
                new SessionOptions { Cloud = "sandbox-alt", CloudsFile = Sandbox.CloudsFile, K2hr3Uri = Sandbox.K2hr3Url.ToString() });
        await Backend.CreateClusterAsync(new NewCluster("demo"), Quietly, CancellationToken.None);
        Assert.Empty(await other.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.Single(await Backend.GetClustersAsync("*", CancellationToken.None).ToListAsync());
        Assert.NotEqual(Session.Name, other.Name);
    }
}
