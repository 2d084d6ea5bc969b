using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>What Trove's routes share.</summary>
internal static class TroveHttp
{
    public const string MalformedBody = "MalformedBody";

    /// <summary>Kind of a 403 that Trove itself gives, in its own form.</summary>
    public const string Policy = "Policy";

    /// <summary>The caller, whose project must be the one in the path, also for an administrator.</summary>
    public static (Token Token, string ProjectId) Enter(this HttpContext context, SandboxState state)
    {
        var (token, project) = context.Member(state);
        return context.Route("project") == project
            ? (token, project)
            : throw new ApiFault(403, $"User with tenant id {(project.Length > 0 ? project : "None")} cannot access this resource.");
    }

    /// <summary>The object under the body's key; an array in its place is a 500 as in Trove 18.</summary>
    public static async Task<JsonObject> ReadAsync(HttpContext context, string? key = null)
    {
        var body = await context.ReadJsonAsync().ConfigureAwait(false) ?? throw new ApiFault(400, "Malformed request body", MalformedBody);
        if (body is not JsonObject whole) throw new ApiFault(500, "");
        if (key is null) return whole;
        // An empty object is another 500.
        if (whole.Count == 0) throw new ApiFault(500, "");
        if (!whole.TryGetPropertyValue(key, out var value)) throw TroveSchema.Fault($"'{key}' is a required property");
        return value as JsonObject ?? throw TroveSchema.Fault($"{key} {PythonText.Repr(value)} is not of type 'object'");
    }

    public static ApiFault NoResource(string id) => new(404, $"Resource {id} cannot be found.");

    public static void Accepted(HttpContext context)
    {
        context.Response.StatusCode = 202;
        context.Response.ContentType = "application/json";
    }

    /// <summary>Trove's links say https whatever the endpoint is.</summary>
    public static JsonArray Links(HttpContext context, string path, string? collectionPath = null)
    {
        var host = $"https://{context.Request.Host}";
        return new JsonArray(
            new JsonObject { ["href"] = $"{host}/v1.0/{context.Route("project")}/{path}", ["rel"] = "self" },
            new JsonObject { ["href"] = $"{host}/{collectionPath ?? path}", ["rel"] = "bookmark" });
    }

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A page by limit (20 at most) and marker, with a next link when there is more.</summary>
    public static JsonObject List<T>(HttpContext context, string key, IEnumerable<T> all, Func<T, string> id, Func<T, JsonNode> describe)
    {
        var query = context.Request.Query;
        var limit = 20;
        if (query["limit"].ToString() is { Length: > 0 } text)
        {
            // Trove does not check it: nonsense ends as a 500.
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var wanted))
                throw new ApiFault(500, "");
            limit = wanted is > 0 and < 20 ? wanted : 20;
        }
        // Ids are the order, and a marker need not exist.
        var items = all.OrderBy(id, StringComparer.Ordinal).ToList();
        if (query["marker"].ToString() is { Length: > 0 } marker) items = [.. items.Where(i => string.CompareOrdinal(id(i), marker) > 0)];
        var answer = new JsonObject { [key] = JsonHttp.ToArray(items.Take(limit), i => describe(i)) };
        if (items.Count > limit)
        {
            var next = $"https://{context.Request.Host}{context.Request.Path}?limit={limit}&marker={id(items[limit - 1])}";
            answer["links"] = new JsonArray(new JsonObject { ["href"] = next, ["rel"] = "next" });
        }
        return answer;
    }
}
