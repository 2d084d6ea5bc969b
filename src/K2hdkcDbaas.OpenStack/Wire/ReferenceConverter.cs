using System.Text.Json;
using System.Text.Json.Serialization;

namespace K2hdkcDbaas.OpenStack.Wire;

/// <summary>
/// Reads a reference to another thing down to its id: an object with <c>id</c>, the id itself, or an empty text for none (a server booted
/// from a volume has no image). From Nova 2.47 a flavor comes without an id; then its name stands for it.
/// </summary>
internal sealed class ReferenceConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var value = json.RootElement;
        if (value.ValueKind == JsonValueKind.Object)
        {
            if (!value.TryGetProperty("id", out var id) && !value.TryGetProperty("original_name", out id)) return null;
            value = id;
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Null => null,
            _ => throw new JsonException("That is not a reference."),
        };
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
