using K2hdkcDbaas.Templates;

namespace K2hdkcDbaas.Sandbox.K2hr3.Http;

/// <summary>How bodies and queries say lists, names and JSON.</summary>
internal static class Parameters
{
    /// <summary>Text that is JSON but not a number is read as JSON; anything else stays as it is.</summary>
    public static object? Loosen(object? value)
        => value is string text && double.IsNaN(TemplateValues.Number(text)) && TemplateJson.TryParse(text, out var parsed)
            ? parsed
            : value;

    /// <summary>
    /// A list of names: null (leave), empty text or an empty array (clear), an array, or text with commas. False when one of the
    /// names does not fit.
    /// </summary>
    public static bool TryReadList(object? value, Func<string, bool> fits, out List<string>? list)
    {
        list = null;
        var loose = Loosen(value);
        IEnumerable<object?> items;
        switch (loose)
        {
            case null:
                return true;
            case "":
                items = [];
                break;
            case string text:
                items = text.Split(',');
                break;
            case List<object?> array:
                items = array;
                break;
            default:
                return false;
        }

        list = [];
        foreach (var item in items)
        {
            if (item is not string { Length: > 0 } name || !fits(name.ToLowerInvariant()))
            {
                return false;
            }

            list.Add(name.ToLowerInvariant());
        }

        return true;
    }

    /// <summary>A list of full names of one kind in a tenant.</summary>
    public static bool TryReadNames(object? value, string tenant, YrnKind kind, out List<string>? list)
        => TryReadList(value, name => name.StartsWith(Yrn.Top(tenant, kind) + ":", StringComparison.Ordinal), out list);

    /// <summary>A name in a body or path: bare, or full in the caller's tenant. Any other full name counts as a bare one.</summary>
    public static string OwnName(string name, string tenant, YrnKind kind)
    {
        var lower = name.ToLowerInvariant();
        var start = Yrn.Top(tenant, kind) + ":";
        return lower.StartsWith(start, StringComparison.Ordinal) ? lower[start.Length..] : lower;
    }

    /// <summary>The switch "expand" of a query.</summary>
    public static bool ReadExpand(K2hr3Request request, bool usual, string verbs = "GET") => request.FullQuery("expand") switch
    {
        null => usual,
        var text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        var text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        var text =>
            throw new K2hr3Refusal(400,
                $"{verbs} expand url argument parameter({TemplateJson.Write(text)}) is wrong, it must be true or false."),
    };

    /// <summary>A member of a map; null when it has none of that name.</summary>
    public static object? Get(this TemplateMap? map, string name) => map is not null && map.TryGetValue(name, out var value) ? value : null;

    /// <summary>Texts as a JSON array.</summary>
    public static List<object?> ToJson(this IEnumerable<string> texts) => [.. texts];

    /// <summary>A time as JavaScript writes it.</summary>
    public static string ToIso(this DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
