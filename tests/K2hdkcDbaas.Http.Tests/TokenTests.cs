using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http.Tests;

public class TokenTests
{
    [Fact]
    public async Task A_refused_token_is_renewed_once_even_for_a_post()
    {
        using var bench = new Bench();
        var source = new CountingSource();
        bench.Stub.On("POST", "/things", 401).On("POST", "/things", 200, "{}");
        await bench.SendAsync(Bench.Request("POST") with { Token = source });
        Assert.Equal(["token-1", "token-2"], bench.Stub.Sent.Select(s => s.Headers["X-Token"]));
    }

    [Fact]
    public async Task A_second_refusal_is_the_end()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 401).On("GET", "/things", 401);
        Assert.Equal(ServiceErrorIds.Unauthorized, (await bench.FailAsync(Bench.Request() with { Token = new CountingSource() })).ErrorId);
        Assert.Equal(2, bench.Stub.Sent.Count);
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_is_not_tried_again()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 401);
        await bench.FailAsync(Bench.Request() with { Token = new CountingSource { CanRenew = false } });
        Assert.Single(bench.Stub.Sent);
    }

    [Fact]
    public async Task A_log_in_that_fails_is_tried_again_by_itself_and_not_by_the_request_too()
    {
        using var bench = new Bench(new HttpSettings { MaxAttempts = 3 });
        for (var i = 0; i < 3; i++) bench.Stub.On("POST", "/tokens", 503);
        var logIn = Bench.Request("POST", "/tokens") with { RepeatIsSafe = true };
        using var token = new SharedToken<string>(async ct => (await bench.Connection.SendAsync(logIn, ct)).Header("X-Token")!, _ => false);
        var failure = await bench.FailAsync(Bench.Request() with { Token = new SharedSource(token) });
        Assert.Equal(("POST", 3), (failure.Method, failure.Attempts));
        Assert.Equal(3, bench.Stub.Sent.Count);
    }

    [Theory]
    [InlineData("t\u00F6ken")]
    [InlineData("token\r\nX-Other: 1")]
    public async Task A_token_that_no_header_may_have_is_said_so_and_never_sent(string token)
    {
        using var bench = new Bench();
        var failure = await bench.FailAsync(Bench.Request() with { OwnToken = token });
        Assert.Equal((ErrorKind.InvalidInput, ServiceErrorIds.TokenUnusable), (failure.Kind, failure.ErrorId));
        Assert.DoesNotContain("ken",
            failure.Message.Replace("X-Auth-Token", "", StringComparison.Ordinal).Replace("no token", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Empty(bench.Stub.Sent);
    }

    [Fact]
    public async Task Waiting_callers_share_one_log_in_and_one_that_leaves_does_not_stop_it()
    {
        var logIns = 0;
        var gate = new TaskCompletionSource();
        using var token = new SharedToken<string>(async _ =>
        {
            Interlocked.Increment(ref logIns);
            await gate.Task;
            return "token";
        }, _ => false);
        using var leaving = new CancellationTokenSource();
        var left = token.GetAsync(leaving.Token);
        var waiting = Enumerable.Range(0, 10).Select(_ => token.GetAsync(TestContext.Current.CancellationToken)).ToList();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), t => Assert.Equal("token", t));
        Assert.Equal(1, logIns);
    }

    [Fact]
    public async Task A_failed_log_in_is_told_to_all_and_tried_again_by_the_next()
    {
        var logIns = 0;
        using var token =
            new SharedToken<string>(
                _ => ++logIns == 1 ? Task.FromException<string>(new InvalidOperationException("no")) : Task.FromResult("token"),
                _ => false);
        await Assert.ThrowsAsync<InvalidOperationException>(() => token.GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal("token", await token.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_ending_token_is_replaced_and_a_newer_one_survives_a_late_refusal()
    {
        var made = 0;
        using var token = new SharedToken<string>(_ => Task.FromResult($"token-{++made}"), t => t == "token-1" && made == 1 && Ending);
        Assert.Equal("token-1", await token.GetAsync(TestContext.Current.CancellationToken));
        Ending = true;
        Assert.Equal("token-2", await token.GetAsync(TestContext.Current.CancellationToken));
        token.Drop(t => t == "token-1");
        Assert.Equal("token-2", token.Current);
        token.Drop(t => t == "token-2");
        Assert.Null(token.Current);
    }

    private bool Ending { get; set; }

    private sealed class SharedSource(SharedToken<string> token) : ITokenSource
    {
        public string HeaderName => "X-Token";

        public Task<string> GetTokenAsync(CancellationToken cancellationToken) => token.GetAsync(cancellationToken);

        public bool Refuse(string refused) => false;
    }

    private sealed class CountingSource : ITokenSource
    {
        private int _count = 1;

        public bool CanRenew { get; init; } = true;

        public string HeaderName => "X-Token";

        public Task<string> GetTokenAsync(CancellationToken cancellationToken) => Task.FromResult($"token-{_count}");

        public bool Refuse(string refused)
        {
            _count++;
            return CanRenew;
        }
    }
}
