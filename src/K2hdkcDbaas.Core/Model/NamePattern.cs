using System.Text;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Core.Model;

/// <summary>
/// A name with PowerShell's wildcards: <c>*</c>, <c>?</c>, <c>[a-c]</c>; a backtick takes the meaning from the next character. Case does
/// not matter.
/// </summary>
public sealed class NamePattern
{
    private readonly Regex? _regex;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern; null or empty fits everything.</param>
    public NamePattern(string? text)
    {
        Text = string.IsNullOrEmpty(text) ? "*" : text;
        if (HasWildcards(Text))
            _regex = new Regex(
                Translate(Text), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline
                    | RegexOptions.NonBacktracking);
    }

    /// <summary>The pattern as given.</summary>
    public string Text { get; }

    /// <summary>Whether it means one name only.</summary>
    public bool IsExact => _regex is null;

    /// <summary>Whether it fits every name.</summary>
    public bool IsEverything => Text == "*";

    /// <summary>Whether a text holds wildcards.</summary>
    /// <param name="text">The text.</param>
    public static bool HasWildcards(string text) => text.AsSpan().ContainsAny('*', '?', '[');

    /// <summary>Whether a name fits; a null name fits nothing.</summary>
    /// <param name="name">The name.</param>
    public bool Fits(string? name) =>
        name is not null && (_regex?.IsMatch(name) ?? string.Equals(name, Text, StringComparison.OrdinalIgnoreCase));

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*': regex.Append(".*"); break;
                case '?': regex.Append('.'); break;
                case '`' when i + 1 < pattern.Length: regex.Append(Regex.Escape(pattern[++i].ToString())); break;
                case '[' when Class(pattern, i) is { } set:
                    regex.Append(set);
                    i = pattern.IndexOf(']', i + 1);
                    break;
                default: regex.Append(Regex.Escape(pattern[i].ToString())); break;
            }
        }
        return regex.Append('$').ToString();
    }

    // A class that is never closed, empty or upside down is a plain bracket.
    private static string? Class(string pattern, int open)
    {
        var close = pattern.IndexOf(']', open + 1);
        if (close <= open + 1) return null;
        var body = pattern[(open + 1)..close];
        for (var i = 1; i + 1 < body.Length; i++)
        {
            if (body[i] == '-' && body[i - 1] > body[i + 1]) return null;
        }
        return "[" + string.Concat(
            body.Select(c => c == '-' ? "-" : Regex.Escape(c.ToString()).Replace("^", "\\^", StringComparison.Ordinal))) + "]";
    }
}
