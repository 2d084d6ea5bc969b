using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Configuration;

namespace K2hdkcDbaas.OpenStack.Tests;

public class KeystoneTests
{
    [Fact]
    public async Task A_password_log_in_sends_exactly_this()
    {
        using var bench = new Bench();
        var token = await bench.Cloud.AuthenticateAsync(Bench.Ct);
        Assert.Equal("""{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"demo","domain":{"name":"Default"},"password":"labsecret"}}},"scope":{"project":{"name":"demo","domain":{"name":"Default"}}}}}""",
            Assert.Single(bench.Stub.Sent).Body);
        Assert.Equal(("tok-1", Bench.Project, "demo"), (token.Value, token.ProjectId, token.UserName));
        Assert.DoesNotContain("tok-1", token.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("labsecret", bench.Trace.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_need_no_domain()
    {
        using var bench =
            new Bench(Bench.Demo with
            {
                Credential = new PasswordCredential { UserId = "u1", Password = "labsecret" },
                Scope = new ProjectScope { ProjectId = "p1", ProjectName = "demo" }
            });
        await bench.Cloud.AuthenticateAsync(Bench.Ct);
        Assert.Equal("""{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"u1","password":"labsecret"}}},"scope":{"project":{"id":"p1"}}}}""", bench.Stub.Sent[0].Body);
    }

    [Theory]
    [InlineData(true,
        """{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":"a1","secret":"appsecret"}}}}""")]
    [InlineData(false,
        """{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"name":"ci","secret":"appsecret","user":{"name":"demo","domain":{"id":"default"}}}}}}""")]
    public async Task An_application_credential_never_brings_a_scope(bool byId, string body)
    {
        using var bench = new Bench(Bench.Demo with
        {
            Credential = byId
                ? new ApplicationCredential { Id = "a1", Secret = "appsecret" }
                : new ApplicationCredential { Name = "ci", UserName = "demo", DomainId = "default", Secret = "appsecret" },
        });
        await bench.Cloud.AuthenticateAsync(Bench.Ct);
        Assert.Equal(body, bench.Stub.Sent[0].Body);
    }

    [Fact]
    public async Task A_missing_name_is_told_before_anything_is_sent()
    {
        using var bench = new Bench(Bench.Demo with { Credential = new PasswordCredential { Password = "labsecret" } }, loggedIn: false);
        Assert.Equal("CredentialIncomplete",
            (await Assert.ThrowsAsync<DbaasException>(() => bench.Cloud.AuthenticateAsync(Bench.Ct))).ErrorId);
        Assert.Empty(bench.Stub.Sent);
    }

    [Fact]
    public async Task A_name_without_a_domain_is_looked_for_in_the_domain_default()
    {
        using var bench =
            new Bench(Bench.Demo with
            {
                Credential = new PasswordCredential { UserName = "demo", Password = "labsecret" },
                Scope = new ProjectScope { ProjectName = "demo" }
            });
        await bench.Cloud.AuthenticateAsync(Bench.Ct);
        Assert.Equal("""{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"demo","domain":{"id":"default"},"password":"labsecret"}}},"scope":{"project":{"name":"demo","domain":{"id":"default"}}}}}""", bench.Stub.Sent[0].Body);
    }

    [Theory]
    [InlineData("http://keystone.example:5000", 300)]
    [InlineData("http://keystone.example:5000/", 200)]
    [InlineData("http://keystone.example:5000/v2.0", 300)]
    public async Task A_root_is_asked_for_its_versions_and_its_links_are_not_followed(string url, int status)
    {
        using var bench = new Bench(Bench.Demo with { AuthUrl = new Uri(url) });
        bench.Stub.On("GET", "http://keystone.example:5000/", status,
            """{"versions":{"values":[{"id":"v3.14","links":[{"rel":"self","href":"http://elsewhere.example/v3/"}]}]}}""");
        await bench.Cloud.AuthenticateAsync(Bench.Ct);
    }

    [Fact]
    public async Task A_Keystone_without_v3_is_told_so()
    {
        using var bench = new Bench(Bench.Demo with { AuthUrl = new Uri("http://keystone.example:5000/") }, loggedIn: false);
        bench.Stub.On("GET", "/", 300, """{"versions":{"values":[{"id":"v2.0"}]}}""");
        Assert.Equal("KeystoneV3Required",
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.AuthenticateAsync(Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task A_refused_log_in_names_who_and_where_and_no_secret()
    {
        using var bench = new Bench(loggedIn: false);
        bench.Stub.On("POST", "/v3/auth/tokens", 401,
            """{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}""");
        var failure = await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.AuthenticateAsync(Bench.Ct));
        Assert.Equal(("LogInFailed", ErrorKind.Unauthenticated), (failure.ErrorId, failure.Kind));
        Assert.Contains("demo", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("labsecret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"token":{"user":{"id":"u","name":"n"}}}""")]
    [InlineData("not json")]
    public async Task A_log_in_that_answers_nonsense_is_an_invalid_response(string body)
    {
        using var bench = new Bench(loggedIn: false);
        bench.Stub.On("POST", "/v3/auth/tokens", 201, body, a => a.Headers.Add("X-Subject-Token", "t"));
        Assert.Equal(ServiceErrorIds.InvalidResponse,
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.AuthenticateAsync(Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task A_log_in_without_the_header_is_an_invalid_response()
    {
        using var bench = new Bench(loggedIn: false);
        bench.Stub.On("POST", "/v3/auth/tokens", 201, bench.TokenBody());
        Assert.Equal(ServiceErrorIds.InvalidResponse,
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.AuthenticateAsync(Bench.Ct))).ErrorId);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends()
    {
        using var bench = new Bench();
        Assert.Equal("tok-1", (await bench.Cloud.AuthenticateAsync(Bench.Ct)).Value);
        bench.Time.Advance(TimeSpan.FromMinutes(58));
        Assert.Equal("tok-1", (await bench.Cloud.AuthenticateAsync(Bench.Ct)).Value);
        bench.Time.Advance(TimeSpan.FromSeconds(90));
        bench.OnLogIn("tok-2");
        Assert.Equal("tok-2", (await bench.Cloud.AuthenticateAsync(Bench.Ct)).Value);
    }

    [Fact]
    public async Task Our_clock_may_differ_from_Keystones()
    {
        using var bench = new Bench(loggedIn: false);
        var body = bench.TokenBody();
        bench.Time.Advance(TimeSpan.FromDays(1));
        bench.Stub.On("POST", "/v3/auth/tokens", 201, body, a => a.Headers.Add("X-Subject-Token", "tok-1"));
        await bench.Cloud.AuthenticateAsync(Bench.Ct);
        Assert.Equal("tok-1", (await bench.Cloud.AuthenticateAsync(Bench.Ct)).Value);
        Assert.Single(bench.Stub.Sent);
    }

    [Fact]
    public async Task A_given_token_for_another_project_is_exchanged()
    {
        using var bench =
            new Bench(Bench.Demo with
            {
                Credential = new TokenCredential { Token = "given" },
                Scope = new ProjectScope { ProjectId = "other" }
            });
        bench.Stub.On("GET", "/v3/auth/tokens", 200, bench.TokenBody());
        await bench.Cloud.AuthenticateAsync(Bench.Ct);
        Assert.Equal("""{"auth":{"identity":{"methods":["token"],"token":{"id":"given"}},"scope":{"project":{"id":"other"}}}}""",
            bench.Stub.Sent[1].Body);
    }

    [Fact]
    public async Task A_given_token_that_is_refused_is_not_used_again()
    {
        using var bench = new Bench(Bench.Demo with { Credential = new TokenCredential { Token = "given" } }, loggedIn: false);
        bench.Stub.On("GET", "/v3/auth/tokens", 200, bench.TokenBody());
        bench.Stub.On("GET", "/v2.1/os-keypairs", 401);
        await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct));
        Assert.Equal("TokenEnded",
            (await Assert.ThrowsAsync<ServiceException>(() => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct))).ErrorId);
        Assert.Equal(2, bench.Stub.Sent.Count);
    }

    [Fact]
    public async Task Requests_that_meet_a_refused_token_together_log_in_once_more()
    {
        using var bench = new Bench().OnLogIn("tok-2");
        var waiting = 0;
        var allThere = new TaskCompletionSource();
        async Task<HttpResponseMessage> AnswerByTokenAsync(Http.Tests.SentRequest request, CancellationToken cancellationToken)
        {
            if (request.Headers["X-Auth-Token"] != "tok-1")
                return new HttpResponseMessage
                {
                    Content =
                    new StringContent("""{"keypairs":[]}""", System.Text.Encoding.UTF8, "application/json")
                };
            if (Interlocked.Increment(ref waiting) == 8) allThere.SetResult();
            await allThere.Task.WaitAsync(cancellationToken);
            return new HttpResponseMessage(System.Net.HttpStatusCode.Unauthorized);
        }

        for (var i = 0; i < 16; i++) bench.Stub.On("GET", "/v2.1/os-keypairs", AnswerByTokenAsync);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => bench.Cloud.Compute.KeyPairs.ListAsync(Bench.Ct)));
        Assert.Equal(2, bench.Stub.Sent.Count(s => s.Method == "POST"));
    }
}
