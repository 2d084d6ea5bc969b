using System.Text;

namespace K2hdkcDbaas.Templates;

/// <summary>
/// Carries out a template that was read. Bounded: where the real server would hang in an endless loop, this one gives up and
/// fails the template.
/// </summary>
internal sealed class TemplateRun(TemplateMap variables, K2hr3Version version)
{
    private const int MaxSteps = 1_000_000;

    private readonly StringBuilder _output = new();
    private readonly TemplateEvaluator _evaluator = new(variables, version);
    private int _steps;

    private enum Flow
    {
        Go,
        Break,
        Continue,
    }

    /// <summary>The variables that were read and were not there, with the place of the first time.</summary>
    public IReadOnlyList<(string Name, int At)> Missing => _evaluator.Missing;

    /// <summary>Runs all statements and gives the text. The variables change with them.</summary>
    public string Run(List<TemplateStatement> statements)
    {
        // Outside of a loop, break ends the if that it stands in and nothing more.
        foreach (var statement in statements)
        {
            Run(statement);
        }

        return _output.ToString();
    }

    private Flow RunBody(List<TemplateStatement> body)
    {
        foreach (var statement in body)
        {
            var flow = Run(statement);
            if (flow != Flow.Go)
            {
                return flow;
            }
        }

        return Flow.Go;
    }

    private Flow Run(TemplateStatement statement)
    {
        try
        {
            return RunStatement(statement);
        }
        catch (TemplateException e) when (!e.HasPlace)
        {
            e.Place(statement.At);
            throw;
        }
    }

    private Flow RunStatement(TemplateStatement statement)
    {
        Count();
        switch (statement)
        {
            case TextStatement text:
                Append(text.Text);
                return Flow.Go;
            case PrintStatement print:
                Append(TemplateValues.Text(_evaluator.Evaluate(print.Value)));
                return Flow.Go;
            case EvaluateStatement evaluate:
                _evaluator.Evaluate(evaluate.Value);
                return Flow.Go;
            case IfStatement choice:
                // A branch with nothing in it, not even a comment, goes on to the next one though its condition holds.
                var branch = choice.Branches.Find(each => each.Condition is null || (Holds(each.Condition) && each.Body.Count > 0));
                return branch is null ? Flow.Go : RunBody(branch.Body);
            case LoopStatement loop:
                RunLoop(loop);
                return Flow.Go;
            case DoStatement loop:
                do
                {
                    Count();
                    if (RunBody(loop.Body) == Flow.Break)
                    {
                        break;
                    }
                }
                while (Holds(loop.Condition));
                return Flow.Go;
            case ForeachStatement loop:
                RunForeach(loop);
                return Flow.Go;
            case LeaveStatement leave:
                return leave.IsBreak ? Flow.Break : Flow.Continue;
            default:
                throw new InvalidOperationException($"A template has no statement {statement.GetType().Name}.");
        }
    }

    private void RunLoop(LoopStatement loop)
    {
        if (loop.Start is not null)
        {
            _evaluator.Evaluate(loop.Start);
        }

        while (Holds(loop.Condition))
        {
            Count();
            if (RunBody(loop.Body) == Flow.Break)
            {
                return;
            }

            if (loop.Step is not null)
            {
                _evaluator.Evaluate(loop.Step);
            }
        }
    }

    private void RunForeach(ForeachStatement loop)
    {
        if (!variables.ContainsKey(loop.Collection[0]))
        {
            _evaluator.Miss(loop.Collection[0], loop.At);
        }

        object? collection = variables;
        foreach (var name in loop.Collection)
        {
            collection = collection is TemplateMap map && map.TryGetValue(name, out var inner) ? inner : null;
        }

        foreach (var key in Keys(collection))
        {
            Count();
            variables[loop.Variable] = key;
            if (RunBody(loop.Body) == Flow.Break)
            {
                return;
            }
        }
    }

    private string[] Keys(object? collection) => collection switch
    {
        List<object?> list => [.. Enumerable.Range(0, list.Count).Select(at => TemplateValues.Text((double)at))],
        TemplateMap map => [.. map.InJavaScriptOrder().Select(member => member.Key)],
        _ when version == K2hr3Version.V1 => throw TemplateException.Execute("A foreach has no collection."),
        _ => [],
    };

    private bool Holds(TemplateExpression condition) => TemplateValues.Truth(_evaluator.Evaluate(condition), version);

    private void Append(string text)
    {
        if (_output.Length + text.Length > TemplateEvaluator.MaxText)
        {
            throw TemplateException.Execute("The output is too long.");
        }

        _output.Append(text);
    }

    private void Count()
    {
        if (++_steps > MaxSteps)
        {
            throw TemplateException.Execute("The template takes too many steps.");
        }
    }
}
