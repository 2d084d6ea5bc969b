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
    private bool _began;

    public TemplateCursor(string template, K2hr3Version version)
    {
        var areas = TemplateAreas.Split(template);
        for (var number = 0; number < areas.Count && Add(number, areas[number], version); number++)
        {
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

    // False when the real reader sees nothing of what follows.
    private bool Add(int number, TemplateArea area, K2hr3Version version)
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
            AddPrint(number, area, version);
        }
        else
        {
            return AddStatements(number, area, version);
        }

        return true;
    }

    private void AddPrint(int number, TemplateArea area, K2hr3Version version)
    {
        var printed = area.From(1);
        var statements = Words(printed);
        if (statements.Count > 1 || (statements.Count == 0 && version == K2hr3Version.V2))
        {
            throw TemplateException.Load(
                "A print takes exactly one expression.", statements.Count > 1 ? statements[1].At : area.Offsets[0]);
        }

        _began = true;
        _parts.Add(new TemplatePart(number, TemplatePartKind.Print,
            "", statements.Count == 0 ? new TemplateWordList([], printed.Offsets[0]) : statements[0]));
    }

    private bool AddStatements(int number, TemplateArea area, K2hr3Version version)
    {
        var statements = Words(area);

        // Semicolons alone are passed over behind a statement. Before the first one the newer reader fails, and the older one takes them
        // for the end.
        if (statements.Count == 0 && area.Text.Length > 0 && !_began)
        {
            return version == K2hr3Version.V1 && _parts.Count > 0
                ? false
                : throw TemplateException.Load("There is nothing but semicolons.", area.Offsets[0]);
        }

        foreach (var words in statements)
        {
            // A "do" does not count: it is no statement before its "while".
            _began |= !words.Peek().Equals("do", StringComparison.OrdinalIgnoreCase);
            _parts.Add(new TemplatePart(number, TemplatePartKind.Statement, "", words));
        }

        return true;
    }

    private static List<TemplateWordList> Words(TemplateArea area)
    {
        var statements = TemplateWords.Split(area.Text);
        return [.. statements.Select(
            words => new TemplateWordList(words.Select(word => word with { At = area.Offsets[word.At] }), End(words[^1])))];

        int End(TemplateWord last) => area.Offsets[last.At + last.Text.Length];
    }
}
