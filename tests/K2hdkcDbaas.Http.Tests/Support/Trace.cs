namespace K2hdkcDbaas.Http.Tests;

/// <summary>Keeps all that an observer is told.</summary>
public sealed class Trace : IHttpObserver
{
    private readonly Lock _lock = new();
    private readonly List<HttpExchange> _exchanges = [];
    private readonly List<HttpRetry> _retries = [];

    public bool WantsBodies => true;

    public IReadOnlyList<HttpExchange> Exchanges
    {
        get { lock (_lock) return [.. _exchanges]; }
    }

    public IReadOnlyList<HttpRetry> Retries
    {
        get { lock (_lock) return [.. _retries]; }
    }

    public string Text =>
        string.Join('\n', Exchanges.Select(e => $"{e} {e.RequestBody} {e.ResponseBody}").Concat(Retries.Select(r => r.ToString())));

    public void Exchanged(HttpExchange exchange)
    {
        lock (_lock) _exchanges.Add(exchange);
    }

    public void Retrying(HttpRetry retry)
    {
        lock (_lock) _retries.Add(retry);
    }
}
