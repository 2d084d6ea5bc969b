using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using K2hdkcDbaas.Http.Handlers;
using Refit;

namespace K2hdkcDbaas.Http;

/// <summary>
/// Writes and reads a service's bodies with the shapes that were generated for it, never by reflection. Most services put the thing itself
/// under one member (<c>{"server": {...}}</c>); <paramref name="members"/> names it for each type, so that the interfaces speak of the
/// thing alone.
/// </summary>
/// <param name="shapes">The generated shapes.</param>
/// <param name="members">By type, the member under which it goes and comes; types that are not here are whole bodies.</param>
/// <param name="success">A member of every answer that must be true; null for none.</param>
internal sealed class RestJson(JsonSerializerContext shapes, IReadOnlyDictionary<Type, string>? members = null, string? success = null)
    : IHttpContentSerializer
{
    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    public HttpContent ToHttpContent<T>(T item)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = shapes.Options.Encoder }))
        {
            var member = Member<T>();
            if (member is not null)
            {
                writer.WriteStartObject();
                writer.WritePropertyName(member);
            }
            JsonSerializer.Serialize(writer, item, Shape<T>());
            if (member is not null) writer.WriteEndObject();
        }
        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default) =>
        Task.FromResult<T?>(Read<T>(((AnswerContent)content).Bytes, content.Headers.ContentType?.MediaType));

    public string? GetFieldNameForProperty(PropertyInfo propertyInfo) => throw new NotSupportedException("Forms are not used.");

    internal T Read<T>(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (contentType is not null && !contentType.Contains("json", StringComparison.OrdinalIgnoreCase))
            throw new UnusableBodyException($"answered {contentType} where JSON is due");
        if (body.IsEmpty) throw new UnusableBodyException("answered with an empty body where JSON is due");
        var json = body.Span.StartsWith(Utf8Mark) ? body.Span[Utf8Mark.Length..] : body.Span;
        var member = Member<T>();
        try
        {
            if (member is not null || success is not null) json = Find(json, member);
            return JsonSerializer.Deserialize(json, Shape<T>()) ?? throw new UnusableBodyException("answered null where an object is due");
        }
        catch (JsonException e)
        {
            // The parser's own words may quote the body, so only the place is told.
            var place = e.Path is { Length: > 1 } path ? "$" + (member is null ? "" : "." + member) + path[1..] : "the start";
            throw new UnusableBodyException($"answered with JSON that cannot be used (at {place})");
        }
    }

    // The bytes of a member; all of them for null.
    private ReadOnlySpan<byte> Find(ReadOnlySpan<byte> json, string? member)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException();
        var found = member is null ? json : default;
        var ok = success is null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMember = member is not null && reader.ValueTextEquals(member);
            var isSuccess = success is not null && reader.ValueTextEquals(success);
            reader.Read();
            if (isSuccess) ok = reader.TokenType == JsonTokenType.True;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMember) found = json[start..(int)reader.BytesConsumed];
        }
        // The rest must be JSON too.
        while (reader.Read()) { }
        if (!ok) throw new UnusableBodyException($"answered a success that does not say {success}:true");
        return found.IsEmpty ? throw new UnusableBodyException($"answered with JSON that has no '{member}'") : found;
    }

    private string? Member<T>() => members?.GetValueOrDefault(typeof(T));

    private JsonTypeInfo<T> Shape<T>() =>
        (JsonTypeInfo<T>?)shapes.GetTypeInfo(typeof(T))
            ?? throw new InvalidOperationException($"{shapes.GetType().Name} has no shape for {typeof(T)}.");
}

/// <summary>A body that is not what the interface says; the message is the predicate of the sentence to tell.</summary>
internal sealed class UnusableBodyException(string problem) : Exception(problem);
