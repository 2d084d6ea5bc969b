using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace K2hdkcDbaas.OpenStack.Wire;

/// <summary>
/// Reads a list of things that are not ours, such as flavors, without those that are odd: one of them must not hide the rest.
/// </summary>
/// <typeparam name="T">The thing; its shape must be in the context.</typeparam>
internal sealed class SkippingListConverter<T> : JsonConverter<IReadOnlyList<T>>
    where T : class
{
    public override IReadOnlyList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        if (json.RootElement.ValueKind == JsonValueKind.Null) return null;
        if (json.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("That is no list.");
        var shape = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var list = new List<T>();
        foreach (var item in json.RootElement.EnumerateArray())
        {
            try
            {
                if (item.Deserialize(shape) is { } thing) list.Add(thing);
            }
            catch (JsonException)
            {
                // Left out.
            }
        }
        return list;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Only read.");
}
