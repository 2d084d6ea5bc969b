using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>Passes the request path's reports on.</summary>
internal sealed class HttpTrace(IFlowObserver observer) : IHttpObserver
{
    /// <inheritdoc/>
    public bool WantsBodies => observer.WantsDebug;

    /// <inheritdoc/>
    public void Exchanged(HttpExchange exchange)
    {
        if (!observer.WantsDebug) return;
        observer.Debug(exchange.ToString());
        if (exchange.RequestBody is { } sent) observer.Debug("> " + sent);
        if (exchange.ResponseBody is { } received) observer.Debug("< " + received);
    }

    /// <inheritdoc/>
    public void Retrying(HttpRetry retry) => observer.Verbose(retry.ToString());
}
