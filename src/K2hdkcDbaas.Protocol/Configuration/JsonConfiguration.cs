using System.Text.Json;

namespace K2hdkcDbaas.Protocol.Configuration;

/// <summary>The JSON form: an object of sections; those that repeat are arrays.</summary>
internal static class JsonConfiguration
{
    private static readonly JsonDocumentOptions Lenient =
        new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 };

    public static List<ConfigurationSection> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw ConfigurationParser.Invalid("The ring configuration is JSON, but not an object of sections.");
            var sections = new List<ConfigurationSection>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Array)
                    foreach (var item in property.Value.EnumerateArray()) sections.Add(Section(property.Name, item));
                else
                    sections.Add(Section(property.Name, property.Value));
            }

            return sections;
        }
        // An escape that is half of a character shows only when its text is taken.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ConfigurationParser.Invalid($"The ring configuration is not JSON: {e.Message}", e);
        }
    }

    private static ConfigurationSection Section(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw ConfigurationParser.Invalid($"The ring configuration's {name} is not an object of keys.");
        var section = new ConfigurationSection(name.ToUpperInvariant());
        foreach (var property in element.EnumerateObject())
        {
            section.Values[property.Name] = property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString() ?? "",
                JsonValueKind.Null => "",
                JsonValueKind.Array => string.Join(',', property.Value.EnumerateArray().Select(v => v.ToString())),
                _ => property.Value.ToString(),
            };
        }

        return section;
    }
}
