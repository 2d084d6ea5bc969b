namespace K2hdkcDbaas.Http.Handlers;

/// <summary>Tells the observer of every request and what came of it, with secrets masked.</summary>
internal sealed class TraceHandler(IHttpObserver observer, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = ServiceCall.Of(request);
        var sent = observer.WantsBodies && request.Content is { } content
            ? call.Redactor.Body(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false),
                content.Headers.ContentType?.MediaType)
            : null;
        var start = time.GetTimestamp();
        try
        {
            var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Tell(answer, null);
            return answer;
        }
        catch (ServiceException e)
        {
            Tell(null, e.ErrorId);
            throw;
        }

        void Tell(HttpResponseMessage? answer, string? failure)
        {
            var received = answer is not null && observer.WantsBodies
                ? call.Redactor.Body(AnswerContent.Of(answer), answer.Content.Headers.ContentType?.MediaType)
                : null;
            observer.Exchanged(
                new HttpExchange(call.Errors.Service, request.Method.Method, call.Url, call.Plan.Attempts, time.GetElapsedTime(start),
                    answer?.StatusCode, answer is null ? null : ServiceCall.RequestId(answer), failure, sent, received));
        }
    }
}
