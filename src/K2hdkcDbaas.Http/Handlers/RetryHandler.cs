using Polly;
using Polly.Retry;

namespace K2hdkcDbaas.Http.Handlers;

/// <summary>Sends a call again where that is safe and can help; <see cref="RetryPlan"/> decides.</summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("request");

    private readonly IHttpObserver? _observer;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RetryHandler(IHttpObserver? observer, TimeProvider time)
    {
        _observer = observer;
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = args =>
                    ValueTask.FromResult(args.Outcome.Exception is ServiceException failure && Of(args.Context).Plan.ShouldRepeat(failure)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Of(args.Context).Plan.Delay),
                OnRetry = args =>
                {
                    Tell(args.Context, (ServiceException)args.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // .NET sends a GET without a body again by itself when a kept connection breaks; one with an empty body it does not.
        if (ServiceCall.Of(request).Plan.IsOnce) request.Content ??= new ByteArrayContent([]);
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            context.Properties.Set(RequestKey, request);
            return await _pipeline.ExecuteAsync(c => new ValueTask<HttpResponseMessage>(AttemptAsync(c)), context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static HttpRequestMessage Request(ResilienceContext context) => context.Properties.GetValue(RequestKey, null!);

    private static ServiceCall Of(ResilienceContext context) => ServiceCall.Of(Request(context));

    private Task<HttpResponseMessage> AttemptAsync(ResilienceContext context)
    {
        Of(context).Plan.Attempts++;
        return base.SendAsync(Request(context), context.CancellationToken);
    }

    private void Tell(ResilienceContext context, ServiceException failure)
    {
        if (_observer is null) return;
        var call = Of(context);
        var reason = failure.Status is { } status ? $"HTTP {(int)status} ({failure.ErrorId})" : failure.ErrorId;
        _observer.Retrying(
            new HttpRetry(call.Errors.Service, Request(context).Method.Method, call.Url, call.Plan.Attempts + 1, call.Plan.Delay, reason));
    }
}
