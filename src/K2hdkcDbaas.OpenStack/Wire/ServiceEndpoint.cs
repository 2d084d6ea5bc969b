using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Keystone;

namespace K2hdkcDbaas.OpenStack.Wire;

/// <summary>One service of the cloud: where it is, and the few ways of calling it that its clients share.</summary>
internal sealed class ServiceEndpoint
{
    private readonly HttpConnection _http;
    private readonly KeystoneSession _session;
    private readonly string _serviceType;
    private readonly Func<Uri, KeystoneToken, Uri> _complete;
    private readonly ErrorMap _errors;

    /// <param name="http">The session's request path.</param>
    /// <param name="session">Gives token and catalog.</param>
    /// <param name="serviceType">The type in the catalog.</param>
    /// <param name="complete">Makes the service's base address of what the catalog or an override says.</param>
    /// <param name="errors">How to read the service's refusals.</param>
    public ServiceEndpoint(HttpConnection http, KeystoneSession session, string serviceType, Func<Uri, KeystoneToken, Uri> complete, ErrorMap errors)
    {
        _http = http;
        _session = session;
        _serviceType = serviceType;
        _complete = complete;
        _errors = errors;
    }

    /// <summary>The service's base address, without a trailing slash.</summary>
    public async Task<Uri> BaseAsync(CancellationToken cancellationToken)
    {
        var token = await _session.GetAsync(cancellationToken).ConfigureAwait(false);
        return _complete(_session.Endpoint(_serviceType, token), token);
    }

    public async Task<ServiceResponse> SendAsync(HttpMethod method, string path, IReadOnlyList<HttpStatusCode> expected, CancellationToken cancellationToken,
        Func<ServiceRequest, ServiceRequest>? with = null)
    {
        var address = await BaseAsync(cancellationToken).ConfigureAwait(false);
        var request = new ServiceRequest(method, new Uri(address.AbsoluteUri.TrimEnd('/') + path), _errors) { Expected = expected, Token = _session };
        return await _http.SendAsync(with is null ? request : with(request), cancellationToken).ConfigureAwait(false);
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, Func<ServiceRequest, ServiceRequest>? with = null) =>
        (await SendAsync(HttpMethod.Get, path, [HttpStatusCode.OK], cancellationToken, with).ConfigureAwait(false)).Json(type);

    public async Task<TReply> PostAsync<TBody, TReply>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TReply> replyType,
        IReadOnlyList<HttpStatusCode> expected, CancellationToken cancellationToken, Func<ServiceRequest, ServiceRequest>? with = null) =>
        (await SendAsync(HttpMethod.Post, path, expected, cancellationToken, r => (with is null ? r : with(r)).WithJson(body, bodyType)).ConfigureAwait(false)).Json(replyType);

    public Task DeleteAsync(string path, HttpStatusCode expected, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, path, [expected], cancellationToken);

    /// <summary>
    /// Lists all pages. Of a next link only the marker is taken: Trove's links begin with https:// whatever the endpoint is, and none is worth following blindly.
    /// </summary>
    public async IAsyncEnumerable<TItem> ListAsync<TPage, TItem>(string path, JsonTypeInfo<TPage> type, Func<TPage, IReadOnlyList<TItem>> items,
        Func<TPage, string?> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? marker = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var query = marker is null ? path : path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "marker=" + Uri.EscapeDataString(marker);
            var response = await SendAsync(HttpMethod.Get, query, [HttpStatusCode.OK], cancellationToken).ConfigureAwait(false);
            var page = response.Json(type);
            foreach (var item in items(page)) yield return item;

            if (next(page) is not { } link) yield break;
            var following = MarkerOf(link) ?? throw response.Invalid("answered with a link to a next page that has no marker", null);
            if (!seen.Add(following) || items(page).Count == 0) throw response.Invalid("answered with a next page that does not move on", null);
            marker = following;
        }
    }

    /// <summary>One part of a path, which no input can leave.</summary>
    public static string Segment(string value, string what)
    {
        if (string.IsNullOrWhiteSpace(value) || value is "." or "..")
            throw new DbaasException(ErrorKind.InvalidInput, "InvalidName", $"'{value}' is no {what}.", $"Give the {what}'s name or id.") { Target = value };
        return Uri.EscapeDataString(value);
    }

    /// <summary>Appends a version to an address that does not name one.</summary>
    public static Uri WithVersion(Uri address, string version)
    {
        var text = address.AbsoluteUri.TrimEnd('/');
        // Of the path alone: a host may be called v1-glance.
        var last = address.AbsolutePath.TrimEnd('/').Split('/')[^1];
        return new Uri(last.Length > 1 && last[0] == 'v' && char.IsAsciiDigit(last[1]) ? text : text + "/" + version);
    }

    private static string? MarkerOf(string link)
    {
        var start = link.IndexOf('?', StringComparison.Ordinal);
        if (start < 0) return null;
        foreach (var pair in link[(start + 1)..].Split('&'))
        {
            if (pair.StartsWith("marker=", StringComparison.Ordinal) && pair.Length > 7) return Uri.UnescapeDataString(pair[7..].Replace('+', ' '));
        }
        return null;
    }
}

internal sealed record LinkBody(string Rel, string Href)
{
    public static string? Next(IReadOnlyList<LinkBody>? links) => links?.FirstOrDefault(l => l.Rel == "next")?.Href;
}
