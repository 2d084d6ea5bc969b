namespace K2hdkcDbaas.Templates;

/// <summary>What one statement area of the text turned out to be.</summary>
internal enum TemplatePartKind
{
    Text,
    Comment,
    Print,
    Statement,
}

/// <summary>One statement with its words, or a stretch of text.</summary>
/// <param name="Area">Number of the area it came from: "for" takes its three parts from one area.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, for text.</param>
/// <param name="Words">The words still to be read; the reader takes them off.</param>
internal sealed record TemplatePart(int Area, TemplatePartKind Kind, string Text, TemplateWordList Words);

/// <summary>Walks over the parts of a template.</summary>
internal sealed class TemplateCursor
{
    private static readonly TemplateWordList None = new([], 0);

    private readonly List<TemplatePart> _parts = [];
    private int _at;

    public TemplateCursor(string template, K2hr3Version version)
    {
        var areas = TemplateAreas.Split(template);
        for (var number = 0; number < areas.Count; number++)
        {
            Add(number, areas[number], version);
        }
    }

    public bool IsEmpty => _parts.Count == 0;

    /// <summary>The part being read, null behind the last one.</summary>
    public TemplatePart? Current => _at < _parts.Count ? _parts[_at] : null;

    /// <summary>Goes on to the next part.</summary>
    public void Next() => _at++;

    /// <summary>
    /// Goes on behind an expression unless words are left: those are a statement of their own. Text that is nothing but an operator
    /// is lost behind an expression with operators: the real reader takes it for more of the expression, then drops it.
    /// </summary>
    public void NextUnlessWordsAreLeft(TemplateExpression? read)
    {
        if (_parts[_at].Words.Count == 0)
        {
            _at++;
            if (Current is { Kind: TemplatePartKind.Text, Text: var text } && read is OperatorExpression operation
                && operation.ReachesFor(text))
            {
                _at++;
            }
        }
        else
        {
            _parts[_at] = _parts[_at] with { Kind = TemplatePartKind.Statement };
        }
    }

    private void Add(int number, TemplateArea area, K2hr3Version version)
    {
        if (!area.IsStatement)
        {
            _parts.Add(new TemplatePart(number, TemplatePartKind.Text, area.Text, None));
        }
        else if (area.Text.StartsWith('#'))
        {
            _parts.Add(new TemplatePart(number, TemplatePartKind.Comment, area.Text, None));
        }
        else if (area.Text.StartsWith('='))
        {
            var printed = area.From(1);
            var statements = Words(printed);
            if (statements.Count > 1 || (statements.Count == 0 && version == K2hr3Version.V2))
            {
                throw TemplateException.Load(
                    "A print takes exactly one expression.", statements.Count > 1 ? statements[1].At : area.Offsets[0]);
            }

            _parts.Add(new TemplatePart(number, TemplatePartKind.Print,
                "", statements.Count == 0 ? new TemplateWordList([], printed.Offsets[0]) : statements[0]));
        }
        else
        {
            foreach (var words in Words(area))
            {
                _parts.Add(new TemplatePart(number, TemplatePartKind.Statement, "", words));
            }
        }
    }

    private static List<TemplateWordList> Words(TemplateArea area)
    {
        var statements = TemplateWords.Split(area.Text);
        return [.. statements.Select(
            words => new TemplateWordList(words.Select(word => word with { At = area.Offsets[word.At] }), End(words[^1])))];

        int End(TemplateWord last) => area.Offsets[last.At + last.Text.Length];
    }
}
