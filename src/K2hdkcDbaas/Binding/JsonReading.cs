using System.Management.Automation;
using System.Text.Json;

namespace K2hdkcDbaas.Binding;

/// <summary>Turns JSON into the objects that ConvertFrom-Json would make.</summary>
internal static class JsonReading
{
    /// <summary>Makes the object.</summary>
    /// <param name="element">The JSON; no deeper than its parser allows (64 levels).</param>
    public static object? ToObject(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Custom(element),
        JsonValueKind.Array => element.EnumerateArray().Select(ToObject).ToArray(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number when element.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number when element.TryGetDecimal(out var exact) => exact,
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static PSObject Custom(JsonElement element)
    {
        var result = new PSObject();
        foreach (var property in element.EnumerateObject())
        {
            // PowerShell has no two properties of one name, whatever their case, and none without a name.
            if (property.Name.Length == 0) continue;
            result.Properties.Remove(property.Name);
            result.Properties.Add(new PSNoteProperty(property.Name, ToObject(property.Value)));
        }

        return result;
    }
}
