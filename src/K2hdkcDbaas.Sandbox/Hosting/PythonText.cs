using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox;

/// <summary>Values as Python prints them: OpenStack's validation messages quote the request that way.</summary>
internal static class PythonText
{
    /// <summary>repr() of a JSON value.</summary>
    public static string Repr(JsonNode? node) => node switch
    {
        null => "None",
        JsonObject o => "{" + string.Join(", ", o.Select(m => $"'{m.Key}': {Repr(m.Value)}")) + "}",
        JsonArray a => "[" + string.Join(", ", a.Select(Repr)) + "]",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "'" + node.AsText() + "'",
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            _ => node.ToJsonString(),
        },
    };

    /// <summary>str() of a JSON value.</summary>
    public static string Str(JsonNode? node) => node.AsText() ?? Repr(node);
}
