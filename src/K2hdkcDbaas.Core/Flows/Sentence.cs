namespace K2hdkcDbaas.Core.Flows;

/// <summary>Puts other programs' words into our sentences.</summary>
internal static class Sentence
{
    private static readonly char[] Stops = ['.', '!', '?'];

    /// <summary>The words with one stop at their end, whether or not they bring one along.</summary>
    public static string End(string words)
    {
        var text = words.TrimEnd();
        while (text.EndsWith(" .", StringComparison.Ordinal) || text.EndsWith("..", StringComparison.Ordinal)) text = text[..^1].TrimEnd();
        return text.Length > 0 && Stops.Contains(text[^1]) ? text : text + ".";
    }
}
