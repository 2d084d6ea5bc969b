using K2hdkcDbaas.Http;
using K2hdkcDbaas.Http.Tests;
using K2hdkcDbaas.Tests.Support;

namespace K2hdkcDbaas.K2hr3.Tests;

/// <summary>A session with a stubbed K2HR3 that has logged in already unless told otherwise.</summary>
internal sealed class Bench : IDisposable
{
    public Bench(K2hr3Credential? credential = null, bool loggedIn = true, string address = "http://k2hr3.example:18091")
    {
        Client = new K2hr3Client(
            new Uri(address),
            credential ?? new ForeignTokenCredential(
                _ => Task.FromResult(new ForeignToken("keystone-token", Time!.GetUtcNow() + TimeSpan.FromHours(1))))
            { Tenant = "demo" },
            new HttpSettings { MaxAttempts = 1 }, Trace, Time, Stub);
        if (loggedIn) OnLogIn();
    }

    public StubTransport Stub { get; } = new();

    public ManualTime Time { get; } = new();

    public Trace Trace { get; } = new();

    public K2hr3Client Client { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public IEnumerable<SentRequest> Sent =>
        Stub.Sent.Where(s => !(s.Method == "POST" && s.Address.EndsWith("/v1/user/tokens", StringComparison.Ordinal)));

    public Bench OnLogIn(string token = "k2hr3-token-1")
    {
        Stub.On("POST", "http://k2hr3.example:18091/v1/user/tokens", 201,
            $$"""{"result":true,"message":"succeed","scoped":true,"token":"{{token}}"}""");
        return this;
    }

    public Bench OnCreated(string path)
    {
        Stub.On("POST", path, 201, """{"result":true,"message":null}""");
        return this;
    }

    public void Dispose()
    {
        Client.Dispose();
        Stub.VerifyAllCame();
    }
}
