namespace K2hdkcDbaas.Templates;

/// <summary>An object value: names in the order in which they came.</summary>
public sealed class TemplateMap : OrderedDictionary<string, object?>
{
    /// <summary>Makes an empty map.</summary>
    public TemplateMap()
        : base(StringComparer.Ordinal)
    {
    }
}
