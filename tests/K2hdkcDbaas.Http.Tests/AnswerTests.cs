using System.Net;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http.Tests;

public class AnswerTests
{
    [Theory]
    [InlineData(400, ErrorKind.InvalidInput, "InvalidRequest")]
    [InlineData(401, ErrorKind.Unauthenticated, "Unauthorized")]
    [InlineData(403, ErrorKind.Forbidden, "Forbidden")]
    [InlineData(404, ErrorKind.NotFound, "NotFound")]
    [InlineData(406, ErrorKind.NotSupported, "NotSupportedByService")]
    [InlineData(409, ErrorKind.Conflict, "Conflict")]
    [InlineData(413, ErrorKind.InvalidInput, "RequestTooLarge")]
    [InlineData(422, ErrorKind.InvalidInput, "InvalidRequest")]
    [InlineData(429, ErrorKind.Throttled, "TooManyRequests")]
    [InlineData(500, ErrorKind.ServiceFailure, "ServiceFailed")]
    [InlineData(501, ErrorKind.NotSupported, "NotSupportedByService")]
    [InlineData(503, ErrorKind.ServiceFailure, "ServiceUnavailable")]
    [InlineData(302, ErrorKind.InvalidResponse, "InvalidResponse")]
    [InlineData(204, ErrorKind.InvalidResponse, "InvalidResponse")]
    public async Task Each_status_has_its_name_kind_and_next_step(int status, ErrorKind kind, string errorId)
    {
        using var bench = new Bench(new HttpSettings { MaxAttempts = 1 });
        bench.Stub.On("GET", "/things?q=1", status, """{"fault":{"message":"because <br />\n of it"}}""",
            a => a.Headers.Add("x-openstack-request-id", "req-1"));
        var failure = await bench.FailAsync(Bench.Request(path: "/things?q=1"));
        Assert.Equal((kind, errorId), (failure.Kind, failure.ErrorId));
        Assert.Equal(((HttpStatusCode)status, "GET", "http://svc.example/things?q=1", "req-1", "svc"),
            (failure.Status!.Value, failure.Method, failure.Url, failure.RequestId, failure.Service));
        Assert.Equal("because of it", failure.ServiceMessage ?? (kind == ErrorKind.InvalidResponse ? "because of it" : null));
        Assert.NotNull(failure.NextStep);
        Assert.Contains("svc", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<byte[]> BrokenTexts => new(
        """{"message":"half a pair: \ud800"}"""u8.ToArray(),
        [.. """{"fault":{"message":"no UTF-8: """u8, 0xFF, 0xC3, .. "\"}}"u8],
        [.. "{\"no UTF-8: "u8, 0xFF, .. "\":{\"message\":\"x\"}}"u8]);

    [Theory]
    [MemberData(nameof(BrokenTexts))]
    public async Task A_refusal_with_a_broken_text_is_still_that_refusal(byte[] body)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 409, with: a =>
        {
            a.Content = new ByteArrayContent(body);
            a.Content.Headers.ContentType = new("application/json");
        });
        Assert.Equal(ServiceErrorIds.Conflict, (await bench.FailAsync()).ErrorId);
        Assert.Contains($"<{body.Length} bytes", bench.Trace.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{\"name\":7}")]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Json_that_cannot_be_used_is_an_invalid_response(string json)
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 200, json);
        var response = await bench.SendAsync();
        var failure = Assert.Throws<ServiceException>(() => response.Json(ThingJson.Default.Thing));
        Assert.Equal((ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse), (failure.Kind, failure.ErrorId));
        Assert.False(failure.IsTransient);
    }

    [Fact]
    public async Task A_body_that_says_it_is_a_page_is_an_invalid_response()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 200, "{\"name\":\"x\"}", a => a.Content.Headers.ContentType = new("text/html"));
        var response = await bench.SendAsync();
        Assert.Contains("text/html", Assert.Throws<ServiceException>(() => response.Json(ThingJson.Default.Thing)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_does_no_harm()
    {
        using var bench = new Bench();
        bench.Stub.On("GET", "/things", 200, "\uFEFF{\"name\":\"x\"}");
        Assert.Equal("x", (await bench.SendAsync()).Json(ThingJson.Default.Thing).Name);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        using var bench = new Bench(new HttpSettings { MaxResponseBytes = 1000 });
        bench.Stub.On("GET", "/things", 200, new string('x', 1001));
        var failure = await bench.FailAsync();
        Assert.Equal(ServiceErrorIds.InvalidResponse, failure.ErrorId);
        Assert.Contains("1000 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"name\":",
        ServiceErrorIds.ConnectionLost)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", ServiceErrorIds.ConnectionLost)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", ServiceErrorIds.InvalidResponse)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", ServiceErrorIds.InvalidResponse)]
    public async Task A_rude_server_is_told_for_what_it_is(string answer, string errorId)
    {
        await using var server = new RudeServer(_ => answer);
        using var connection = new HttpConnection(new HttpSettings { MaxAttempts = 1 });
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => connection.SendAsync(new ServiceRequest(HttpMethod.Get, server.Address, Bench.Errors),
                TestContext.Current.CancellationToken));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.NotNull(failure.NextStep);
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_post_goes_over_the_wire_once_even_when_the_server_hangs_up_without_a_word(string? body)
    {
        await using var server = new RudeServer(_ => "");
        using var connection = new HttpConnection(new HttpSettings());
        var request = new ServiceRequest(HttpMethod.Post, server.Address,
            Bench.Errors)
        { Body = body is null ? null : System.Text.Encoding.UTF8.GetBytes(body) };
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => connection.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(ServiceErrorIds.ConnectionLost, failure.ErrorId);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_cut_get_is_sent_again_over_a_new_connection()
    {
        await using var server = new RudeServer(n => n == 1 ? "" : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        using var connection = new HttpConnection(new HttpSettings { RetryBaseDelay = TimeSpan.FromMilliseconds(1) });
        await connection.SendAsync(new ServiceRequest(HttpMethod.Get, server.Address, Bench.Errors), TestContext.Current.CancellationToken);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_get_that_makes_something_goes_over_the_wire_once_even_on_a_kept_connection()
    {
        await using var server = new RudeServer(n => n == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" : "", keepAlive: true);
        using var connection = new HttpConnection(new HttpSettings());
        var request = new ServiceRequest(HttpMethod.Get, server.Address, Bench.Errors) { RepeatIsSafe = false };
        await connection.SendAsync(request, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => connection.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal(ServiceErrorIds.ConnectionLost, failure.ErrorId);
        Assert.Contains("made", failure.NextStep!, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_silent_server_is_a_time_out()
    {
        await using var server = new RudeServer(_ => null);
        using var connection = new HttpConnection(new HttpSettings { MaxAttempts = 1, RequestTimeout = TimeSpan.FromMilliseconds(200) });
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => connection.SendAsync(new ServiceRequest(HttpMethod.Get, server.Address, Bench.Errors),
                TestContext.Current.CancellationToken));
        Assert.Equal(ServiceErrorIds.RequestTimeout, failure.ErrorId);
    }

    [Fact]
    public async Task A_body_that_stalls_is_a_time_out_too()
    {
        await using var server = new RudeServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
        using var stalling = new StallingTransport();
        using var connection =
            new HttpConnection(new HttpSettings { MaxAttempts = 1, RequestTimeout = TimeSpan.FromMilliseconds(200) }, transport: stalling);
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => connection.SendAsync(new ServiceRequest(HttpMethod.Get, server.Address, Bench.Errors),
                TestContext.Current.CancellationToken));
        Assert.Equal(ServiceErrorIds.RequestTimeout, failure.ErrorId);
    }

    [Fact]
    public async Task Nobody_there_is_told_with_the_address()
    {
        int port;
        using (var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            taken.Start();
            port = ((IPEndPoint)taken.LocalEndpoint).Port;
        }
        using var connection = new HttpConnection(new HttpSettings { MaxAttempts = 2, RetryBaseDelay = TimeSpan.FromMilliseconds(1) });
        var failure = await Assert.ThrowsAsync<ServiceException>(
            () => connection.SendAsync(new ServiceRequest(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}/"), Bench.Errors),
                TestContext.Current.CancellationToken));
        Assert.Equal((ErrorKind.Unreachable, ServiceErrorIds.ConnectionFailed, 2), (failure.Kind, failure.ErrorId, failure.Attempts));
        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
    }

    private sealed class StallingTransport : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new StallingStream()) });
    }

    private sealed class StallingStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
