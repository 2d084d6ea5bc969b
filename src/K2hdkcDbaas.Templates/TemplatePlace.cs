namespace K2hdkcDbaas.Templates;

/// <summary>Places in a text as editors count them.</summary>
internal static class TemplatePlace
{
    /// <summary>Line and column of an offset, both counted from 1; a line ends with its line feed.</summary>
    public static (int Line, int Column) Of(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Clamp(offset, 0, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
