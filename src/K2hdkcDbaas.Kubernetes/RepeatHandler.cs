using System.Net;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// Sends a request again where that does no harm, and tells each exchange. Of bodies it tells nothing: Secrets are in them.
/// </summary>
internal sealed class RepeatHandler(IHttpObserver? observer, TimeProvider time) : DelegatingHandler
{
    private const int Attempts = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Every change that is made here comes to the same when it is made twice: applies, merges, deletes.
        var isSafe = request.Method != HttpMethod.Post;
        if (request.Content is { } body) await body.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            var start = time.GetTimestamp();
            HttpResponseMessage? answer = null;
            Exception? failure = null;
            try
            {
                answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e)
            {
                failure = e;
            }

            var url = request.RequestUri?.ToString() ?? "";
            observer?.Exchanged(
                new HttpExchange("kubernetes", request.Method.Method, url, attempt, time.GetElapsedTime(start), answer?.StatusCode,
                    null, failure?.Message, null, null));
            var wait = WaitOf(answer, failure, attempt, isSafe);
            if (wait is null) return answer ?? throw failure!;
            observer?.Retrying(
                new HttpRetry("kubernetes", request.Method.Method, url, attempt + 1,
                    wait.Value, failure?.Message ?? $"HTTP {(int)answer!.StatusCode}"));
            answer?.Dispose();
            await Task.Delay(wait.Value, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan? WaitOf(HttpResponseMessage? answer, Exception? failure, int attempt, bool isSafe)
    {
        if (attempt >= Attempts) return null;
        var own = TimeSpan.FromSeconds(0.3 * Math.Pow(2, attempt));
        if (failure is not null) return isSafe ? own : null;
        var mayRepeat = answer!.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => true,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
                or HttpStatusCode.InternalServerError => isSafe,
            _ => false,
        };
        if (!mayRepeat) return null;
        var asked = answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
        return asked > LongestWait ? null : asked > own ? asked : own;
    }
}
