using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http;

/// <summary>An expected answer, read whole.</summary>
public sealed class ServiceResponse
{
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    private readonly Func<ErrorKind, string, string, Exception?, ServiceException> _fault;

    internal ServiceResponse(HttpStatusCode status, HttpResponseHeaders headers, MediaTypeHeaderValue? contentType, ReadOnlyMemory<byte> body,
        Func<ErrorKind, string, string, Exception?, ServiceException> fault)
    {
        Status = status;
        Headers = headers;
        ContentType = contentType?.MediaType;
        Body = body;
        _fault = fault;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The headers of the answer.</summary>
    public HttpResponseHeaders Headers { get; }

    /// <summary>The media type, without parameters; null when the answer named none.</summary>
    public string? ContentType { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The first value of a header; null when it is absent.</summary>
    /// <param name="name">The header's name, any case.</param>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Reads the body as JSON of a known shape.</summary>
    /// <param name="type">The shape.</param>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <exception cref="ServiceException"><see cref="ServiceErrorIds.InvalidResponse"/>: not JSON, or a required member is missing.</exception>
    public T Json<T>(JsonTypeInfo<T> type)
    {
        if (ContentType is not null && !ContentType.Contains("json", StringComparison.OrdinalIgnoreCase))
            throw Invalid($"answered {ContentType} where JSON is due", null);
        if (Body.IsEmpty) throw Invalid("answered with an empty body where JSON is due", null);
        var bytes = Body.Span.StartsWith(Utf8Mark) ? Body.Span[Utf8Mark.Length..] : Body.Span;
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw Invalid("answered null where an object is due", null);
        }
        catch (JsonException e)
        {
            // The parser's own words may quote the body, so only the place is told.
            throw Invalid($"answered with JSON that cannot be used (at {(e.Path is { Length: > 0 } p ? p : "the start")})", null);
        }
    }

    /// <summary>An error that says this answer cannot be used.</summary>
    /// <param name="problem">The predicate of the sentence, such as "answered without a token".</param>
    /// <param name="cause">What caused it, if anything.</param>
    public ServiceException Invalid(string problem, Exception? cause) =>
        _fault(ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse, problem, cause);
}
