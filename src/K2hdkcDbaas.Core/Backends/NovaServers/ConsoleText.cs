using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>Makes a guest's console log fit to be shown: the last lines, no control characters, no tokens.</summary>
internal static partial class ConsoleText
{
    private const int MaxLine = 200;

    /// <summary>Cleans a log.</summary>
    /// <param name="text">The log.</param>
    /// <param name="lines">How many lines at most.</param>
    public static string Clean(string text, int lines) =>
        string.Join('\n', Lines(text, lines).Select(l => "  " + (l.Length <= MaxLine ? l : l[..MaxLine] + "...")));

    /// <summary>The lines of a log that are not empty, whole.</summary>
    /// <param name="text">The log.</param>
    /// <param name="lines">How many lines at most.</param>
    public static IReadOnlyList<string> Lines(string text, int lines) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(l => Token().Replace(Control().Replace(l, "").TrimEnd(), "***"))
            .Where(l => l.Length > 0).TakeLast(lines)];

    // Role tokens are 64 hex digits, register paths longer.
    [GeneratedRegex(@"\b[0-9a-fA-F]{64}\b|(?<=/v1/userdata/)\S+")]
    private static partial Regex Token();

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|[\p{C}-[\t]]")]
    private static partial Regex Control();
}
