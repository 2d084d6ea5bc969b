using System.Buffers;
using System.Text;

namespace K2hdkcDbaas.Core.Sessions;

/// <summary>
/// Reads files of shell assignments, as the K2HR3 CLI's <c>k2hr3.config</c> is one, and runs nothing of them: quotes, escapes, comments and
/// references to earlier variables are understood; a line that would run a command is passed over.
/// </summary>
public static class ShellSettings
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Reads the assignments of a text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="environment">Looks a variable up that the text itself does not set; null for none.</param>
    /// <returns>The values by name; a later assignment wins.</returns>
    public static IReadOnlyDictionary<string, string> Parse(string text, Func<string, string?>? environment = null)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith("export ", StringComparison.Ordinal)) line = line[7..].TrimStart();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !IsName(line.AsSpan(0, equals))) continue;
            if (Value(line[(equals + 1)..], name => values.GetValueOrDefault(name) ?? environment?.Invoke(name)) is { } value)
                values[line[..equals]] = value;
        }
        return values;
    }

    private static bool IsName(ReadOnlySpan<char> name) =>
        !char.IsAsciiDigit(name[0]) && !name.ContainsAnyExcept(NameCharacters);

    // The value ends at the first blank outside quotes; null when the shell would run something.
    private static string? Value(string text, Func<string, string?> variable)
    {
        var value = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\'')
            {
                if (c == '\'') quote = '\0';
                else value.Append(c);
            }
            else if (c == '"')
            {
                quote = quote == '"' ? '\0' : '"';
            }
            else if (c == '\'' && quote == '\0')
            {
                quote = '\'';
            }
            else if (c == '\\' && i + 1 < text.Length)
            {
                if (quote == '"' && !"$`\"\\".Contains(text[i + 1], StringComparison.Ordinal)) value.Append(c);
                value.Append(text[++i]);
            }
            else if (c == '`' || (c == '$' && i + 1 < text.Length && text[i + 1] == '('))
            {
                return null;
            }
            else if (c == '$' && Variable(text, ref i) is { } name)
            {
                value.Append(variable(name));
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                break;
            }
            else if (quote == '\0' && c is ';' or '&' or '|' or '<' or '>' or '(' or ')' && quote == '\0')
            {
                return c == ';' ? value.ToString() : null;
            }
            else
            {
                value.Append(c);
            }
        }
        return quote == '\0' ? value.ToString() : null;
    }

    private static string? Variable(string text, ref int i)
    {
        var braced = i + 1 < text.Length && text[i + 1] == '{';
        var start = i + (braced ? 2 : 1);
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
        if (end == start || (braced && (end == text.Length || text[end] != '}'))) return null;
        i = braced ? end : end - 1;
        return text[start..end];
    }
}
