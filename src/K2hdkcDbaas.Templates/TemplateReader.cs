namespace K2hdkcDbaas.Templates;

/// <summary>Reads the statements of a template into a tree.</summary>
internal sealed class TemplateReader
{
    private const int MaxDepth = 100;

    private readonly TemplateCursor _cursor;
    private readonly TemplateExpressionReader _expressions;

    private TemplateReader(string template, K2hr3Version version, ICollection<string> variables)
    {
        _cursor = new TemplateCursor(template, version);
        _expressions = new TemplateExpressionReader(version, variables);
    }

    /// <summary>Reads a whole template and collects the names of its variables.</summary>
    /// <exception cref="TemplateException">The text is no template.</exception>
    public static List<TemplateStatement> Read(string template, K2hr3Version version, ICollection<string> variables)
    {
        var reader = new TemplateReader(template, version, variables);
        if (reader._cursor.IsEmpty)
        {
            throw TemplateException.Load("There is nothing to expand.", 0);
        }

        var statements = new List<TemplateStatement>();
        while (reader._cursor.Current is { } part)
        {
            reader.ReadPart(part, null, statements);
        }

        return statements;
    }

    private TemplateBlock? ReadPart(TemplatePart part, TemplateScope? scope, List<TemplateStatement> into)
    {
        switch (part.Kind)
        {
            case TemplatePartKind.Text:
                into.Add(new TextStatement(part.Text));
                _cursor.Next();
                return null;
            case TemplatePartKind.Comment:
                into.Add(new TextStatement(""));
                _cursor.Next();
                return null;
            case TemplatePartKind.Print:
                var printedAt = part.Words.At;
                var printed = _expressions.ReadPrinted(part.Words);
                into.Add(new PrintStatement(printed) { At = printedAt });
                _cursor.NextUnlessWordsAreLeft(printed);
                return null;
            default:
                return ReadStatement(part, scope, into);
        }
    }

    private TemplateBlock? ReadStatement(TemplatePart part, TemplateScope? scope, List<TemplateStatement> into)
    {
        var at = part.Words.At;
        switch (Keyword(part))
        {
            case "if":
                into.Add(ReadIf(part, scope));
                return TemplateBlock.If;
            case "foreach":
                into.Add(ReadForeach(part, scope));
                return TemplateBlock.Loop;
            case "for":
                into.Add(ReadFor(part, scope));
                return TemplateBlock.Loop;
            case "while":
                part.Words.Dequeue();
                var condition = ReadWhole(part);
                into.Add(new LoopStatement(null, condition, null, ReadBody(TemplateBlock.Loop, scope, at)) { At = at });
                EndBlock("done");
                return TemplateBlock.Loop;
            case "do":
                EndBlock("do");
                var body = ReadBody(TemplateBlock.Do, scope, at);
                var end = _cursor.Current!;
                end.Words.Dequeue();
                into.Add(new DoStatement(ReadWhole(end), body) { At = at });
                return TemplateBlock.Do;
            case "break" or "continue":
                into.Add(new LeaveStatement(part.Words.Dequeue().Equals("break", StringComparison.OrdinalIgnoreCase)) { At = at });
                _cursor.NextUnlessWordsAreLeft(null);
                return null;
            default:
                var evaluated = _expressions.Read(part.Words);
                into.Add(new EvaluateStatement(evaluated) { At = at });
                _cursor.NextUnlessWordsAreLeft(evaluated);
                return null;
        }
    }

    private static string Keyword(TemplatePart part)
        => part.Kind == TemplatePartKind.Statement && part.Words.TryPeek(out var word) ? word.ToLowerInvariant() : "";

    // Everything up to the word that ends this block; the cursor then stands on that word.
    private List<TemplateStatement> ReadBody(TemplateBlock block, TemplateScope? outer, int at) =>
        ReadBody(new TemplateScope(block, outer), at);

    private List<TemplateStatement> ReadBody(TemplateScope scope, int at)
    {
        if (scope.Depth > MaxDepth)
        {
            throw TemplateException.Load("Blocks are nested too deeply.", at);
        }

        var body = new List<TemplateStatement>();
        while (_cursor.Current is { } part)
        {
            var keyword = Keyword(part);
            TemplateBlock? ended = keyword switch
            {
                "endif" or "else" or "elif" => TemplateBlock.If,
                "done" => TemplateBlock.Loop,
                "while" when scope.Knows(TemplateBlock.Do) => TemplateBlock.Do,
                _ => null,
            };
            if (ended is null)
            {
                scope.Note(ReadPart(part, scope, body));
                continue;
            }

            switch (scope.Find(ended.Value))
            {
                case TemplateEnd.ThisBlock:
                    return body;
                case TemplateEnd.LastBlock when keyword is "endif" or "done":
                    EndBlock(keyword);
                    scope.Note(null);
                    body.Add(new TextStatement(""));
                    break;
                case TemplateEnd.Nothing when !scope.Knows(ended.Value) && !(scope.IsBareDo && body.Count == 0):
                    throw TemplateException.Crash($"'{keyword}' stands in a block and ends nothing at all.", part.Words.At);
                default:
                    throw TemplateException.Load($"'{keyword}' ends nothing that is open here.", part.Words.At);
            }
        }

        throw TemplateException.Load("The block that begins here is not ended.", at);
    }

    private IfStatement ReadIf(TemplatePart part, TemplateScope? outer)
    {
        var at = part.Words.Take().At;
        var branches = new List<IfBranch>();
        TemplateExpression? condition = ReadWhole(part);
        var scope = new TemplateScope(TemplateBlock.If, outer);
        while (true)
        {
            branches.Add(new IfBranch(condition, ReadBody(scope, at)));
            var end = _cursor.Current!;
            switch (Keyword(end))
            {
                case "elif" when condition is not null:
                    end.Words.Dequeue();
                    condition = ReadWhole(end);
                    break;
                case "else" when condition is not null:
                    EndBlock("else");
                    condition = null;
                    break;
                case "endif":
                    EndBlock("endif");
                    return new IfStatement(branches) { At = at };
                default:
                    throw TemplateException.Load("'else' must be the last branch.", end.Words.At);
            }

            scope = new TemplateScope(TemplateBlock.If, scope);
        }
    }

    private ForeachStatement ReadForeach(TemplatePart part, TemplateScope? outer)
    {
        var at = part.Words.Take().At;
        if (_expressions.Read(part.Words) is not VariableExpression variable
            || part.Words.Count == 0
            || !part.Words.Dequeue().Equals("in", StringComparison.OrdinalIgnoreCase)
            || ReadWhole(part) is not VariableExpression collection)
        {
            throw TemplateException.Load("A foreach is written: foreach %key% in %collection%", at);
        }

        var path = new List<string> { collection.Name };
        CollectNames(collection.Index, path);
        var body = ReadBody(TemplateBlock.Loop, outer, at);
        EndBlock("done");
        return new ForeachStatement(variable.Name, path, body) { At = collection.At };
    }

    private static void CollectNames(TemplateExpression? expression, List<string> names)
    {
        switch (expression)
        {
            case VariableExpression variable:
                names.Add(variable.Name);
                CollectNames(variable.Index, names);
                break;
            case OperatorExpression operation:
                CollectNames(operation.Left, names);
                CollectNames(operation.Right, names);
                break;
            default:
                break;
        }
    }

    private LoopStatement ReadFor(TemplatePart part, TemplateScope? outer)
    {
        var at = part.Words.Take().At;
        TemplateExpression? start = null;
        if (part.Words.Count > 0)
        {
            start = ReadWhole(part);
        }
        else
        {
            _cursor.Next();
        }

        var condition = ReadNext(part.Area) ?? throw TemplateException.Load("A for has no condition.", at);
        var step = ReadNext(part.Area);
        var body = ReadBody(TemplateBlock.Loop, outer, at);
        EndBlock("done");
        return new LoopStatement(start, condition, step, body) { At = at };
    }

    private TemplateExpression? ReadNext(int area)
        => _cursor.Current is { Kind: TemplatePartKind.Statement } part && part.Area == area ? ReadWhole(part) : null;

    private TemplateExpression ReadWhole(TemplatePart part)
    {
        var expression = _expressions.Read(part.Words);
        if (part.Words.Count > 0)
        {
            throw TemplateException.Load($"'{part.Words.Peek()}' is too much here.", part.Words.At);
        }

        _cursor.NextUnlessWordsAreLeft(expression);
        return expression;
    }

    private void EndBlock(string keyword)
    {
        var part = _cursor.Current!;
        part.Words.Dequeue();
        if (part.Words.Count > 0)
        {
            throw TemplateException.Load($"'{keyword}' stands alone.", part.Words.At);
        }

        _cursor.Next();
    }
}
