using System.Text;

namespace K2hdkcDbaas.Templates;

/// <summary>A stretch of plain text, or what stood between two pairs of braces.</summary>
/// <param name="IsStatement">Whether it stood between braces.</param>
/// <param name="Text">Escapes undone; statements are trimmed.</param>
/// <param name="Offsets">Of a statement: where each of its characters stands in the template, and at last where it ends.</param>
internal readonly record struct TemplateArea(bool IsStatement, string Text, int[] Offsets)
{
    /// <summary>The area without its first characters and the blanks behind them.</summary>
    public TemplateArea From(int start)
    {
        var text = Text[start..].TrimStart();
        return new TemplateArea(IsStatement, text.TrimEnd(), Offsets[(Text.Length - text.Length)..]);
    }
}

/// <summary>Cuts a template into text and statement areas.</summary>
internal static class TemplateAreas
{
    private const string Open = "{{";
    private const string Close = "}}";

    /// <summary>
    /// Splits at double braces. Triple braces stand for double ones, inside and outside of statements. Text that ends with such an
    /// escape is lost with everything before it in its area: the real scanner forgets what it has gathered when nothing follows.
    /// </summary>
    public static List<TemplateArea> Split(string template)
    {
        var areas = new List<TemplateArea>();
        var gathered = new StringBuilder();
        var offsets = new List<int>();
        var inside = false;
        var began = false;
        var at = 0;
        var end = -2;
        while (at < template.Length)
        {
            var (own, other) = inside ? (Close, Open) : (Open, Close);
            if (end == -2)
            {
                end = template.IndexOf(own, at, StringComparison.Ordinal);
            }

            var foreign = IndexOfTriple(template, other[0], at, end < 0 ? template.Length : end + 2);
            if (foreign >= 0 && (end < 0 || foreign < end))
            {
                Gather(foreign + 2);
                at = foreign + 3;
                began = true;
            }
            else if (end >= 0 && end + 2 < template.Length && template[end + 2] == own[0])
            {
                Gather(end + 2);
                at = end + 3;
                end = -2;
                began = true;
            }
            else
            {
                var stop = end < 0 ? template.Length : end;
                Gather(stop);
                if (inside)
                {
                    areas.Add(new TemplateArea(true, gathered.ToString(), [.. offsets, stop]).From(0));
                }
                else if (began || stop > at)
                {
                    areas.Add(new TemplateArea(false, gathered.ToString(), []));
                }

                gathered.Clear();
                offsets.Clear();
                began = false;
                inside = !inside;
                at = stop + 2;
                end = -2;
            }
        }

        return areas;

        void Gather(int stop)
        {
            gathered.Append(template, at, stop - at);
            if (inside)
            {
                offsets.AddRange(Enumerable.Range(at, stop - at));
            }
        }
    }

    private static int IndexOfTriple(string text, char brace, int from, int limit)
    {
        for (var at = text.IndexOf(brace, from); at >= 0 && at < limit; at = text.IndexOf(brace, at + 1))
        {
            if (at + 2 < text.Length && text[at + 1] == brace && text[at + 2] == brace)
            {
                return at;
            }
        }

        return -1;
    }
}
