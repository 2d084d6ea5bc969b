using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace K2hdkcDbaas.Http;

/// <summary>One request to a service, as data: it can be sent several times.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Uri">The whole address.</param>
/// <param name="Errors">The service's short name and how to read its refusals.</param>
public sealed record ServiceRequest(HttpMethod Method, Uri Uri, ErrorMap Errors)
{
    /// <summary>The statuses that mean success; anything else ends in a <see cref="ServiceException"/>.</summary>
    public IReadOnlyList<HttpStatusCode> Expected { get; init; } = [HttpStatusCode.OK];

    /// <summary>Whose token the request carries; null for none.</summary>
    public ITokenSource? Token { get; init; }

    /// <summary>More headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body, JSON in UTF-8 unless <see cref="ContentType"/> says otherwise; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>What the body is.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>What is asked for in Accept.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>
    /// Whether sending it twice does no harm: true where the method does not promise that, false where it promises more than the service keeps;
    /// null goes by the method, of which GET, HEAD, PUT and DELETE are taken as safe.
    /// </summary>
    public bool? RepeatIsSafe { get; init; }

    /// <summary>Gives a request its JSON body.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="type">How to write it.</param>
    /// <typeparam name="T">The type of the body.</typeparam>
    public ServiceRequest WithJson<T>(T value, JsonTypeInfo<T> type) => this with { Body = JsonSerializer.SerializeToUtf8Bytes(value, type) };
}
