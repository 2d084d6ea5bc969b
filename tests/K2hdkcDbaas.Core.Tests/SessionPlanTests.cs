using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.OpenStack.Configuration;

namespace K2hdkcDbaas.Core.Tests;

public class SessionPlanTests
{
    private static SessionPlan Plan(SessionOptions options, Dictionary<string, string>? variables = null)
    {
        var cloud = new CloudEnvironment
        {
            Variable = name => variables?.GetValueOrDefault(name),
            CurrentFolder = "/here",
            HomeFolder = "/nosuch"
        };
        return SessionPlan.Make(options, new SessionEnvironment(cloud, "/nosuch"), BackendProviders.All, _ => { });
    }

    [Fact]
    public void K2HR3_alone_is_spoken_to_as_the_caller_says()
    {
        var http = Plan(new SessionOptions
        {
            K2hr3Uri = "https://k2hr3.example",
            K2hr3UserName = "u",
            K2hr3Password = "p",
            CaFile = "/ca.pem",
            VerifyTls = false,
            RequestTimeout = TimeSpan.FromSeconds(5),
        }).K2hr3Http;
        Assert.Equal(("/ca.pem", false, TimeSpan.FromSeconds(5)), (http.CaFile, http.VerifyCertificates, http.RequestTimeout));
    }

    [Fact]
    public void K2HR3_is_trusted_as_the_cloud_is_unless_it_has_an_authority_of_its_own()
    {
        var cloud = new SessionOptions
        {
            AuthUrl = "https://cloud.example/v3",
            UserName = "u",
            Password = "p",
            K2hr3Uri = "https://k2hr3.example",
            CaFile = "/cloud.pem"
        };
        Assert.Equal("/cloud.pem", Plan(cloud).K2hr3Http.CaFile);

        var own = Plan(cloud, new() { ["K2HDKC_K2HR3_CACERT"] = "k2hr3.pem" });
        Assert.Equal(("/here/k2hr3.pem", "/cloud.pem"), (own.K2hr3Http.CaFile, own.Cloud!.Http.CaFile));
        own = Plan(new SessionOptions
        {
            AuthUrl = cloud.AuthUrl,
            UserName = "u",
            Password = "p",
            K2hr3Uri = cloud.K2hr3Uri,
            K2hr3CaFile = "/k2hr3.pem"
        });
        Assert.Equal(("/k2hr3.pem", (string?)null), (own.K2hr3Http.CaFile, own.Cloud!.Http.CaFile));
    }

    [Theory]
    [InlineData(60, 180)]
    [InlineData(600, 1800)]
    public void A_request_that_may_take_long_may_be_tried_again(int request, int total)
    {
        var plan = Plan(
            new SessionOptions
            {
                AuthUrl = "https://cloud.example/v3",
                UserName = "u",
                Password = "p",
                RequestTimeout = TimeSpan.FromSeconds(request)
            });
        Assert.Equal((request, total), ((int)plan.Cloud!.Http.RequestTimeout.TotalSeconds, (int)plan.Cloud.Http.TotalTimeout.TotalSeconds));
    }
}
