using System.Net;
using System.Text.Json.Serialization.Metadata;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>The ways of calling K2HR3 that its clients share.</summary>
internal sealed class K2hr3Endpoint(HttpConnection http, Uri api, K2hr3Session session)
{
    public Uri Api { get; } = api;

    public HttpConnection Http { get; } = http;

    public K2hr3Session Session { get; } = session;

    /// <summary>Sends with the session's token, another one, or none.</summary>
    public Task<ServiceResponse> SendAsync(HttpMethod method, string path, HttpStatusCode expected, CancellationToken cancellationToken,
        Func<ServiceRequest, ServiceRequest>? with = null)
    {
        var request = new ServiceRequest(method, new Uri(Api.AbsoluteUri.TrimEnd('/') + path), K2hr3Errors.Instance) { Expected = [expected], Token = Session };
        return Http.SendAsync(with is null ? request : with(request), cancellationToken);
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : K2hr3Reply =>
        Checked(await SendAsync(HttpMethod.Get, path, HttpStatusCode.OK, cancellationToken).ConfigureAwait(false), type);

    /// <summary>Creates or updates; K2HR3's POSTs set a thing to what is said, so sending one twice does no harm.</summary>
    public async Task SaveAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken, HttpStatusCode expected = HttpStatusCode.Created) =>
        Checked(await SendAsync(HttpMethod.Post, path, expected, cancellationToken, r => r.WithJson(body, type) with { RepeatIsSafe = true }).ConfigureAwait(false), K2hr3Json.Default.BaseReply);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, HttpStatusCode.NoContent, cancellationToken);

    /// <summary>Asks by HEAD: true for 204, false for what means no.</summary>
    public async Task<bool> AskAsync(string path, CancellationToken cancellationToken, bool withToken = true)
    {
        try
        {
            await SendAsync(HttpMethod.Head, path, HttpStatusCode.NoContent, cancellationToken, withToken ? null : r => r with { Token = null }).ConfigureAwait(false);
            return true;
        }
        catch (ServiceException e) when (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    public static T Checked<T>(ServiceResponse response, JsonTypeInfo<T> type) where T : K2hr3Reply
    {
        var reply = response.Json(type);
        return reply.Result ? reply : throw response.Invalid("answered a success that says result:false", null);
    }

    /// <summary>A name with its slashes, as part of a path that no input can leave.</summary>
    public static string Name(string name, string what)
    {
        var parts = name.Split('/');
        if (parts.Any(p => string.IsNullOrWhiteSpace(p) || p is "." or ".."))
            throw new DbaasException(ErrorKind.InvalidInput, "InvalidName", $"'{name}' is no name of a {what}.", "Give its name, such as cluster/server, or its full yrn.") { Target = name };
        return string.Join('/', parts.Select(p => Uri.EscapeDataString(p).Replace("%3A", ":", StringComparison.Ordinal)));
    }

    public static string Query(params IEnumerable<(string Key, string? Value)> pairs) =>
        string.Join('&', pairs.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}")) is { Length: > 0 } query ? "?" + query : "";
}
