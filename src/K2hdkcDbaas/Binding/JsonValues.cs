using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Binding;

/// <summary>Turns what users write (hashtables, arrays, numbers, text) into JSON, and JSON into what they can work with.</summary>
internal static class JsonValues
{
    private const int MaxDepth = 32;

    /// <summary>Makes JSON of a PowerShell value.</summary>
    /// <param name="value">The value.</param>
    public static JsonNode? From(object? value) => From(value, 0);

    /// <summary>Makes a value that users can work with: text, a number, a boolean, or JSON text for anything bigger.</summary>
    /// <param name="element">The JSON.</param>
    public static object? ToObject(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var number) ? number : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => element.GetRawText(),
    };

    private static JsonNode? From(object? value, int depth)
    {
        if (depth > MaxDepth) throw new ArgumentException($"The value is nested deeper than {MaxDepth} levels.");
        return value switch
        {
            null => null,
            PSObject { BaseObject: PSCustomObject } custom => Properties(custom, depth),
            PSObject wrapped => From(wrapped.BaseObject, depth),
            JsonNode node => node.DeepClone(),
            string text => JsonValue.Create(text),
            bool flag => JsonValue.Create(flag),
            SwitchParameter flag => JsonValue.Create(flag.IsPresent),
            byte number => JsonValue.Create(number),
            sbyte number => JsonValue.Create(number),
            short number => JsonValue.Create(number),
            ushort number => JsonValue.Create(number),
            int number => JsonValue.Create(number),
            uint number => JsonValue.Create(number),
            long number => JsonValue.Create(number),
            ulong number => JsonValue.Create(number),
            float number => JsonValue.Create(number),
            double number => JsonValue.Create(number),
            decimal number => JsonValue.Create(number),
            BigInteger number => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture)),
            // Times to the tick and with their zone.
            IFormattable time when time is DateTime or DateTimeOffset or DateOnly or TimeOnly =>
                JsonValue.Create(time.ToString("O", CultureInfo.InvariantCulture)),
            Guid or TimeSpan or Uri or Version => JsonValue.Create(value.ToString()),
            DBNull => null,
            // By its keys: what a generic dictionary enumerates are no DictionaryEntry.
            IDictionary map => new JsonObject(map.Keys.Cast<object>()
                .Select(k => KeyValuePair.Create(LanguagePrimitives.ConvertTo<string>(k), From(map[k], depth + 1)))),
            IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(e => From(e, depth + 1))]),
            IConvertible => JsonValue.Create(LanguagePrimitives.ConvertTo<string>(value)),
            _ => Properties(PSObject.AsPSObject(value), depth),
        };
    }
    private static JsonObject Properties(PSObject value, int depth) =>
        new(value.Properties.Where(p => p.IsGettable).Select(p => KeyValuePair.Create(p.Name, From(p.Value, depth + 1))));
}
