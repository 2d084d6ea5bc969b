using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>Makes a guest's console log fit to be shown: the last lines, no control characters, no tokens.</summary>
internal static partial class ConsoleText
{
    private const int MaxLine = 200;

    /// <summary>Cleans a log.</summary>
    /// <param name="text">The log.</param>
    /// <param name="lines">How many lines at most.</param>
    public static string Clean(string text, int lines)
    {
        var kept = text.ReplaceLineEndings("\n").Split('\n').Select(l => Control().Replace(l, "").TrimEnd()).Where(l => l.Length > 0).TakeLast(lines);
        return string.Join('\n', kept.Select(l => "  " + Token().Replace(l.Length <= MaxLine ? l : l[..MaxLine] + "...", "***")));
    }

    // Role tokens are 64 hex digits, register paths longer.
    [GeneratedRegex(@"\b[0-9a-fA-F]{64}\b|(?<=/v1/userdata/)\S+")]
    private static partial Regex Token();

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|[\p{C}-[\t]]")]
    private static partial Regex Control();
}
