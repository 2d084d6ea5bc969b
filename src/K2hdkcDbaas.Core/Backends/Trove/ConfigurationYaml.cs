using System.Globalization;
using K2hdkcDbaas.Errors;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>A configuration group's settings as a YAML file: one map of names to texts, whole numbers and booleans.</summary>
public static class ConfigurationYaml
{
    /// <summary>Reads settings.</summary>
    /// <param name="text">The YAML text.</param>
    /// <exception cref="DbaasException"><c>InvalidConfigurationValue</c>: it is no such map.</exception>
    public static IReadOnlyDictionary<string, object?> Read(string text)
    {
        try
        {
            var map = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
                .Deserialize<Dictionary<string, object?>?>(text) ?? [];
            return map.ToDictionary(p => p.Key, p => p.Value switch
            {
                null or string or bool => p.Value,
                byte or sbyte or short or ushort or int or uint or long => Convert.ToInt64(p.Value, CultureInfo.InvariantCulture),
                _ => throw Invalid($"The value of '{p.Key}' is neither text, whole number nor boolean.", p.Key, null),
            });
        }
        catch (YamlException e)
        {
            throw Invalid($"The text is not a YAML map of settings (line {e.Start.Line}): {e.Message}", null, e);
        }
    }

    /// <summary>Writes settings, in the order of their names, without those that only Trove sets.</summary>
    /// <param name="values">The settings.</param>
    public static string Write(IReadOnlyDictionary<string, object?> values) =>
        new SerializerBuilder().WithQuotingNecessaryStrings()
            .Build().Serialize(
                values.Where(v => v.Key != ConfigurationGroups.SystemKey).OrderBy(v => v.Key, StringComparer.Ordinal)
                    .ToDictionary(v => v.Key, v => v.Value)).ReplaceLineEndings("\n");

    private static DbaasException Invalid(string message, string? target, Exception? cause) =>
        new(ErrorKind.InvalidInput, ErrorIds.InvalidConfigurationValue, message, "Write one 'name: value' per line.",
            cause)
        { Target = target };
}
