using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http.Handlers;

/// <summary>Gives a call its token, and a new one once when the service answers 401.</summary>
internal sealed class TokenHandler(string headerName, ITokenSource? source) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<string> OwnToken = new(Call.Token);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = ServiceCall.Of(request);
        if (request.Options.TryGetValue(OwnToken, out var own) && own is not null)
        {
            Give(request, call, own);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        if (call.IsAnonymous || source is null) return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

        var token = await TakeAsync(request, call, source, cancellationToken).ConfigureAwait(false);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e) when (e.Kind == ErrorKind.Unauthenticated && source.Refuse(token))
        {
            // Refused at the door, so nothing was done: with a new token the same request goes once more.
            await TakeAsync(request, call, source, cancellationToken).ConfigureAwait(false);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> TakeAsync(HttpRequestMessage request, ServiceCall call, ITokenSource from,
        CancellationToken cancellationToken)
    {
        try
        {
            var token = await from.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            Give(request, call, token);
            return token;
        }
        catch (ServiceException)
        {
            call.Plan.LogInFailed = true;
            throw;
        }
    }

    private void Give(HttpRequestMessage request, ServiceCall call, string token)
    {
        call.Redactor.Learn(token);
        // Sent as it is, such a value would only show as a cut connection.
        if (token.Any(c => c is < ' ' or > '~'))
            throw call.Error(ErrorKind.InvalidInput, ServiceErrorIds.TokenUnusable,
                $"was not asked: the {headerName} to send has a character that no token has",
                "Give the token as the service gave it: ASCII without blanks, quotes or line breaks.");
        request.Headers.Remove(headerName);
        request.Headers.TryAddWithoutValidation(headerName, token);
    }
}
