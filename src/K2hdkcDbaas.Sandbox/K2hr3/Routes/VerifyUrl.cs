using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using K2hdkcDbaas.Sandbox.K2hr3.Http;
using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Routes;

/// <summary>Asks a service's own server what it lends to a tenant.</summary>
internal sealed class VerifyUrl(K2hr3Version version) : IDisposable
{
    private readonly HttpClient _http =
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.Zero
        })
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = 1024 * 1024,
        };

    /// <summary>The address that a service has for this; null when its text is none.</summary>
    public static Uri? Read(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : null;

    /// <summary>Asks with a token of the tenant.</summary>
    /// <returns>The resources.</returns>
    /// <exception cref="K2hr3Refusal">403: it cannot be reached, or what it says is no list of resources.</exception>
    public async Task<List<object?>> AskAsync(Uri url, string token, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("X-Auth-Token", token);
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        string text;
        try
        {
            using var answer = await _http.SendAsync(request, ct).ConfigureAwait(false);
            if ((int)answer.StatusCode >= 300)
            {
                throw new K2hr3Refusal(403, $"got error response for verify request by status={(int)answer.StatusCode}");
            }

            text = await answer.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new K2hr3Refusal(403, Describe(url, e));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new K2hr3Refusal(403, $"connect ETIMEDOUT {url.Authority}");
        }

        return text.Length == 0
            ? throw new K2hr3Refusal(403, "verify resource is not json string : response(json) =\"\"")
            : Checked(Parameters.Loosen(text));
    }

    public void Dispose() => _http.Dispose();

    private static string Describe(Uri url, HttpRequestException e) => e.InnerException is SocketException { SocketErrorCode: var code }
        ? code switch
        {
            SocketError.ConnectionRefused => string.Create(CultureInfo.InvariantCulture, $"connect ECONNREFUSED {url.Host}:{url.Port}"),
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"getaddrinfo ENOTFOUND {url.Host}",
            _ => e.Message,
        }
        : e.Message;

    private List<object?> Checked(object? said)
    {
        var isOld = version == K2hr3Version.V1;
        var list = said as List<object?>;
        if (isOld ? list is null : list?.TrueForAll(IsResource) != true)
        {
            // The newer release goes on with nothing.
            return isOld ? throw new K2hr3Refusal(403, "verify resource is not array : response(object) =" + TemplateJson.Write(said)) : [];
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; at < list!.Count; at++)
        {
            var map = list[at] as TemplateMap;
            if (map.Get("name") is not string { Length: > 0 } name)
            {
                throw new K2hr3Refusal(403, $"empty resource name in verify response is found : response pos={at}");
            }

            if (!names.Add(name))
            {
                throw new K2hr3Refusal(403,
                    $"same resource name in verify response is found : response pos={at}, name={TemplateJson.Write(name)}");
            }

            if (isOld && !map!.ContainsKey("expire"))
            {
                throw new K2hr3Refusal(403, $"wrong expire value in verify response is found : response pos={at}, expire=undefined");
            }

            map!["expire"] = map.Get("expire") is { } expire ? Math.Truncate(TemplateValues.Number(expire)) : -1d;
        }

        return list;
    }

    private static bool IsResource(object? item) =>
        item is TemplateMap map && map.Get("name") is string && map.Get("expire") is null or double;
}
