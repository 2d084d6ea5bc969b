using System.Net;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http.Tests;

public class RetryTests
{
    private static readonly Func<SentRequest, CancellationToken, Task<HttpResponseMessage>> Refused =
        (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");

    private static readonly Func<SentRequest, CancellationToken, Task<HttpResponseMessage>> Cut =
        (_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded, "ended");

    [Theory]
    [InlineData("GET", 500)]
    [InlineData("GET", 502)]
    [InlineData("GET", 503)]
    [InlineData("GET", 504)]
    [InlineData("PUT", 503)]
    [InlineData("DELETE", 503)]
    [InlineData("GET", 429)]
    [InlineData("POST", 429)]
    public async Task What_can_pass_is_sent_again(string method, int status)
    {
        using var bench = new Bench();
        bench.Stub.On(method, "/things", status).On(method, "/things", 200, "{}");
        Assert.Equal(HttpStatusCode.OK, (await bench.SendAsync(Bench.Request(method))).Status);
        var retry = Assert.Single(bench.Trace.Retries);
        Assert.Equal(2, retry.NextAttempt);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), retry.Reason, StringComparison.Ordinal);
        Assert.InRange(retry.Delay, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400));
    }

    [Theory]
    [InlineData("POST", 500)]
    [InlineData("POST", 502)]
    [InlineData("POST", 503)]
    [InlineData("PATCH", 503)]
    [InlineData("PUT", 500)]
    [InlineData("DELETE", 500)]
    [InlineData("GET", 400)]
    [InlineData("GET", 404)]
    [InlineData("GET", 409)]
    public async Task What_may_have_been_done_or_cannot_pass_is_sent_once(string method, int status)
    {
        using var bench = new Bench();
        bench.Stub.On(method, "/things", status);
        Assert.Equal(1, (await bench.FailAsync(Bench.Request(method))).Attempts);
        Assert.Empty(bench.Trace.Retries);
    }

    [Fact]
    public async Task A_post_that_the_caller_calls_safe_is_sent_again()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/things", Cut).On("POST", "/things", 200, "{}");
        await bench.SendAsync(Bench.Request("POST") with { RepeatIsSafe = true });
    }

    [Fact]
    public async Task A_post_is_sent_again_when_no_connection_was_made()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/things", Refused).On("POST", "/things", 200, "{}");
        await bench.SendAsync(Bench.Request("POST"));
    }

    [Fact]
    public async Task A_post_whose_connection_was_cut_is_not_sent_again()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/things", Cut);
        var failure = await bench.FailAsync(Bench.Request("POST"));
        Assert.Equal((ErrorKind.Unreachable, ServiceErrorIds.ConnectionLost), (failure.Kind, failure.ErrorId));
        Assert.Contains("made", failure.NextStep!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_looked_needs_no_look_whether_a_change_was_made()
    {
        using var bench = new Bench(new HttpSettings { MaxAttempts = 1 });
        bench.Stub.On("GET", "/things", Cut);
        Assert.DoesNotContain("change", (await bench.FailAsync()).NextStep!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_are_bounded_and_told()
    {
        using var bench = new Bench(new HttpSettings { MaxAttempts = 3 });
        for (var i = 0; i < 3; i++) bench.Stub.On("GET", "/things", 503);
        var failure = await bench.FailAsync();
        Assert.Equal(3, failure.Attempts);
        Assert.Contains("3 attempts", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
        Assert.Equal([2, 3], bench.Trace.Retries.Select(r => r.NextAttempt));
    }

    [Fact]
    public async Task The_whole_time_is_bounded()
    {
        using var bench = new Bench(new HttpSettings { MaxAttempts = 100, TotalTimeout = TimeSpan.FromSeconds(20) });
        var start = bench.Time.GetUtcNow();
        for (var i = 0; i < 3; i++) bench.Stub.On("GET", "/things", 503, with: a => a.Headers.Add("Retry-After", "9"));
        await bench.FailAsync();
        Assert.True(bench.Time.GetUtcNow() - start < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/things", 429, with: a => a.Headers.Add("Retry-After", "7")).On("POST", "/things", 200, "{}");
        var start = bench.Time.GetUtcNow();
        await bench.SendAsync(Bench.Request("POST"));
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(bench.Trace.Retries).Delay);
        Assert.True(bench.Time.GetUtcNow() - start >= TimeSpan.FromSeconds(7));
    }

    [Theory]
    [InlineData("0", 0.2, 0.4)]
    [InlineData("1.5", 2, 2)]
    [InlineData("soon", 0.2, 0.4)]
    [InlineData("-5", 0.2, 0.4)]
    public async Task Retry_after_is_never_cut_short_and_never_less_than_our_own_wait(string header, double from, double to)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 503, with: a => a.Headers.TryAddWithoutValidation("Retry-After", header))
            .On("GET", "/things", 200, "{}");
        await bench.SendAsync();
        Assert.InRange(Assert.Single(bench.Trace.Retries).Delay, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
    }

    [Fact]
    public async Task A_413_with_a_wait_is_a_rate_limit()
    {
        using var bench = new Bench();
        bench.Stub.On("POST", "/things", 413, """{"overLimit":{"code":413,"message":"This request was rate-limited."}}""",
            a => a.Headers.Add("Retry-After", "3"))
            .On("POST", "/things", 200, "{}");
        await bench.SendAsync(Bench.Request("POST"));
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(bench.Trace.Retries).Delay);

        bench.Stub.On("POST", "/things", 413, with: a => a.Headers.Add("Retry-After", "600"));
        var failure = await bench.FailAsync(Bench.Request("POST"));
        Assert.Equal((ErrorKind.Throttled, ServiceErrorIds.TooManyRequests), (failure.Kind, failure.ErrorId));
    }

    [Fact]
    public async Task Retry_after_may_be_a_date()
    {
        using var bench = new Bench();
        var date = bench.Time.GetUtcNow() + TimeSpan.FromSeconds(5);
        bench.Stub.On("GET", "/things", 503, with: a => a.Headers.Add("Retry-After", date.ToString("R"))).On("GET", "/things", 200, "{}");
        await bench.SendAsync();
        Assert.InRange(Assert.Single(bench.Trace.Retries).Delay, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("3600")]
    [InlineData("99999999999")]
    public async Task A_wait_longer_than_allowed_is_left_to_the_caller(string wait)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 429, with: a => a.Headers.TryAddWithoutValidation("Retry-After", wait));
        var failure = await bench.FailAsync();
        Assert.Equal(TimeSpan.FromSeconds(long.Parse(wait, System.Globalization.CultureInfo.InvariantCulture)), failure.RetryAfter);
        Assert.Contains($"{wait} s", failure.NextStep!, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Throttled, failure.Kind);
    }

    [Fact]
    public async Task A_delete_whose_first_answer_got_lost_and_that_finds_nothing_then_is_done()
    {
        using var bench = new Bench();
        bench.Stub.On("DELETE", "/things", Cut).On("DELETE", "/things", 404);
        var request = Bench.Request("DELETE") with { Expected = [HttpStatusCode.NoContent] };
        Assert.Equal(HttpStatusCode.NotFound, (await bench.SendAsync(request)).Status);

        bench.Stub.On("DELETE", "/things", 404);
        Assert.Equal(ServiceErrorIds.NotFound, (await bench.FailAsync(request)).ErrorId);
    }

    [Fact]
    public async Task A_slow_service_is_a_time_out_and_no_cancellation()
    {
        using var bench = new Bench(new HttpSettings { RequestTimeout = TimeSpan.FromSeconds(5), MaxAttempts = 1 });
        bench.Stub.On("GET", "/things", async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return new HttpResponseMessage();
        });
        var failure = await bench.FailAsync();
        Assert.Equal((ErrorKind.Timeout, ServiceErrorIds.RequestTimeout), (failure.Kind, failure.ErrorId));
        Assert.Contains("5 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_cancellation_stays_one()
    {
        using var bench = new Bench();
        using var stop = new CancellationTokenSource();
        bench.Stub.On("GET", "/things", async (_, ct) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, ct);
            return new HttpResponseMessage();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Connection.SendAsync(Bench.Request(), stop.Token));
    }

    [Fact]
    public async Task A_cancellation_ends_a_wait_for_a_retry()
    {
        using var bench = new Bench();
        using var stop = new CancellationTokenSource();
        bench.Stub.On("GET", "/things", 503);
        var sending = bench.Connection.SendAsync(Bench.Request(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }
}
