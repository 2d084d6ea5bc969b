using K2hdkcDbaas.Http;
using K2hdkcDbaas.Http.Tests;
using K2hdkcDbaas.OpenStack.Configuration;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.OpenStack.Tests;

/// <summary>A session with a stubbed cloud that has logged in already unless told otherwise.</summary>
internal sealed class Bench : IDisposable
{
    public const string Project = "12695abed6e44e0580571716e90c6ff5";

    public static readonly CloudSettings Demo = new()
    {
        AuthUrl = new Uri("http://keystone.example:5000/v3"),
        Credential = new PasswordCredential { UserName = "demo", DomainName = "Default", Password = "labsecret" },
        Scope = new ProjectScope { ProjectName = "demo", DomainName = "Default" },
        Http = new HttpSettings { MaxAttempts = 1 },
    };

    public Bench(CloudSettings? settings = null, bool loggedIn = true)
    {
        Cloud = new OpenStackConnection(settings ?? Demo, Trace, Time, Stub);
        if (loggedIn) OnLogIn();
    }

    public StubTransport Stub { get; } = new();

    public ManualTime Time { get; } = new();

    public Trace Trace { get; } = new();

    public OpenStackConnection Cloud { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What was sent besides the log-ins.</summary>
    public IEnumerable<SentRequest> Sent => Stub.Sent.Where(s => !s.Address.Contains("/auth/tokens", StringComparison.Ordinal));

    public Bench OnLogIn(string token = "tok-1", TimeSpan? lifetime = null, string? catalog = null)
    {
        Stub.On("POST", "http://keystone.example:5000/v3/auth/tokens", 201, TokenBody(lifetime, catalog),
            a => a.Headers.Add("X-Subject-Token", token));
        return this;
    }

    public string TokenBody(TimeSpan? lifetime = null, string? catalog = null)
    {
        var now = Time.GetUtcNow();
        return $$$"""
            {"token":{"methods":["password"],"user":{"id":"u1","name":"demo","domain":{"id":"default","name":"Default"},"password_expires_at":null},
            "expires_at":"{{{now + (lifetime ?? TimeSpan.FromHours(1)):yyyy-MM-ddTHH:mm:ss.ffffffZ}}}","issued_at":"{{{now:yyyy-MM-ddTHH:mm:ss.ffffffZ}}}",
            "project":{"id":"{{{Project}}}","name":"demo","domain":{"id":"default","name":"Default"}},"is_domain":false,"roles":[{"id":"r1","name":"member"}],
            "catalog":{{{catalog ?? Catalog("RegionOne")}}}}}
            """;
    }

    public static string Catalog(params string[] regions)
    {
        static string Endpoint(string type, string url, string region, string side) =>
            $$"""{"id":"{{type + region + side}}","interface":"{{side}}","region_id":"{{region}}","region":"{{region}}","url":"{{url.Replace("HOST", (side == "public" ? "" : "internal-") + region, StringComparison.Ordinal)}}"}""";
        string Service(string type, string url)
        {
            var endpoints = regions.SelectMany(r => new[] { Endpoint(type, url, r, "public"), Endpoint(type, url, r, "internal") });
            return $$"""{"id":"{{type}}","type":"{{type}}","name":"x","endpoints":[{{string.Join(',', endpoints)}}]}""";
        }
        return $"[{Service("compute", "http://nova.HOST:8774/v2.1")},{Service("image", "http://glance.HOST:9292")},{Service("network", "http://neutron.HOST:9696/")},{Service("database", $"http://trove.HOST:8779/v1.0/{Project}")}]";
    }

    public void Dispose()
    {
        Cloud.Dispose();
        Stub.VerifyAllCame();
    }
}
