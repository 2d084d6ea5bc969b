using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox;

/// <summary>Reading and writing of JSON bodies, and the small forms that all services share.</summary>
internal static class JsonHttp
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private const int BodyLimit = 4 * 1024 * 1024;

    /// <summary>Where a request keeps its body once it was read.</summary>
    public const string BodyKey = "body";

    /// <summary>Answers with JSON.</summary>
    public static async Task WriteJsonAsync(this HttpContext context, int status, JsonNode body, string contentType = "application/json")
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString(Plain));
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads the body, or null where it is no JSON. An empty body is null too, and so is a chunked one unless the service reads those: the
    /// WSGI servers of OpenStack do not.
    /// </summary>
    public static async Task<JsonNode?> ReadJsonAsync(this HttpContext context, bool chunked = false)
    {
        if (context.Request.ContentLength is null && !chunked) return null;
        if (context.Request.ContentLength > BodyLimit) throw new BadHttpRequestException("Request is too large.", 413);
        using var kept = new MemoryStream();
        await context.Request.Body.CopyToAsync(kept, context.RequestAborted).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(kept.GetBuffer().AsMemory(0, (int)kept.Length));
            var body = ToNode(document.RootElement);
            context.Items[BodyKey] = body;
            return body;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Of members with the same name the last counts, as in Python; JsonNode itself would fail at the first look.
    internal static JsonNode? ToNode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var whole = new JsonObject();
                foreach (var member in element.EnumerateObject()) whole[member.Name] = ToNode(member.Value);
                return whole;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(ToNode)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    /// <summary>The value as text if it is a JSON string.</summary>
    public static string? AsText(this JsonNode? node) => node is JsonValue v && v.TryGetValue(out string? text) ? text : null;

    /// <summary>The value as a whole number if it is one, or (with <paramref name="lenient"/>) a string of digits.</summary>
    public static int? AsInt(this JsonNode? node, bool lenient = false)
    {
        if (node is not JsonValue v) return null;
        if (v.GetValueKind() == JsonValueKind.Number && v.TryGetValue(out int number)) return number;
        return lenient && v.TryGetValue(out string? text)
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) ? number : null;
    }

    /// <summary>The member if the node is an object that has it.</summary>
    public static JsonNode? Get(this JsonNode? node, string name) =>
        node is JsonObject o && o.TryGetPropertyValue(name, out var value) ? value : null;

    public static bool TryGet(this JsonNode? node, string name, [NotNullWhen(true)] out JsonNode? value) =>
        (value = node.Get(name)) is not null;

    /// <summary>An array of what the projection gives.</summary>
    public static JsonArray ToArray<T>(IEnumerable<T> items, Func<T, JsonNode?> project) => new([.. items.Select(project)]);

    /// <summary>Strings as a JSON array.</summary>
    public static JsonArray Strings(IEnumerable<string> items) => ToArray(items, i => JsonValue.Create(i));

    /// <summary>2026-11-21T03:46:34Z: times of Nova, Neutron and Glance.</summary>
    public static string Seconds(this DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The URL under which the client came to this service, without a slash at the end.</summary>
    public static string BaseUrl(this HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    /// <summary>A route's value.</summary>
    public static string Route(this HttpContext context, string name) => context.Request.RouteValues[name]?.ToString() ?? "";

    public static string NewRequestId() => "req-" + Guid.NewGuid().ToString("D");
}
