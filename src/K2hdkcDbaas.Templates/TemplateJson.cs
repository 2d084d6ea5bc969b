using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace K2hdkcDbaas.Templates;

/// <summary>JSON as the service's own values: null, bool, double, string, list and <see cref="TemplateMap"/>.</summary>
public static class TemplateJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON element as a value. Of a name that occurs twice the last one counts.</summary>
    public static object? ToValue(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new TemplateMap();
                foreach (var property in element.EnumerateObject())
                {
                    map[property.Name] = ToValue(property.Value);
                }

                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(ToValue).ToList();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    /// <summary>Reads text as JSON; false when it is none.</summary>
    public static bool TryParse(string? text, out object? value)
    {
        value = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            value = ToValue(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A copy that shares nothing with the value.</summary>
    public static object? Copy(object? value) => value switch
    {
        List<object?> list => list.Select(Copy).ToList(),
        TemplateMap map => Copy(map),
        _ => value,
    };

    /// <summary>A copy that shares nothing with the map.</summary>
    public static TemplateMap Copy(TemplateMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var copy = new TemplateMap();
        foreach (var (name, value) in map)
        {
            copy[name] = Copy(value);
        }

        return copy;
    }

    /// <summary>The value as compact JSON text, written as JavaScript does.</summary>
    public static string Write(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>As <see cref="Write(object?)"/>, in characters that a header can hold.</summary>
    public static string WriteAscii(object? value)
        => string.Concat(Write(value).Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case double number when double.IsFinite(number):
                writer.WriteRawValue(TemplateValues.Text(number), skipInputValidation: true);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case List<object?> list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case TemplateMap map:
                writer.WriteStartObject();
                foreach (var (name, inner) in map.InJavaScriptOrder())
                {
                    // JavaScript leaves out what is undefined.
                    if (!ReferenceEquals(inner, TemplateValues.Undefined))
                    {
                        writer.WritePropertyName(name);
                        Write(writer, inner);
                    }
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
