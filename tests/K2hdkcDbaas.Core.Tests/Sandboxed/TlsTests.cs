using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.Core.Tests.Sandboxed;

public sealed class TlsTests : SandboxedTest
{
    [Fact]
    public async Task A_cloud_over_TLS_needs_its_authority_or_the_word_that_nobody_checks()
    {
        await using var front = new TlsFront(Sandbox.AuthUrl);
        using var folder = new TemporaryFolder();
        folder.Write("ca.pem", front.AuthorityPem);
        await FitsOnlyWhenTrustedAsync(folder["ca.pem"], (ca, verify) => new SessionOptions
        {
            AuthUrl = front.Address + "v3",
            UserName = "demo",
            Password = Sandbox.Password,
            Project = "demo",
            CaFile = ca,
            VerifyTls = verify,
        });
    }

    [Fact]
    public async Task K2HR3_alone_over_TLS_does_too()
    {
        await using var front = new TlsFront(Sandbox.K2hr3Url);
        using var folder = new TemporaryFolder();
        folder.Write("ca.pem", front.AuthorityPem);
        await FitsOnlyWhenTrustedAsync(folder["ca.pem"], (ca, verify) => new SessionOptions
        {
            K2hr3Uri = front.Address.ToString(),
            K2hr3UserName = "demo",
            K2hr3Password = Sandbox.Password,
            Tenant = "demo",
            CaFile = ca,
            VerifyTls = verify,
        });
    }

    [Fact]
    public async Task K2HR3_may_have_another_authority_than_the_cloud()
    {
        await using var keystone = new TlsFront(Sandbox.AuthUrl);
        await using var k2hr3 = new TlsFront(Sandbox.K2hr3Url);
        using var folder = new TemporaryFolder();
        folder.Write("cloud.pem", keystone.AuthorityPem);
        folder.Write("k2hr3.pem", k2hr3.AuthorityPem);
        await using var session = await ConnectAsync(new SessionOptions
        {
            AuthUrl = keystone.Address + "v3",
            UserName = "demo",
            Password = Sandbox.Password,
            Project = "demo",
            CaFile = folder["cloud.pem"],
            K2hr3Uri = k2hr3.Address.ToString(),
            K2hr3CaFile = folder["k2hr3.pem"],
        });
        Assert.Empty(await session.Clusters.GetClustersAsync("*", CancellationToken.None).ToListAsync());
    }

    private async Task FitsOnlyWhenTrustedAsync(string authority, Func<string?, bool?, SessionOptions> options)
    {
        var e = await Assert.ThrowsAnyAsync<DbaasException>(() => ConnectAsync(options(null, null)));
        Assert.Equal((ErrorKind.Unreachable, ServiceErrorIds.TlsFailed), (e.Kind, e.ErrorId));
        Assert.Contains("cacert", e.NextStep);
        await using var trusting = await ConnectAsync(options(authority, null));
        await using var blind = await ConnectAsync(options(null, false));
    }
}
