using System.Text.Json;

namespace K2hdkcDbaas.Core.Model;

/// <summary>JSON as plain values.</summary>
internal static class JsonValue
{
    /// <summary>Text, long, double, bool or null; arrays and objects as their JSON text.</summary>
    public static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };
}
