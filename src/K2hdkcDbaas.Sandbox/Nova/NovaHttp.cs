using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>What Nova's routes share: entry, schema errors, links, pages.</summary>
internal static class NovaHttp
{
    /// <summary>Checks token and microversion, in Nova's order.</summary>
    public static (Token Token, string ProjectId) Enter(this HttpContext context, SandboxState state)
    {
        var caller = context.Member(state);
        Microversion.Negotiate(context);
        return caller;
    }

    /// <summary>The object under one key of the body.</summary>
    public static async Task<JsonObject> ReadAsync(HttpContext context, string key)
    {
        var body = await context.ReadJsonAsync().ConfigureAwait(false) switch
        {
            JsonObject whole => whole,
            null => throw new ApiFault(400, "Malformed request body"),
            var other => throw new ApiFault(400, $"{PythonText.Repr(other)} is not of type 'object'"),
        };
        if (!body.TryGetPropertyValue(key, out var value)) throw new ApiFault(400, $"'{key}' is a required property");
        return value as JsonObject ?? throw Schema(key, value, $"{PythonText.Repr(value)} is not of type 'object'");
    }

    /// <summary>The error of Nova's request validation.</summary>
    public static ApiFault Schema(string field, JsonNode? value, string reason) =>
        new(400, $"Invalid input for field/attribute {field}. Value: {PythonText.Str(value)}. {reason}");

    public static void Policy(bool allowed, string rule)
    {
        if (!allowed) throw new ApiFault(403, $"Policy doesn't allow os_compute_api:{rule} to be performed.");
    }

    public static JsonArray Links(HttpContext context, string collection, string id) => new(
        new JsonObject { ["rel"] = "self", ["href"] = $"{context.BaseUrl()}/v2.1/{collection}/{id}" },
        Bookmark(context, collection, id));

    public static JsonObject Bookmark(HttpContext context, string collection, string id) =>
        new() { ["rel"] = "bookmark", ["href"] = $"{context.BaseUrl()}/{collection}/{id}" };

    /// <summary>One page of a list, and whether another follows. Nova gives a next link whenever the page is full.</summary>
    public static (List<T> Page, bool More) Page<T>(HttpContext context, IEnumerable<T> all, Func<T, string> id)
    {
        var query = context.Request.Query;
        var items = all.ToList();
        if (query["marker"].ToString() is { Length: > 0 } marker)
        {
            var at = items.FindIndex(i => id(i) == marker);
            items = at < 0 ? throw new ApiFault(400, $"marker [{marker}] not found") : items[(at + 1)..];
        }
        if (query["limit"].ToString() is not { Length: > 0 } text) return (items.Count > 1000 ? items[..1000] : items, items.Count > 1000);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
            throw new ApiFault(400, $"Invalid input for query parameters limit. Value: {text}. '{text}' does not match '^[0-9]*$'");
        return limit == 0 ? ([], false) : items.Count >= limit ? (items[..limit], true) : (items, false);
    }

    public static JsonArray NextLink(HttpContext context, string marker)
    {
        var query = string.Join('&', context.Request.Query.Where(q => q.Key != "marker")
            .SelectMany(q => q.Value.Select(v => $"{q.Key}={Uri.EscapeDataString(v ?? "")}"))
            .Append("marker=" + Uri.EscapeDataString(marker)));
        return new JsonArray(new JsonObject { ["rel"] = "next", ["href"] = $"{context.BaseUrl()}{context.Request.Path}?{query}" });
    }

    /// <summary>A filter that is a regular expression, as name and ip are. It cannot be made to run for long.</summary>
    public static Regex Pattern(string field, string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ApiFault(400, $"Invalid input for query parameters {field}. Value: {text}. '{text}' is not a 'regex'");
        }
    }

    public static string Micro(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
