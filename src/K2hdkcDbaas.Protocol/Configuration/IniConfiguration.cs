using System.Text;

namespace K2hdkcDbaas.Protocol.Configuration;

/// <summary>The INI form: sections in brackets, <c>KEY = value</c>, <c>#</c> comments, quotes, backslash escapes, INCLUDE.</summary>
internal static class IniConfiguration
{
    private const int MaxIncludeDepth = 8;

    public static List<ConfigurationSection> Read(string text, Func<string, string>? include)
    {
        var sections = new List<ConfigurationSection>();
        Read(text, include, sections, 0);
        return sections;
    }

    private static void Read(string text, Func<string, string>? include, List<ConfigurationSection> sections, int depth)
    {
        if (depth > MaxIncludeDepth)
            throw ConfigurationParser.Invalid($"The ring configuration's files include one another more than {MaxIncludeDepth} deep.");
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = Unquote(raw.Trim(), number).Trim();
            if (line.Length == 0) continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                sections.Add(new ConfigurationSection(line[1..^1].Trim().ToUpperInvariant()));
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? line : line[..equals]).Trim();
            var value = equals < 0 ? "" : line[(equals + 1)..].Trim();
            if (key.Equals("INCLUDE", StringComparison.OrdinalIgnoreCase))
            {
                if (include is null)
                    throw ConfigurationParser.Invalid(
                        $"Line {number} of the ring configuration includes '{value}', and files cannot be included here.");
                Read(include(value), include, sections, depth + 1);
                continue;
            }

            if (equals < 0)
                throw ConfigurationParser.Invalid(
                    $"Line {number} of the ring configuration, '{Shortened(line)}', is neither a section nor KEY = value.");
            if (sections.Count == 0)
                throw ConfigurationParser.Invalid($"Line {number} of the ring configuration sets {key} before any section.");
            sections[^1].Values[key] = value;
        }
    }

    // A '#' starts a comment at the line's start or after a blank, unless quoted; quotes fall away; a backslash takes the next character as
    // it is.
    private static string Unquote(ReadOnlySpan<char> line, int number)
    {
        var text = new StringBuilder(line.Length);
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && line[i + 1] is '\\' or '\'' or '"' or '#') text.Append(line[++i]);
            else if (quote != '\0' && c == quote) quote = '\0';
            else if (quote == '\0' && c is '\'' or '"') quote = c;
            else if (quote == '\0' && c == '#' && (i == 0 || char.IsWhiteSpace(line[i - 1]))) break;
            else text.Append(c);
        }

        if (quote != '\0')
            throw ConfigurationParser.Invalid($"Line {number} of the ring configuration has a quote ({quote}) that is not closed.");
        return text.ToString();
    }

    private static string Shortened(string line) => line.Length <= 60 ? line : line[..60] + "...";
}
