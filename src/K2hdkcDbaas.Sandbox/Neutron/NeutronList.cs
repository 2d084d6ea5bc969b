using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>Neutron's way of listing: filters by attribute, chosen fields, pages by limit and marker.</summary>
internal static class NeutronList
{
    private static readonly HashSet<string> NotFilters =
        new(StringComparer.Ordinal) { "fields", "limit", "marker", "page_reverse", "sort_key", "sort_dir" };

    public static JsonObject Answer(HttpContext context, string collection, IEnumerable<JsonObject> all)
    {
        var query = context.Request.Query;
        var filters = query.Where(q => !NotFilters.Contains(q.Key)).ToList();
        var items = all.Where(item => filters.TrueForAll(f => Matches(item, f.Key, f.Value!))).ToList();
        if (query["marker"].ToString() is { Length: > 0 } marker)
        {
            var at = items.FindIndex(i => i["id"].AsText() == marker);
            // An unknown marker is no error: with a limit nothing follows it, without one it is not looked at.
            if (at >= 0) items = items[(at + 1)..];
            else if (query.ContainsKey("limit")) items = [];
        }
        var answer = new JsonObject { [collection] = null };
        var limit = Limit(query["limit"].ToString());
        if (limit is > 0)
        {
            if (items.Count >= limit)
            {
                items = items[..limit.Value];
                answer[collection + "_links"] = new JsonArray(Link(context, "next", items[^1]["id"].AsText()!));
            }
        }
        answer[collection] = JsonHttp.ToArray(items, i => Chosen(context, i));
        return answer;
    }

    /// <summary>The item with only the asked-for fields.</summary>
    public static JsonObject Chosen(HttpContext context, JsonObject item)
    {
        var fields = context.Request.Query["fields"];
        if (fields.Count == 0) return item;
        foreach (var name in item.Select(m => m.Key).Where(k => !fields.Contains(k)).ToList()) item.Remove(name);
        return item;
    }

    private static int? Limit(string text)
    {
        if (text.Length == 0) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : throw new ApiFault(400, $"Bad limit request: Limit must be an integer 0 or greater and not '{text}'.", "BadRequest");
    }

    // An attribute that the resource does not have is no filter at all.
    private static bool Matches(JsonObject item, string name, IReadOnlyList<string> values)
    {
        if (!item.TryGetPropertyValue(name, out var actual)) return true;
        return actual switch
        {
            null => values.Any(v => v is "" or "None" or "null"),
            JsonArray array => name == "fixed_ips"
                ? values.All(v => array.Any(e => v.Split('=', 2) is [var key, var wanted] && e.Get(key).AsText() == wanted))
                : values.Any(v => array.Any(e => e.AsText() == v)),
            JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False =>
                values.Any(v => v.ToUpperInvariant() is "TRUE" or "1" == value.GetValue<bool>()),
            _ => values.Contains(actual.AsText() ?? actual.ToJsonString()),
        };
    }

    private static JsonObject Link(HttpContext context, string rel, string marker)
    {
        var query = string.Join('&', context.Request.Query.Where(q => q.Key != "marker")
            .SelectMany(q => q.Value.Select(v => $"{q.Key}={Uri.EscapeDataString(v ?? "")}")).Append("marker=" + marker));
        return new JsonObject { ["rel"] = rel, ["href"] = $"{context.BaseUrl()}{context.Request.Path}?{query}" };
    }
}
