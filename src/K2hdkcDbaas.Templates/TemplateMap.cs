using System.Globalization;

namespace K2hdkcDbaas.Templates;

/// <summary>An object value: names in the order in which they came.</summary>
public sealed class TemplateMap : OrderedDictionary<string, object?>
{
    /// <summary>Makes an empty map.</summary>
    public TemplateMap()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>
    /// The members as JavaScript goes through them: first the names that are indexes, smallest first, then the others as they came.
    /// </summary>
    public IEnumerable<KeyValuePair<string, object?>> InJavaScriptOrder() =>
        this.Where(member => Index(member.Key) is not null).OrderBy(member => Index(member.Key))
            .Concat(this.Where(member => Index(member.Key) is null));

    private static uint? Index(string name) =>
        uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < uint.MaxValue
            && (name.Length == 1 || name[0] != '0')
            ? index
            : null;
}
