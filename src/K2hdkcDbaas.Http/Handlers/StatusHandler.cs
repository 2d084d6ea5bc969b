using System.Net;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http.Handlers;

/// <summary>Makes a <see cref="ServiceException"/> of every answer whose status the call does not expect.</summary>
internal sealed class StatusHandler(HttpSettings settings, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var call = ServiceCall.Of(request);
        // A delete whose first answer got lost and whose repetition finds nothing has done its work.
        var done = answer.StatusCode == HttpStatusCode.NotFound && call.Plan.AnswerLost && request.Method == HttpMethod.Delete;
        if (done || call.Expected.Contains(answer.StatusCode)) return answer;
        using (answer) throw Refusal(call, answer);
    }

    private ServiceException Refusal(ServiceCall call, HttpResponseMessage answer)
    {
        var status = answer.StatusCode;
        var words = call.Errors.ReadMessage(AnswerContent.Of(answer)) is { } said ? call.Redactor.Text(said) : null;
        var (kind, errorId, nextStep) = call.Errors.Classify(status, words);
        var wait = RetryAfterHeader.Read(answer.Headers, time.GetUtcNow());
        // Rate limits of older services are 413 with a wait; a quota may name one too, and no wait helps there.
        if (status == HttpStatusCode.RequestEntityTooLarge && wait is not null && kind != ErrorKind.QuotaExceeded)
            (kind, errorId, nextStep) = call.Errors.Classify(HttpStatusCode.TooManyRequests, words);
        var problem = kind == ErrorKind.InvalidResponse
            ? $"answered HTTP {(int)status} where {string.Join(" or ", call.Expected.Select(e => (int)e))} is due"
            : $"refused with HTTP {(int)status}" + (words is null ? "" : $": {words}");
        if (wait is { } w && w > settings.MaxRetryAfter) nextStep = $"The service asks to wait {w.TotalSeconds:0} s; try again after that.";
        return call.Error(kind, errorId, problem, nextStep, null, answer, words, wait);
    }
}
