using System.Net;

namespace K2hdkcDbaas.Http.Handlers;

/// <summary>Decides whether and when one request is sent again. Lives as long as that request.</summary>
internal sealed class RetryPlan(HttpSettings settings, HttpMethod method, bool? repeatIsSafe, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>
    /// Whether the service keeps less than the method promises, so that not even .NET's own handler may send the request twice.
    /// </summary>
    public bool IsOnce => repeatIsSafe == false;

    /// <summary>How often the request was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether an attempt may have been carried out though its answer never came.</summary>
    public bool AnswerLost { get; private set; }

    /// <summary>Whether it was the login that failed: that has had its own attempts, and the request was not sent.</summary>
    public bool LogInFailed { get; set; }

    /// <summary>The wait that <see cref="ShouldRepeat"/> decided on.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>What is left of the request's whole time.</summary>
    public TimeSpan Left => settings.TotalTimeout - time.GetElapsedTime(_start);

    /// <summary>Whether the request only looks.</summary>
    public bool IsRead => (method == HttpMethod.Get || method == HttpMethod.Head) && repeatIsSafe != false;

    private bool IsRepeatable => repeatIsSafe ?? (IsRead || method == HttpMethod.Put || method == HttpMethod.Delete);

    /// <summary>Looks at a failed attempt; true when another may help and can do no harm, with <see cref="Delay"/> set.</summary>
    public bool ShouldRepeat(ServiceException failure)
    {
        if (LogInFailed) return false;
        if (IsAnswerLost(failure)) AnswerLost = true;
        if (Attempts >= settings.MaxAttempts || !MayRepeat(failure)) return false;

        // A longer wait than we allow is the caller's to decide; the error tells how long it would be.
        if (failure.RetryAfter > settings.MaxRetryAfter) return false;
        var own = Backoff();
        // "0" does not mean four sendings at once.
        Delay = failure.RetryAfter > own ? failure.RetryAfter.Value : own;
        return Delay < Left;
    }

    private bool MayRepeat(ServiceException failure) => failure.ErrorId switch
    {
        // No connection, or turned away at the door: the service has done nothing.
        ServiceErrorIds.ConnectionFailed or ServiceErrorIds.TooManyRequests => true,
        ServiceErrorIds.ConnectionLost => IsRepeatable,
        ServiceErrorIds.RequestTimeout => IsRead || repeatIsSafe == true,
        _ => failure.Status switch
        {
            HttpStatusCode.ServiceUnavailable => IsRepeatable,
            HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
                or HttpStatusCode.GatewayTimeout => IsRead || repeatIsSafe == true,
            _ => false,
        },
    };

    private static bool IsAnswerLost(ServiceException failure) =>
        failure.ErrorId is ServiceErrorIds.ConnectionLost or ServiceErrorIds.RequestTimeout
        || failure.Status is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.ServiceUnavailable;

    // Half of the wait is jitter, so that parallel requests do not come back in step.
    private TimeSpan Backoff()
    {
        var full = settings.RetryBaseDelay * Math.Pow(2, Attempts - 1);
        if (full > settings.RetryMaxDelay) full = settings.RetryMaxDelay;
#pragma warning disable CA5394 // jitter is no secret
        return full * (0.5 + (Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
    }
}
