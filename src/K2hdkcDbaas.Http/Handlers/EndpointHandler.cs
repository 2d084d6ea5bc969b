namespace K2hdkcDbaas.Http.Handlers;

/// <summary>Sends a call to where its service is. Comes first, and so starts what the handlers after it know of the call.</summary>
/// <param name="address">The service's base address: from the catalogue, the settings, or fixed.</param>
/// <param name="start">Starts the call.</param>
internal sealed class EndpointHandler(Func<CancellationToken, Task<Uri>> address, Func<HttpRequestMessage, ServiceCall> start)
    : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var found = await address(cancellationToken).ConfigureAwait(false);
        // Colons and at signs may stand in a path (RFC 3986, 3.3), and K2HR3 takes a yrn in no other way: it reads paths by decodeURI,
        // which leaves %3A as it is.
        var path = request.RequestUri!.AbsolutePath.Replace("%3A", ":", StringComparison.OrdinalIgnoreCase)
            .Replace("%40", "@", StringComparison.Ordinal);
        request.RequestUri = new Uri(found.AbsoluteUri.TrimEnd('/') + path + request.RequestUri.Query);
        start(request);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
