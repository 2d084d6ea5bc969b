using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>Writes a chart's values as a YAML file.</summary>
public static class ValuesYaml
{
    /// <summary>Writes them.</summary>
    /// <param name="values">The values.</param>
    public static string Write(JsonObject values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(Plain(values)!);
    }

    private static object? Plain(JsonNode? value) => value switch
    {
        null => null,
        JsonObject map => map.ToDictionary(m => m.Key, m => Plain(m.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue text when text.TryGetValue<string>(out var plain) => plain,
        JsonValue flag when flag.TryGetValue<bool>(out var isSet) => isSet,
        JsonValue number when number.TryGetValue<long>(out var whole) => whole,
        JsonValue number when number.TryGetValue<int>(out var whole) => whole,
        JsonValue number when number.TryGetValue<double>(out var real) => real,
        _ => value.ToJsonString(),
    };
}
