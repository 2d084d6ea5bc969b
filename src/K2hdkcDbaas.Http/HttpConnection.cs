using K2hdkcDbaas.Http.Handlers;
using Refit;

namespace K2hdkcDbaas.Http;

/// <summary>
/// The one way a session's requests go: endpoint, safe retries, token, errors, masked trace, bounded answers, each a handler of its own;
/// then the sockets, which the session's services share. Thread-safe; one per session.
/// </summary>
public sealed class HttpConnection : IDisposable
{
    // Refit wants a base address; EndpointHandler puts the real one in its place. The .invalid domain is RFC 2606's.
    private static readonly Uri NoAddress = new("http://service.invalid");

    private readonly HttpSettings _settings;
    private readonly IHttpObserver? _observer;
    private readonly HttpMessageHandler _transport;

    /// <summary>Makes a connection; nothing is sent.</summary>
    /// <param name="settings">Time-outs, bounds and certificates.</param>
    /// <param name="observer">Told of every request and retry; null for no trace.</param>
    /// <param name="time">The clock of waits and time-outs.</param>
    /// <param name="transport">What carries the requests; null for sockets. Disposed with the connection.</param>
    /// <param name="redactor">Masks secrets; shared by connections whose secrets may meet. Null for one of its own.</param>
    public HttpConnection(HttpSettings settings, IHttpObserver? observer = null, TimeProvider? time = null,
        HttpMessageHandler? transport = null,
        Redactor? redactor = null)
    {
        Redactor = redactor ?? new Redactor();
        Time = time ?? TimeProvider.System;
        _settings = settings;
        _observer = observer;
        _transport = transport ?? TransportFactory.Create(settings);
    }

    /// <summary>Masks what must not be shown; learns every secret that passes through.</summary>
    public Redactor Redactor { get; }

    /// <summary>The clock of this connection.</summary>
    public TimeProvider Time { get; }

    /// <summary>A service by its interface.</summary>
    /// <param name="json">How its bodies are read and written.</param>
    /// <param name="client">How its calls are sent.</param>
    /// <typeparam name="T">The interface, with Refit's attributes.</typeparam>
    internal static T Service<T>(HttpClient client, RestJson json) =>
        RestService.ForGenerated<T>(client, new RefitSettings(json)
        {
            UrlParameterFormatter = RestValues.Instance,
            // With a Content-Length: WSGI servers, as OpenStack's services are, take a chunked body for an empty one.
            Buffered = true,
            // StatusHandler has thrown already, and what the handlers throw is what the caller gets.
            ExceptionFactory = _ => ValueTask.FromResult<Exception?>(null),
            TransportExceptionFactory = (_, e, _) => e,
            DeserializationExceptionFactory = (answer, e) => ValueTask.FromResult<Exception?>(
                e is UnusableBodyException ? ServiceCall.Unusable(answer, e.Message) : e),
        });

    /// <summary>The way to one service.</summary>
    /// <param name="errors">The service's short name and how to read its refusals.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="tokenHeader">The header that carries tokens.</param>
    /// <param name="token">Gives the session's token; null where each call brings its own or none.</param>
    internal HttpClient Client(ErrorMap errors, Func<CancellationToken, Task<Uri>> address, string tokenHeader, ITokenSource? token)
    {
        HttpMessageHandler next = new AnswerHandler(_settings, Time) { InnerHandler = _transport };
        if (_observer is not null) next = new TraceHandler(_observer, Time) { InnerHandler = next };
        next = new StatusHandler(_settings, Time) { InnerHandler = next };
        next = new TokenHandler(tokenHeader, token) { InnerHandler = next };
        next = new RetryHandler(_observer, Time) { InnerHandler = next };
        next = new EndpointHandler(address, r => new ServiceCall(r, errors, _settings, Redactor, Time)) { InnerHandler = next };
        var client = new HttpClient(next, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan, BaseAddress = NoAddress };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json");
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", _settings.UserAgent);
        return client;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();
}
