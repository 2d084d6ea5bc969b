using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using K2hdkcDbaas.Errors;
using Polly;
using Polly.Retry;

namespace K2hdkcDbaas.Http;

/// <summary>
/// The one way a session's requests go: token, time-outs, safe retries, masked trace, bounded answers, and every failure as a
/// <see cref="ServiceException"/>. Thread-safe; one per session.
/// </summary>
public sealed class HttpConnection : IDisposable
{
    // The service may have done what it did not answer.
    private const string LookFirst = "Look whether the change was made before asking again.";

    private static readonly ResiliencePropertyKey<RetryPlan> PlanKey = new("plan");
    private static readonly ResiliencePropertyKey<ServiceRequest> RequestKey = new("request");

    private readonly HttpSettings _settings;
    private readonly IHttpObserver? _observer;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly ResiliencePipeline<ServiceResponse> _pipeline;

    /// <summary>Makes a connection; nothing is sent.</summary>
    /// <param name="settings">Time-outs, bounds and certificates.</param>
    /// <param name="observer">Told of every request and retry; null for no trace.</param>
    /// <param name="time">The clock of waits and time-outs.</param>
    /// <param name="transport">What carries the requests; null for sockets. Disposed with the connection.</param>
    /// <param name="redactor">Masks secrets; shared by connections whose secrets may meet. Null for one of its own.</param>
    public HttpConnection(HttpSettings settings, IHttpObserver? observer = null, TimeProvider? time = null, HttpMessageHandler? transport = null, Redactor? redactor = null)
    {
        Redactor = redactor ?? new Redactor();
        _settings = settings;
        _observer = observer;
        _time = time ?? TimeProvider.System;
        _client = new HttpClient(transport ?? TransportFactory.Create(settings), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        _pipeline = new ResiliencePipelineBuilder<ServiceResponse> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<ServiceResponse>
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is ServiceException failure && Plan(args.Context).ShouldRepeat(failure)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Plan(args.Context).Delay),
                OnRetry = args =>
                {
                    TellRetry(args.Context, (ServiceException)args.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Masks what must not be shown; learns every secret that passes through.</summary>
    public Redactor Redactor { get; }

    /// <summary>The clock of this connection.</summary>
    public TimeProvider Time => _time;

    /// <summary>Sends a request, again where that is safe and can help, and gives the expected answer.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="cancellationToken">Ends waits, the request and the reading of its answer.</param>
    /// <exception cref="ServiceException">Refused, unreachable, cut, too slow, or answered with something unusable.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<ServiceResponse> SendAsync(ServiceRequest request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            context.Properties.Set(PlanKey, new RetryPlan(_settings, request, _time));
            context.Properties.Set(RequestKey, request);
            return await _pipeline.ExecuteAsync(c => new ValueTask<ServiceResponse>(AttemptAsync(c)), context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    private static RetryPlan Plan(ResilienceContext context) => context.Properties.GetValue(PlanKey, null!);

    private async Task<ServiceResponse> AttemptAsync(ResilienceContext context)
    {
        var request = context.Properties.GetValue(RequestKey, null!);
        var plan = Plan(context);
        plan.Attempts++;
        var token = request.Token is null ? null : await TokenAsync(request.Token, plan, context.CancellationToken).ConfigureAwait(false);
        try
        {
            return await SendOnceAsync(request, plan, token, context.CancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind == ErrorKind.Unauthenticated && token is not null && request.Token!.Refuse(token))
        {
            // Refused at the door, so nothing was done: with a new token the same request goes once more.
            token = await TokenAsync(request.Token, plan, context.CancellationToken).ConfigureAwait(false);
            return await SendOnceAsync(request, plan, token, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> TokenAsync(ITokenSource source, RetryPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var token = await source.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            Redactor.Learn(token);
            return token;
        }
        catch (ServiceException)
        {
            plan.LogInFailed = true;
            throw;
        }
    }

    private async Task<ServiceResponse> SendOnceAsync(ServiceRequest request, RetryPlan plan, string? token, CancellationToken cancellationToken)
    {
        var left = plan.Left;
        var limit = _settings.RequestTimeout < left ? _settings.RequestTimeout : left;
        using var timer = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        using var message = Message(request, token);
        var start = _time.GetTimestamp();
        try
        {
            using var answer = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            var body = await ReadBodyAsync(request, answer, both.Token).ConfigureAwait(false);
            Tell(request, plan, start, answer, body, null);
            return Judge(request, plan, answer, body);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // ConnectTimeout of the transport ends here as well; then the service has seen nothing.
            var made = timer.IsCancellationRequested;
            throw made
                ? Fail(request, plan, start, ErrorKind.Timeout, ServiceErrorIds.RequestTimeout, $"gave no whole answer within {limit.TotalSeconds:0.#} s",
                    plan.IsRead ? "Check that the service is up; raise the time-out if it is only slow." : LookFirst, null)
                : Fail(request, plan, start, ErrorKind.Timeout, ServiceErrorIds.ConnectionFailed, $"could not be reached within {_settings.ConnectTimeout.TotalSeconds:0.#} s",
                    "Check the address, that the service is up, and firewalls between.", null);
        }
        catch (HttpRequestException e)
        {
            throw Fail(request, plan, start, e);
        }
        catch (IOException e)
        {
            throw Fail(request, plan, start, ErrorKind.Unreachable, ServiceErrorIds.ConnectionLost, "cut the connection before its answer was whole", AfterCut(plan), e);
        }
        catch (InvalidDataException e)
        {
            throw Fail(request, plan, start, ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, "answered with a body that cannot be decompressed",
                "Check proxies between, which may spoil what they pass on; else tell the service's administrator.", e);
        }
    }

    private static string AfterCut(RetryPlan plan) => plan.IsRead ? "Try again; if it stays, look into the service's log and at proxies between." : LookFirst;

    private HttpRequestMessage Message(ServiceRequest request, string? token)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri);
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", _settings.UserAgent);
        // .NET sends a GET without a body again by itself when a kept connection breaks; one with an empty body it does not.
        if (request.Body is null && request.RepeatIsSafe == false) message.Content = new ByteArrayContent([]);
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }
        foreach (var (name, value) in token is null ? request.Headers : [.. request.Headers, new(request.Token!.HeaderName, token)])
        {
            // Sent as it is, such a value would only show as a cut connection.
            if (value.Any(c => c is < ' ' or > '~'))
                throw Error(request, null, ErrorKind.InvalidInput, ServiceErrorIds.TokenUnusable, $"was not asked: the {name} to send has a character that no token has",
                    "Give the token as the service gave it: ASCII without blanks, quotes or line breaks.", null);
            message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(ServiceRequest request, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Head) return default;
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            var chunk = new byte[16 * 1024];
            int count;
            while ((count = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (body.Length + count > _settings.MaxResponseBytes) throw Refuse(request, answer, $"answered with more than {_settings.MaxResponseBytes} bytes");
                body.Write(chunk, 0, count);
            }
            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
    }

    private ServiceResponse Judge(ServiceRequest request, RetryPlan plan, HttpResponseMessage answer, ReadOnlyMemory<byte> body)
    {
        var status = answer.StatusCode;
        var requestId = RequestId(answer);
        ServiceException Unusable(ErrorKind kind, string id, string problem, Exception? cause) =>
            Error(request, plan, kind, id, problem, request.Errors.Classify((HttpStatusCode)0, null).NextStep, cause, status, requestId);

        // A delete whose first answer got lost and whose repetition finds nothing has done its work.
        var done = status == HttpStatusCode.NotFound && plan.AnswerLost && request.Method == HttpMethod.Delete;
        if (done || request.Expected.Contains(status)) return new ServiceResponse(status, answer.Headers, answer.Content.Headers.ContentType, body, Unusable);

        var words = request.Errors.ReadMessage(body) is { } said ? Redactor.Text(said) : null;
        var (kind, errorId, nextStep) = request.Errors.Classify(status, words);
        var wait = RetryAfterHeader.Read(answer.Headers, _time.GetUtcNow());
        // Rate limits of older services are 413 with a wait; a quota may name one too, and no wait helps there.
        if (status == HttpStatusCode.RequestEntityTooLarge && wait is not null && kind != ErrorKind.QuotaExceeded)
            (kind, errorId, nextStep) = request.Errors.Classify(HttpStatusCode.TooManyRequests, words);
        var problem = kind == ErrorKind.InvalidResponse
            ? $"answered HTTP {(int)status} where {string.Join(" or ", request.Expected.Select(e => (int)e))} is due"
            : $"refused with HTTP {(int)status}" + (words is null ? "" : $": {words}");
        if (wait is { } w && w > _settings.MaxRetryAfter) nextStep = $"The service asks to wait {w.TotalSeconds:0} s; try again after that.";
        throw Error(request, plan, kind, errorId, problem, nextStep, null, status, requestId, words, wait);
    }

    private ServiceException Fail(ServiceRequest request, RetryPlan plan, long start, HttpRequestException e)
    {
        var problem = e.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => (ErrorKind.Unreachable, ServiceErrorIds.TlsFailed, "could not be reached over TLS: " + TlsReason(e),
                "Give the file of the authority that signed the service's certificate (cacert), or check the address."),
            HttpRequestError.NameResolutionError => (ErrorKind.Unreachable, "HostNotFound", $"could not be reached: no such host as '{request.Uri.Host}'",
                "Check the address and the name service."),
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => (ErrorKind.Unreachable, ServiceErrorIds.ConnectionFailed, $"could not be reached: {e.InnerException?.Message ?? e.Message}",
                "Check the address and port, that the service is up, and proxies and firewalls between."),
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError => (ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse,
                "answered with something that is not HTTP", "Check that the address and port are the service's own, and http or https is right."),
            _ => (ErrorKind.Unreachable, ServiceErrorIds.ConnectionLost, "cut the connection before its answer was whole", AfterCut(plan)),
        };
        return Fail(request, plan, start, problem.Item1, problem.Item2, problem.Item3, problem.Item4, e);
    }

    private ServiceException Fail(ServiceRequest request, RetryPlan plan, long start, ErrorKind kind, string errorId, string problem, string? nextStep, Exception? cause)
    {
        Tell(request, plan, start, null, default, errorId);
        return Error(request, plan, kind, errorId, problem, nextStep, cause);
    }

    private ServiceException Refuse(ServiceRequest request, HttpResponseMessage answer, string problem) =>
        Error(request, null, ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, problem, "Check that the address is that of the service; ask for fewer items at once.", null, answer.StatusCode, RequestId(answer));

    private ServiceException Error(ServiceRequest request, RetryPlan? plan, ErrorKind kind, string errorId, string problem, string? nextStep, Exception? cause,
        HttpStatusCode? status = null, string? requestId = null, string? words = null, TimeSpan? retryAfter = null)
    {
        var url = Redactor.Url(request.Uri);
        var attempts = plan?.Attempts ?? 1;
        var message = $"{request.Errors.Service} {Redactor.Text(problem)} ({request.Method} {url}{(attempts > 1 ? $", {attempts} attempts" : "")}).";
        return new ServiceException(kind, errorId, message, nextStep, cause)
        {
            Service = request.Errors.Service,
            RequestId = requestId,
            Status = status,
            Method = request.Method.Method,
            Url = url,
            ServiceMessage = words,
            RetryAfter = retryAfter,
            Attempts = attempts,
        };
    }

    private void Tell(ServiceRequest request, RetryPlan plan, long start, HttpResponseMessage? answer, ReadOnlyMemory<byte> body, string? failure)
    {
        if (_observer is null) return;
        var bodies = _observer.WantsBodies;
        _observer.Exchanged(new HttpExchange(request.Errors.Service, request.Method.Method, Redactor.Url(request.Uri), plan.Attempts, _time.GetElapsedTime(start),
            answer?.StatusCode, answer is null ? null : RequestId(answer), failure,
            bodies && request.Body is { } sent ? Redactor.Body(sent, request.ContentType) : null,
            bodies ? Redactor.Body(body, answer?.Content.Headers.ContentType?.MediaType) : null));
    }

    private void TellRetry(ResilienceContext context, ServiceException failure)
    {
        if (_observer is null) return;
        var request = context.Properties.GetValue(RequestKey, null!);
        var plan = Plan(context);
        var reason = failure.Status is { } status ? $"HTTP {(int)status} ({failure.ErrorId})" : failure.ErrorId;
        _observer.Retrying(new HttpRetry(request.Errors.Service, request.Method.Method, Redactor.Url(request.Uri), plan.Attempts + 1, plan.Delay, reason));
    }

    private static string? RequestId(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("X-Openstack-Request-Id", out var ids) || answer.Headers.TryGetValues("X-Compute-Request-Id", out ids) ? ids.FirstOrDefault() : null;

    private static string TlsReason(HttpRequestException e) => (e.InnerException as AuthenticationException)?.Message ?? e.InnerException?.Message ?? e.Message;
}
