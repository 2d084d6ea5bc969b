namespace K2hdkcDbaas.Templates;

/// <summary>What an operator does; the order of the groups is their rank, tightest first.</summary>
internal enum TemplateOperator
{
    Increment, Decrement,
    Not,
    Divide, Multiply, Remainder,
    Add, Subtract,
    ShiftLeft, ShiftRight,
    Less, Greater, LessOrEqual, GreaterOrEqual,
    Equal, NotEqual,
    BitAnd,
    BitOr,
    And,
    Or,
    Assign,
}

/// <summary>Anything that yields a value.</summary>
internal abstract class TemplateExpression
{
    /// <summary>Where it begins in the text, of an operator where that stands.</summary>
    public int At { get; init; }
}

/// <summary>A constant of the text.</summary>
internal sealed class LiteralExpression(object? value) : TemplateExpression
{
    public object? Value { get; } = value;
}

/// <summary>A variable, one of its elements, or the number of its elements.</summary>
internal sealed class VariableExpression(string name, TemplateExpression? index, bool isCount) : TemplateExpression
{
    public string Name { get; } = name;

    public TemplateExpression? Index { get; } = index;

    public bool IsCount { get; } = isCount;
}

/// <summary>An operator with one or two operands. Operands can be exchanged: the parser groups by rank only after it has read on.</summary>
internal sealed class OperatorExpression(TemplateOperator op, TemplateExpression? left, TemplateExpression? right) : TemplateExpression
{
    public TemplateOperator Operator { get; } = op;

    public TemplateExpression? Left { get; set; } = left;

    public TemplateExpression? Right { get; set; } = right;

    public int Rank => Operator switch
    {
        TemplateOperator.Increment or TemplateOperator.Decrement => 1,
        TemplateOperator.Not => 2,
        TemplateOperator.Divide or TemplateOperator.Multiply or TemplateOperator.Remainder => 3,
        TemplateOperator.Add or TemplateOperator.Subtract => 4,
        TemplateOperator.ShiftLeft or TemplateOperator.ShiftRight => 5,
        TemplateOperator.Less or TemplateOperator.Greater or TemplateOperator.LessOrEqual or TemplateOperator.GreaterOrEqual => 6,
        TemplateOperator.Equal or TemplateOperator.NotEqual => 7,
        TemplateOperator.BitAnd => 8,
        TemplateOperator.BitOr => 9,
        TemplateOperator.And => 10,
        TemplateOperator.Or => 11,
        _ => 12,
    };

    /// <summary>Whether the reader, done with this, would take the text for the next operator of it.</summary>
    public bool ReachesFor(string text) => text switch
    {
        "&&" or "||" or "<" or ">" or "<=" or ">=" or "==" or "!=" or "&" or "|" => Any(node => node.Right is not null),
        "+" or "-" or "*" or "/" or "%" => Any(node => node.Right is not null && !node.IsCondition),
        _ => false,
    };

    private bool Any(Func<OperatorExpression, bool> holds)
        => holds(this) || (Left is OperatorExpression left && left.Any(holds)) || (Right is OperatorExpression right && right.Any(holds));

    public bool IsCondition => Operator is TemplateOperator.And or TemplateOperator.Or || Rank is 6 or 7;
}

/// <summary>An operator that stands where its left operand should be: read without complaint, fails when it runs.</summary>
internal sealed class BrokenExpression : TemplateExpression;

/// <summary>Anything that runs.</summary>
internal abstract class TemplateStatement
{
    /// <summary>Where it begins in the text.</summary>
    public int At { get; init; }
}

/// <summary>Text that is copied.</summary>
internal sealed class TextStatement(string text) : TemplateStatement
{
    public string Text { get; } = text;
}

/// <summary>An expression whose value is printed.</summary>
internal sealed class PrintStatement(TemplateExpression value) : TemplateStatement
{
    public TemplateExpression Value { get; } = value;
}

/// <summary>An expression that runs for its effect.</summary>
internal sealed class EvaluateStatement(TemplateExpression value) : TemplateStatement
{
    public TemplateExpression Value { get; } = value;
}

/// <summary>One branch of an if: without a condition it is the else branch.</summary>
internal sealed record IfBranch(TemplateExpression? Condition, List<TemplateStatement> Body);

/// <summary>if, elif, else, endif.</summary>
internal sealed class IfStatement(List<IfBranch> branches) : TemplateStatement
{
    public List<IfBranch> Branches { get; } = branches;
}

/// <summary>for and while: with a step or without, tested before each turn.</summary>
internal sealed class LoopStatement(TemplateExpression? start, TemplateExpression condition, TemplateExpression? step,
    List<TemplateStatement> body) : TemplateStatement
{
    public TemplateExpression? Start { get; } = start;

    public TemplateExpression Condition { get; } = condition;

    public TemplateExpression? Step { get; } = step;

    public List<TemplateStatement> Body { get; } = body;
}

/// <summary>do and while: tested after each turn.</summary>
internal sealed class DoStatement(TemplateExpression condition, List<TemplateStatement> body) : TemplateStatement
{
    public TemplateExpression Condition { get; } = condition;

    public List<TemplateStatement> Body { get; } = body;
}

/// <summary>foreach over the keys of a collection.</summary>
internal sealed class ForeachStatement(string variable, IReadOnlyList<string> collection, List<TemplateStatement> body) : TemplateStatement
{
    public string Variable { get; } = variable;

    /// <summary>The names that lead to the collection: of an indexed variable, those inside of the index count as literal steps.</summary>
    public IReadOnlyList<string> Collection { get; } = collection;

    public List<TemplateStatement> Body { get; } = body;
}

/// <summary>break or continue.</summary>
internal sealed class LeaveStatement(bool isBreak) : TemplateStatement
{
    public bool IsBreak { get; } = isBreak;
}
