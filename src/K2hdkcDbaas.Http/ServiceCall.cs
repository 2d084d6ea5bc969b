using System.Globalization;
using System.Net;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http.Handlers;

namespace K2hdkcDbaas.Http;

/// <summary>One call of a service on its way through the handlers: what it expects, and what its errors name.</summary>
internal sealed class ServiceCall
{
    private static readonly HttpRequestOptionsKey<ServiceCall> Key = new("K2hdkc.Call");

    private readonly HttpRequestMessage _request;

    /// <summary>Reads and takes off what the interface says by <see cref="Call"/>.</summary>
    public ServiceCall(HttpRequestMessage request, ErrorMap errors, HttpSettings settings, Redactor redactor, TimeProvider time)
    {
        _request = request;
        Errors = errors;
        Redactor = redactor;
        if (Take(Call.ExpectHeader) is { } expected)
            Expected = [.. expected.Split(',').Select(s => (HttpStatusCode)int.Parse(s, NumberStyles.None, CultureInfo.InvariantCulture))];
        IsAnonymous = Take(Call.AnonymousHeader) is not null;
        Plan = new RetryPlan(settings, request.Method, Take(Call.RepeatHeader) switch { "yes" => true, "no" => false, _ => null }, time);
        request.Options.Set(Key, this);
    }

    /// <summary>How the service's refusals are read.</summary>
    public ErrorMap Errors { get; }

    /// <summary>The statuses that mean success; anything else ends in a <see cref="ServiceException"/>.</summary>
    public IReadOnlyList<HttpStatusCode> Expected { get; } = [HttpStatusCode.OK];

    /// <summary>Whether the call goes without a token.</summary>
    public bool IsAnonymous { get; }

    /// <summary>Whether and when the call is sent again.</summary>
    public RetryPlan Plan { get; }

    /// <summary>Masks secrets.</summary>
    public Redactor Redactor { get; }

    /// <summary>The address as it may be shown.</summary>
    public string Url => Redactor.Url(_request.RequestUri!);

    /// <summary>The call that a request makes.</summary>
    public static ServiceCall Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call)
            ? call
            : throw new InvalidOperationException("The request has not come through EndpointHandler.");

    /// <summary>The service's own id of a request; null when it gave none.</summary>
    public static string? RequestId(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("X-Openstack-Request-Id", out var ids) || answer.Headers.TryGetValues("X-Compute-Request-Id", out ids)
            ? ids.FirstOrDefault()
            : null;

    /// <summary>An error about this call.</summary>
    /// <param name="kind">What kind of thing went wrong.</param>
    /// <param name="errorId">Its stable name.</param>
    /// <param name="problem">The predicate of the sentence, such as "answered without a token".</param>
    /// <param name="nextStep">What the reader can do about it.</param>
    /// <param name="cause">What caused it, if anything.</param>
    /// <param name="answer">The answer it is about, if one came.</param>
    /// <param name="words">The service's own words, if any.</param>
    /// <param name="retryAfter">How long the service asks to wait.</param>
    public ServiceException Error(ErrorKind kind, string errorId, string problem, string? nextStep, Exception? cause = null,
        HttpResponseMessage? answer = null,
        string? words = null, TimeSpan? retryAfter = null)
    {
        var attempts = Math.Max(Plan.Attempts, 1);
        var sent = $"{_request.Method} {Url}{(attempts > 1 ? $", {attempts} attempts" : "")}";
        return new ServiceException(kind, errorId, $"{Errors.Service} {Redactor.Text(problem)} ({sent}).", nextStep, cause)
        {
            Service = Errors.Service,
            RequestId = answer is null ? null : RequestId(answer),
            Status = answer?.StatusCode,
            Method = _request.Method.Method,
            Url = Url,
            ServiceMessage = words,
            RetryAfter = retryAfter,
            Attempts = attempts,
        };
    }

    /// <summary>An error that says an answer cannot be used.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="problem">The predicate of the sentence.</param>
    public static ServiceException Unusable(HttpResponseMessage answer, string problem)
    {
        var call = Of(answer.RequestMessage!);
        return call.Error(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, problem,
            call.Errors.Classify((HttpStatusCode)0, null).NextStep, null, answer);
    }

    private string? Take(string header)
    {
        if (!_request.Headers.TryGetValues(header, out var values)) return null;
        var value = values.First();
        _request.Headers.Remove(header);
        return value;
    }
}
