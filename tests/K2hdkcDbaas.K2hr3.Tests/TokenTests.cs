using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3.Tests;

public class TokenTests
{
    [Theory]
    [InlineData("http://k2hr3.example:18091")]
    [InlineData("http://k2hr3.example:18091/")]
    [InlineData("http://k2hr3.example:18091/v1")]
    [InlineData("http://k2hr3.example:18091/v1/")]
    public async Task A_Keystone_token_becomes_a_scoped_one_in_one_call_with_a_body(string address)
    {
        using var bench = new Bench(address: address);
        await bench.Client.AuthenticateAsync(Bench.Ct);
        await bench.Client.AuthenticateAsync(Bench.Ct);
        var sent = Assert.Single(bench.Stub.Sent);
        Assert.Equal(("""{"auth":{"tenantName":"demo"}}""", "U=keystone-token"), (sent.Body, sent.Headers["x-auth-token"]));
        Assert.DoesNotContain("keystone-token", bench.Trace.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("k2hr3-token-1", bench.Trace.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_goes_without_a_token()
    {
        using var bench = new Bench(new K2hr3PasswordCredential("demo", "labsecret") { Tenant = "demo" });
        await bench.Client.AuthenticateAsync(Bench.Ct);
        var sent = Assert.Single(bench.Stub.Sent);
        Assert.Equal("""{"auth":{"tenantName":"demo","passwordCredentials":{"username":"demo","password":"labsecret"}}}""", sent.Body);
        Assert.False(sent.Headers.ContainsKey("x-auth-token"));
        Assert.DoesNotContain("labsecret", bench.Trace.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("labsecret", new K2hr3PasswordCredential("demo", "labsecret").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_credentials_token_is_not_even_tried()
    {
        using var bench =
            new Bench(new ForeignTokenCredential(
                _ => Task.FromResult(new ForeignToken("t", null, IsFromApplicationCredential: true)))
            { Tenant = "demo" }, loggedIn: false);
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Client.AuthenticateAsync(Bench.Ct));
        Assert.Equal(("K2hr3CredentialRequired", ErrorKind.NotSupported), (failure.ErrorId, failure.Kind));
        Assert.Contains("password", failure.NextStep!, StringComparison.Ordinal);
        Assert.Empty(bench.Stub.Sent);
    }

    [Fact]
    public async Task K2hr3s_404_to_a_log_in_is_told_as_a_failed_log_in()
    {
        using var bench = new Bench(loggedIn: false);
        bench.Stub.On("POST", "/v1/user/tokens", 404,
            """{"result":false,"message":"could not get scoped user token for other token=keystone-token, tenant=demo by status=401"}""");
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Client.AuthenticateAsync(Bench.Ct));
        Assert.Equal(("K2hr3LogInFailed", ErrorKind.Unauthenticated), (failure.ErrorId, failure.Kind));
        Assert.DoesNotContain("keystone-token", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"result":true,"scoped":true}""")]
    [InlineData("""{"result":false,"scoped":true,"token":"x"}""")]
    [InlineData("""{"result":true,"scoped":true,"token":""}""")]
    [InlineData("""{"result":true""")]
    public async Task A_log_in_that_answers_nonsense_is_an_invalid_response(string body)
    {
        using var bench = new Bench(loggedIn: false);
        bench.Stub.On("POST", "/v1/user/tokens", 201, body);
        Assert.Equal(ServiceErrorIds.InvalidResponse,
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Client.AuthenticateAsync(Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task A_token_ends_with_the_one_it_was_made_of()
    {
        using var bench = new Bench();
        await bench.Client.AuthenticateAsync(Bench.Ct);
        bench.Time.Advance(TimeSpan.FromMinutes(59.5));
        bench.OnLogIn("k2hr3-token-2");
        await bench.Client.AuthenticateAsync(Bench.Ct);
        Assert.Equal(2, bench.Stub.Sent.Count);
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once()
    {
        using var bench = new Bench().OnLogIn("k2hr3-token-2");
        const string path = "/v1/list/role?expand=false";
        bench.Stub.On("GET", path, 401,
            """{"result":false,"message":"token(k2hr3-token-1) is not existed, because it is expired or not set yet."}""")
            .On("GET", path, 200, """{"result":true,"message":null,"children":[{"name":"c"}]}""");
        Assert.Equal("c", Assert.Single(await bench.Client.Lists.GetAsync(ListKind.Role, null, deep: false, Bench.Ct)).Name);
        Assert.Equal(["U=k2hr3-token-1", "U=k2hr3-token-2"], bench.Sent.Select(s => s.Headers["x-auth-token"]));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task A_given_token_is_looked_at_and_scoped_only_if_it_is_not(bool scoped, int requests)
    {
        using var bench = new Bench(new K2hr3TokenCredential("U=given-token") { Tenant = "demo" }, loggedIn: !scoped);
        bench.Stub.On("GET", "/v1/user/tokens", 200,
            $$"""{"result":true,"message":"succeed","scoped":{{(scoped ? "true" : "false")}},"user":"demo","tenants":[]}""");
        await bench.Client.AuthenticateAsync(Bench.Ct);
        Assert.Equal(requests, bench.Stub.Sent.Count);
        Assert.All(bench.Stub.Sent, s => Assert.Equal("U=given-token", s.Headers["x-auth-token"]));
    }

    [Fact]
    public async Task The_call_that_destroys_its_token_gets_one_of_its_own()
    {
        using var bench = new Bench().OnLogIn("k2hr3-token-2");
        bench.Stub.On("GET", "/v1/list/role?expand=false", 200, """{"result":true,"children":[]}""")
            .On("GET", "/v1/acr/svc", 200, """{"result":true,"tokeninfo":{"user":"demo","tenant":"demo","service":"svc"}}""")
            .On("GET", "/v1/list/role?expand=false", 200, """{"result":true,"children":[]}""");
        await bench.Client.Lists.GetAsync(ListKind.Role, null, deep: false, Bench.Ct);
        await bench.Client.Acr.VerifyAsync("svc", Bench.Ct);
        await bench.Client.Lists.GetAsync(ListKind.Role, null, deep: false, Bench.Ct);
        Assert.Equal(["U=k2hr3-token-1", "U=k2hr3-token-2", "U=k2hr3-token-1"], bench.Sent.Select(s => s.Headers["x-auth-token"]));
    }

    [Fact]
    public void An_address_that_is_none_is_told() =>
        Assert.Equal("InvalidK2hr3Uri", Assert.Throws<DbaasException>(() => new Bench(address: "ftp://k2hr3.example")).ErrorId);
}
