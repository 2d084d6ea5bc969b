using System.Net.Http.Headers;
using System.Security.Authentication;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http.Handlers;

/// <summary>
/// Reads an answer whole, within the time and the size allowed; what goes wrong on the wire becomes a <see cref="ServiceException"/>.
/// </summary>
internal sealed class AnswerHandler(HttpSettings settings, TimeProvider time) : DelegatingHandler
{
    // The service may have done what it did not answer.
    private const string LookFirst = "Look whether the change was made before asking again.";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = ServiceCall.Of(request);
        var limit = settings.RequestTimeout < call.Plan.Left ? settings.RequestTimeout : call.Plan.Left;
        using var timer = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var answer = await base.SendAsync(request, both.Token).ConfigureAwait(false);
            // What later makes errors of this answer finds its call by this.
            answer.RequestMessage = request;
            answer.Content = await ReadAsync(call, request, answer, both.Token).ConfigureAwait(false);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // ConnectTimeout of the transport ends here as well; then the service has seen nothing.
            throw timer.IsCancellationRequested
                ? call.Error(ErrorKind.Timeout, ServiceErrorIds.RequestTimeout, $"gave no whole answer within {limit.TotalSeconds:0.#} s",
                    call.Plan.IsRead ? "Check that the service is up; raise the time-out if it is only slow." : LookFirst)
                : call.Error(ErrorKind.Timeout, ServiceErrorIds.ConnectionFailed,
                    $"could not be reached within {settings.ConnectTimeout.TotalSeconds:0.#} s",
                    "Check the address, that the service is up, and firewalls between.");
        }
        catch (HttpRequestException e)
        {
            throw Failure(call, request, e);
        }
        catch (IOException e)
        {
            throw Cut(call, e);
        }
        catch (InvalidDataException e)
        {
            throw call.Error(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, "answered with a body that cannot be decompressed",
                "Check proxies between, which may spoil what they pass on; else tell the service's administrator.", e);
        }
    }

    private async Task<AnswerContent> ReadAsync(ServiceCall call, HttpRequestMessage request, HttpResponseMessage answer,
        CancellationToken cancellationToken)
    {
        using var content = answer.Content;
        if (request.Method == HttpMethod.Head) return new AnswerContent([], content.Headers.ContentType);
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            var chunk = new byte[16 * 1024];
            int count;
            while ((count = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (body.Length + count > settings.MaxResponseBytes)
                    throw call.Error(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse,
                        $"answered with more than {settings.MaxResponseBytes} bytes",
                        "Check that the address is that of the service; ask for fewer items at once.", null, answer);
                body.Write(chunk, 0, count);
            }
            return new AnswerContent(body.ToArray(), content.Headers.ContentType);
        }
    }

    private static ServiceException Failure(ServiceCall call, HttpRequestMessage request, HttpRequestException e) =>
        e.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError =>
                call.Error(ErrorKind.Unreachable, ServiceErrorIds.TlsFailed, "could not be reached over TLS: " + TlsReason(e),
                    "Give the file of the authority that signed the service's certificate (cacert), or check the address.", e),
            HttpRequestError.NameResolutionError => call.Error(ErrorKind.Unreachable, "HostNotFound",
                $"could not be reached: no such host as '{request.RequestUri!.Host}'", "Check the address and the name service.", e),
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError =>
                call.Error(ErrorKind.Unreachable, ServiceErrorIds.ConnectionFailed,
                    $"could not be reached: {e.InnerException?.Message ?? e.Message}",
                    "Check the address and port, that the service is up, and proxies and firewalls between.", e),
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError
                or HttpRequestError.VersionNegotiationError =>
                call.Error(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, "answered with something that is not HTTP",
                    "Check that the address and port are the service's own, and http or https is right.", e),
            _ => Cut(call, e),
        };

    private static ServiceException Cut(ServiceCall call, Exception cause) =>
        call.Error(ErrorKind.Unreachable, ServiceErrorIds.ConnectionLost, "cut the connection before its answer was whole",
            call.Plan.IsRead ? "Try again; if it stays, look into the service's log and at proxies between." : LookFirst, cause);

    private static string TlsReason(HttpRequestException e) =>
        (e.InnerException as AuthenticationException)?.Message ?? e.InnerException?.Message ?? e.Message;
}

/// <summary>An answer's body, read whole.</summary>
internal sealed class AnswerContent : ByteArrayContent
{
    public AnswerContent(byte[] bytes, MediaTypeHeaderValue? type)
        : base(bytes)
    {
        Bytes = bytes;
        Headers.ContentType = type;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static ReadOnlyMemory<byte> Of(HttpResponseMessage answer) => (answer.Content as AnswerContent)?.Bytes ?? default;
}
