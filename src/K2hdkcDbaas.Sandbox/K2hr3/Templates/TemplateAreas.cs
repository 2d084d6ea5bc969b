using System.Text;

namespace K2hdkcDbaas.Sandbox.K2hr3.Templates;

/// <summary>A stretch of plain text, or what stood between two pairs of braces.</summary>
/// <param name="IsStatement">Whether it stood between braces.</param>
/// <param name="Text">Escapes undone; statements are trimmed.</param>
internal readonly record struct TemplateArea(bool IsStatement, string Text);

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
                gathered.Append(template, at, foreign + 2 - at);
                at = foreign + 3;
                began = true;
            }
            else if (end >= 0 && end + 2 < template.Length && template[end + 2] == own[0])
            {
                gathered.Append(template, at, end + 2 - at);
                at = end + 3;
                end = -2;
                began = true;
            }
            else
            {
                var stop = end < 0 ? template.Length : end;
                gathered.Append(template, at, stop - at);
                if (inside || began || stop > at)
                {
                    areas.Add(new TemplateArea(inside, inside ? gathered.ToString().Trim() : gathered.ToString()));
                }

                gathered.Clear();
                began = false;
                inside = !inside;
                at = stop + 2;
                end = -2;
            }
        }

        return areas;
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
