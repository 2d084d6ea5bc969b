using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>Reading Neutron's request bodies: one resource or several under its plural.</summary>
internal static class NeutronBody
{
    /// <summary>The resources in the body and whether it was a bulk request.</summary>
    public static async Task<(List<JsonObject> Items, bool Bulk)> ReadAsync(HttpContext context, string singular, string plural,
        params string[] known)
    {
        var body = await context.ReadJsonAsync().ConfigureAwait(false) as JsonObject
            ?? throw new ApiFault(400, "Malformed request body: Cannot understand JSON.", "MalformedRequestBody");
        List<JsonObject> items = body[singular] is JsonObject one ? [one]
            : body[plural] is JsonArray { Count: > 0 } many && many.All(m => m is JsonObject) ? [.. many.Cast<JsonObject>()]
            : throw new ApiFault(400, "Resource body required");
        foreach (var item in items)
        {
            var strange = item.Select(m => m.Key).Where(k => !known.Contains(k)).ToList();
            if (strange.Count > 0) throw new ApiFault(400, $"Unrecognized attribute(s) '{string.Join(", ", strange)}'");
        }
        return (items, body[singular] is null);
    }

    /// <summary>A text attribute, or its default; anything but text is refused.</summary>
    public static string Text(this JsonObject item, string name, string otherwise = "") => !item.TryGetPropertyValue(name, out var value)
        ? otherwise
        : value.AsText()
            ?? throw new ApiFault(400, $"Invalid input for {name}. Reason: '{value?.ToJsonString() ?? "None"}' is not a valid string.");

    public static string Required(this JsonObject item, string name) => item[name] is null
        ? throw new ApiFault(400, $"Failed to parse request. Required attribute '{name}' not specified")
        : item.Text(name);

    public static Task AnswerAsync(HttpContext context, int status, string singular, string plural, IReadOnlyList<NetworkResource> made,
        bool bulk) =>
        context.WriteJsonAsync(status, bulk
            ? new JsonObject { [plural] = JsonHttp.ToArray(made, m => m.ToJson()) }
            : new JsonObject { [singular] = made[0].ToJson() });
}
