using System.Net;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http;

/// <summary>
/// A request to a service failed: it could not be sent, was refused, or its answer cannot be used. Carries what an administrator
/// of that service needs to find the request again, and never a secret.
/// </summary>
public sealed class ServiceException : DbaasException
{
    /// <summary>Makes an error about one request.</summary>
    /// <param name="kind">What kind of thing went wrong.</param>
    /// <param name="errorId">One of <see cref="ServiceErrorIds"/>, or the caller's own stable name.</param>
    /// <param name="message">Names the service, the request and the cause. No secrets.</param>
    /// <param name="nextStep">What the reader can do about it.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public ServiceException(ErrorKind kind, string errorId, string message, string? nextStep = null, Exception? innerException = null)
        : base(kind, errorId, message, nextStep, innerException)
    {
    }

    /// <summary>The HTTP status of the answer; null when none came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The HTTP method of the request.</summary>
    public string? Method { get; init; }

    /// <summary>The address of the request, with secret parts masked.</summary>
    public string? Url { get; init; }

    /// <summary>The service's own words, cleaned; null when it gave none.</summary>
    public string? ServiceMessage { get; init; }

    /// <summary>How long the service asks to wait before the next try; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How often the request was sent.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The same failure under the name and words of a caller that knows more about it.</summary>
    /// <param name="errorId">The more exact stable name, such as <c>FlavorNotFound</c>.</param>
    /// <param name="kind">The more exact kind.</param>
    /// <param name="message">What failed, in the caller's terms.</param>
    /// <param name="nextStep">What the reader can do; null keeps the present advice.</param>
    /// <param name="target">The name, id or object the request was about.</param>
    public ServiceException Rename(string errorId, ErrorKind kind, string message, string? nextStep = null, object? target = null) =>
        new(kind, errorId, message, nextStep ?? NextStep, this)
        {
            Service = Service,
            RequestId = RequestId,
            Target = target ?? Target,
            Status = Status,
            Method = Method,
            Url = Url,
            ServiceMessage = ServiceMessage,
            RetryAfter = RetryAfter,
            Attempts = Attempts,
        };
}
