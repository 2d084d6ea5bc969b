using System.Net;
using System.Text;

namespace K2hdkcDbaas.Http.Tests;

/// <summary>Answers what a test said it would be asked, and fails on anything else.</summary>
public sealed class StubTransport : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<Expectation> _expected = [];
    private readonly List<SentRequest> _sent = [];

    /// <summary>What was sent, in order.</summary>
    public IReadOnlyList<SentRequest> Sent
    {
        get { lock (_lock) return [.. _sent]; }
    }

    /// <summary>Says that a request will come once, after those said before with the same method and address.</summary>
    public StubTransport On(string method, string address, int status, string? json = null, Action<HttpResponseMessage>? with = null) =>
        On(method, address, (_, _) =>
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content =
                new ByteArrayContent(Encoding.UTF8.GetBytes(json ?? ""))
            };
            if (json is not null) answer.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            with?.Invoke(answer);
            return Task.FromResult(answer);
        });

    /// <summary>Says that a request will come once, and what happens then.</summary>
    public StubTransport On(string method, string address, Func<SentRequest, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        lock (_lock) _expected.Add(new Expectation(method, address, answer));
        return this;
    }

    /// <summary>Fails when a request that was said to come has not come.</summary>
    public void VerifyAllCame()
    {
        lock (_lock) Assert.True(_expected.Count == 0,
            "These never came: " + string.Join(", ", _expected.Select(e => $"{e.Method} {e.Address}")));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var sent = new SentRequest(request.Method.Method, request.RequestUri!.AbsoluteUri,
            body, request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
            .ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase));
        Expectation? match;
        lock (_lock)
        {
            _sent.Add(sent);
            match = _expected.Find(
                e => e.Method == sent.Method && (e.Address == sent.Address || e.Address == request.RequestUri.PathAndQuery));
            if (match is not null) _expected.Remove(match);
        }
        return match is null
            ? throw new InvalidOperationException($"Nobody expected {sent.Method} {sent.Address} {sent.Body}")
            : await match.Answer(sent, cancellationToken);
    }

    private sealed record Expectation(string Method, string Address,
        Func<SentRequest, CancellationToken, Task<HttpResponseMessage>> Answer);
}

/// <summary>A request as it went out.</summary>
public sealed record SentRequest(string Method, string Address, string? Body, IReadOnlyDictionary<string, string> Headers);
