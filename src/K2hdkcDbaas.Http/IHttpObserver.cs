namespace K2hdkcDbaas.Http;

/// <summary>Told of every request and every retry, with secrets masked. Called on any thread; must be quick and must not throw.</summary>
public interface IHttpObserver
{
    /// <summary>Whether bodies are wanted too (they are masked and cut, which costs time).</summary>
    bool WantsBodies { get; }

    /// <summary>One request was answered, or failed.</summary>
    /// <param name="exchange">What was sent and what came of it.</param>
    void Exchanged(HttpExchange exchange);

    /// <summary>A request will be sent again.</summary>
    /// <param name="retry">Why, and after which wait.</param>
    void Retrying(HttpRetry retry);
}
