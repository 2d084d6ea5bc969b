using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Http;

/// <summary>Reads one service's refusals. Made once per service; a service with habits of its own derives from it.</summary>
/// <param name="service">The service's short name, such as <c>nova</c>.</param>
public partial class ErrorMap(string service)
{
    private const int MaxMessage = 600;

    /// <summary>The service's short name.</summary>
    public string Service { get; } = service;

    /// <summary>The service's own words in an error body; null when there are none.</summary>
    /// <param name="body">The parsed body.</param>
    protected virtual string? Message(JsonElement body) => FindMessage(body);

    /// <summary>What a status means at this service.</summary>
    /// <param name="status">The status of the answer.</param>
    /// <param name="message">The service's own words, if any.</param>
    public virtual (ErrorKind Kind, string ErrorId, string NextStep) Classify(HttpStatusCode status, string? message) => (int)status switch
    {
        400 or 422 => (ErrorKind.InvalidInput, ServiceErrorIds.InvalidRequest, "Correct the value that the service names, and try again."),
        401 => (ErrorKind.Unauthenticated, ServiceErrorIds.Unauthorized,
            "Check user, password or application credential, project and domain, then connect again."),
        403 => (ErrorKind.Forbidden, ServiceErrorIds.Forbidden,
            "Use an account with a role that allows this in the project, or ask its administrator."),
        404 => (ErrorKind.NotFound, ServiceErrorIds.NotFound,
            "Check the name or id, and that it belongs to the session's project and region."),
        406 or 501 =>
            (ErrorKind.NotSupported, ServiceErrorIds.NotSupported,
                "This version of the service cannot do it; leave the option out or ask for an upgrade."),
        409 => (ErrorKind.Conflict, ServiceErrorIds.Conflict, "Look at the thing's present state, wait until it is idle, and try again."),
        413 => (ErrorKind.InvalidInput, ServiceErrorIds.RequestTooLarge, "Send less in one request."),
        429 => (ErrorKind.Throttled, ServiceErrorIds.TooManyRequests, "Wait a minute and try again, with fewer requests at once."),
        503 => (ErrorKind.ServiceFailure, ServiceErrorIds.ServiceUnavailable,
            "The service is overloaded or down; try again later or tell its administrator."),
        >= 500 =>
            (ErrorKind.ServiceFailure, ServiceErrorIds.ServiceFailed,
                "The service failed by its own account; give its administrator the request id."),
        >= 400 => (ErrorKind.InvalidInput, ServiceErrorIds.InvalidRequest, "The service refuses the request; check the values given."),
        _ => (ErrorKind.InvalidResponse, ServiceErrorIds.InvalidResponse,
            "Check that the address is that of the service and of no proxy or portal."),
    };

    /// <summary>The service's words in a body of any kind, cleaned for a person; null when there are none.</summary>
    /// <param name="body">The error body as received.</param>
    public string? ReadMessage(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            return Clean(Message(json.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is a text that is no UTF-8, or half of a surrogate pair.
            return null;
        }
    }

    /// <summary>Finds <c>message</c> in the body itself or in its first member that is an object and has one.</summary>
    /// <param name="body">The parsed body.</param>
    protected static string? FindMessage(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return null;
        if (Text(body, "message") is { } flat) return flat;
        foreach (var member in body.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object && Text(member.Value, "message") is { } nested) return nested;
        }
        return null;
    }

    /// <summary>A member's text; null when it is absent or no text.</summary>
    /// <param name="body">The object.</param>
    /// <param name="name">The member's name.</param>
    protected static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // Glance breaks its lines with HTML; a hostile service may send escapes for the terminal.
    private static string? Clean(string? message)
    {
        if (message is null) return null;
        var text = Blanks().Replace(Tags().Replace(message, " "), " ").Trim();
        if (text.Length == 0) return null;
        return text.Length <= MaxMessage ? text : string.Concat(text.AsSpan(0, MaxMessage), "...");
    }

    [GeneratedRegex(@"</?[A-Za-z][^<>]{0,100}>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blanks();
}
