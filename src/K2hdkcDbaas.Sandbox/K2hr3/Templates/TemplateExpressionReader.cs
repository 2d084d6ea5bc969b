using System.Globalization;

namespace K2hdkcDbaas.Sandbox.K2hr3.Templates;

/// <summary>
/// Reads one expression from the words of a statement. Operators of one rank group from the right, and ranks are compared with the
/// neighbour on the right only: the real reader does so, and templates depend on it.
/// </summary>
internal sealed class TemplateExpressionReader(K2hr3Version version, ICollection<string> variables)
{
    // Deeper than any template that people write; the real reader ends with a full stack somewhere.
    private const int MaxDepth = 400;

    private static readonly Dictionary<string, TemplateOperator> Binary = new(StringComparer.Ordinal)
    {
        ["/"] = TemplateOperator.Divide,
        ["*"] = TemplateOperator.Multiply,
        ["%"] = TemplateOperator.Remainder,
        ["+"] = TemplateOperator.Add,
        ["-"] = TemplateOperator.Subtract,
        ["<<"] = TemplateOperator.ShiftLeft,
        [">>"] = TemplateOperator.ShiftRight,
        ["<"] = TemplateOperator.Less,
        [">"] = TemplateOperator.Greater,
        ["<="] = TemplateOperator.LessOrEqual,
        [">="] = TemplateOperator.GreaterOrEqual,
        ["=="] = TemplateOperator.Equal,
        ["!="] = TemplateOperator.NotEqual,
        ["&"] = TemplateOperator.BitAnd,
        ["|"] = TemplateOperator.BitOr,
        ["&&"] = TemplateOperator.And,
        ["||"] = TemplateOperator.Or,
        ["="] = TemplateOperator.Assign,
    };

    // Each level of an index reads its words again.
    private const int MaxIndexDepth = 20;

    private int _depth;
    private int _indexDepth;

    /// <summary>Reads one expression; words behind it stay.</summary>
    public TemplateExpression Read(Queue<string> words) => Read(words, parent: null);

    /// <summary>
    /// Reads the expression of a print. The print itself can pass for the left operand of some operators; such a print is read and
    /// fails when it runs.
    /// </summary>
    public TemplateExpression ReadPrinted(Queue<string> words)
    {
        if (words.Count == 0)
        {
            return new BrokenExpression();
        }

        if (words.Peek() is "+" or "==" or "!=" or "&&" or "||")
        {
            words.Dequeue();
            Read(words, parent: null);
            return new BrokenExpression();
        }

        return Read(words, parent: null);
    }

    private TemplateExpression Read(Queue<string> words, TemplateOperator? parent)
    {
        if (words.Count == 0)
        {
            throw TemplateException.Load("An expression ends too early.");
        }

        if (++_depth > MaxDepth)
        {
            throw TemplateException.Load("An expression is nested too deeply.");
        }

        try
        {
            switch (words.Peek())
            {
                case "!":
                    words.Dequeue();
                    return ReadUnary(words, TemplateOperator.Not, TemplateValueKinds.Boolean);
                case "++" or "--" when parent is null or TemplateOperator.Not or TemplateOperator.Assign || new OperatorExpression(parent.Value, null, null).IsCondition:
                    var sign = words.Dequeue() == "++" ? TemplateOperator.Increment : TemplateOperator.Decrement;
                    return ReadUnary(words, sign, TemplateValueKinds.Number);
                default:
                    return ReadTail(words, ReadOperand(words));
            }
        }
        finally
        {
            _depth--;
        }
    }

    private TemplateExpression ReadUnary(Queue<string> words, TemplateOperator op, TemplateValueKinds wanted)
    {
        var right = Read(words, op);
        if ((Possible(right) & wanted) == 0)
        {
            throw TemplateException.Load($"The operand of {op} can never be of the right type.");
        }

        var whole = Group(new OperatorExpression(op, null, right));
        return StartsTail(words, afterOperator: true) ? ReadBinary(words, whole) : whole;
    }

    private TemplateExpression ReadTail(Queue<string> words, TemplateExpression operand)
        => StartsTail(words, afterOperator: false) ? ReadBinary(words, operand) : operand;

    // Behind an operator that is complete the reader goes on with some operators only; the others begin a new statement.
    private static bool StartsTail(Queue<string> words, bool afterOperator)
        => words.TryPeek(out var word)
            && (afterOperator
                ? word is not ("=" or "<<" or ">>") && Binary.ContainsKey(word)
                : word is "++" or "--" || Binary.ContainsKey(word));

    private TemplateExpression ReadBinary(Queue<string> words, TemplateExpression left)
    {
        var word = words.Dequeue();
        var kinds = Possible(left);
        if (word is "++" or "--")
        {
            Require(kinds, TemplateValueKinds.Number, word);
            var counted = new OperatorExpression(word == "++" ? TemplateOperator.Increment : TemplateOperator.Decrement, left, null);
            return StartsTail(words, afterOperator: true) ? ReadBinary(words, counted) : counted;
        }

        var op = Binary[word];
        RequireLeft(op, kinds, word);
        var right = Read(words, op);
        RequireRight(op, kinds, Possible(right), word);
        var node = new OperatorExpression(op, left, right);
        return op == TemplateOperator.Assign ? node : Group(node);
    }

    private static void RequireLeft(TemplateOperator op, TemplateValueKinds left, string word)
    {
        switch (op)
        {
            case TemplateOperator.Assign:
                Require(left, TemplateValueKinds.Variable, word);
                break;
            case TemplateOperator.Add:
                Require(left, TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Null, word);
                break;
            case TemplateOperator.BitAnd or TemplateOperator.BitOr:
                Require(left, TemplateValueKinds.Number | TemplateValueKinds.Boolean, word);
                break;
            case TemplateOperator.And or TemplateOperator.Or or TemplateOperator.Equal or TemplateOperator.NotEqual:
                break;
            default:
                Require(left, TemplateValueKinds.Number, word);
                break;
        }
    }

    private static void RequireRight(TemplateOperator op, TemplateValueKinds left, TemplateValueKinds right, string word)
    {
        switch (op)
        {
            case TemplateOperator.Assign:
                Require(right, TemplateValueKinds.Any, word);
                break;
            case TemplateOperator.Add when left.HasFlag(TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Null):
                Require(right, TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Null, word);
                break;
            case TemplateOperator.BitAnd or TemplateOperator.BitOr when left.HasFlag(TemplateValueKinds.Number | TemplateValueKinds.Boolean):
                Require(right, TemplateValueKinds.Number | TemplateValueKinds.Boolean, word);
                break;
            case TemplateOperator.Add or TemplateOperator.BitAnd or TemplateOperator.BitOr:
            case TemplateOperator.And or TemplateOperator.Or or TemplateOperator.Equal or TemplateOperator.NotEqual:
                break;
            default:
                Require(right, TemplateValueKinds.Number, word);
                break;
        }
    }

    private static void Require(TemplateValueKinds possible, TemplateValueKinds wanted, string word)
    {
        if ((possible & wanted) == 0)
        {
            throw TemplateException.Load($"An operand of '{word}' can never be of the right type.");
        }
    }

    // A looser operator on the right becomes the root and takes this one as its left side.
    private static OperatorExpression Group(OperatorExpression node)
    {
        if (node.Right is not OperatorExpression right || node.Rank >= right.Rank)
        {
            return node;
        }

        node.Right = right.Left;
        right.Left = node;
        return right;
    }

    private TemplateValueKinds Possible(TemplateExpression expression) => expression switch
    {
        VariableExpression => (TemplateValueKinds)~0,
        LiteralExpression { Value: null } => TemplateValueKinds.Null | TemplateValueKinds.Any,
        LiteralExpression { Value: bool } => TemplateValueKinds.Boolean | TemplateValueKinds.Any,
        LiteralExpression { Value: string text } => TemplateValueKinds.Text | TemplateValueKinds.Any
            | (TemplateValues.IsNumeric(text, version) ? TemplateValueKinds.Number : 0),
        LiteralExpression => TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Any,
        OperatorExpression { IsCondition: true } => TemplateValueKinds.Boolean | TemplateValueKinds.Any,
        OperatorExpression { Operator: TemplateOperator.Not } => TemplateValueKinds.Boolean | TemplateValueKinds.Any,
        OperatorExpression { Operator: TemplateOperator.Assign } => 0,
        OperatorExpression { Operator: TemplateOperator.Add } => TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Null | TemplateValueKinds.Any,
        OperatorExpression { Operator: TemplateOperator.BitAnd or TemplateOperator.BitOr }
            => TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Boolean | TemplateValueKinds.Any,
        _ => TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Any,
    };

    private TemplateExpression ReadOperand(Queue<string> words)
    {
        var word = words.Peek();
        if (word[0] == '%')
        {
            words.Dequeue();
            return ReadVariable(word, words);
        }

        if (TryReadLiteral(word, out var value))
        {
            words.Dequeue();
            return new LiteralExpression(value);
        }

        throw TemplateException.Load($"'{word}' is not a value.");
    }

    private VariableExpression ReadVariable(string word, Queue<string> words)
    {
        if (word.Length < 3)
        {
            throw TemplateException.Load("A variable has no name.");
        }

        var name = word[1..^1];
        variables.Add(name);
        switch (words.Count > 0 ? words.Peek() : "")
        {
            case "[":
                return new VariableExpression(name, ReadIndex(words, "[", "]", TemplateValueKinds.Number | TemplateValueKinds.Text), false);
            case "{":
                return new VariableExpression(name, ReadIndex(words, "{", "}", TemplateValueKinds.Text), false);
            case ".length" or ".size" or ".count" when words.Count == 1:
                words.Dequeue();
                return new VariableExpression(name, null, true);
            default:
                return new VariableExpression(name, null, false);
        }
    }

    private TemplateExpression ReadIndex(Queue<string> words, string open, string close, TemplateValueKinds wanted)
    {
        if (_indexDepth >= MaxIndexDepth)
        {
            throw TemplateException.Load("An index is nested too deeply.");
        }

        words.Dequeue();
        var inner = new Queue<string>();
        for (var depth = 1; ;)
        {
            if (!words.TryDequeue(out var word))
            {
                throw TemplateException.Load($"'{open}' is not closed.");
            }

            depth += word == open ? 1 : word == close ? -1 : 0;
            if (depth == 0)
            {
                break;
            }

            inner.Enqueue(word);
        }

        _indexDepth++;
        var index = Read(inner, parent: null);
        _indexDepth--;
        if (inner.Count > 0 || (Possible(index) & wanted) == 0)
        {
            throw TemplateException.Load("An index must be one number or text.");
        }

        return index;
    }

    private static bool TryReadLiteral(string word, out object? value)
    {
        value = null;
        if (word.Length > 2 && word[0] is '\'' or '"' && word[^1] == word[0])
        {
            value = word[1..^1];
            return true;
        }

        if (word.Equals("null", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (bool.TryParse(word, out var truth))
        {
            value = truth;
            return true;
        }

        double? number = word switch
        {
            ['0', 'x', .. var digits] => Digits(digits, 16),
            ['x', .. var digits] => Digits(digits, 16),
            ['0', 'o', .. var digits] => Digits(digits, 8),
            ['0', 'b', .. var digits] => Digits(digits, 2),
            _ => Digits(word, 10),
        };
        value = number;
        return number is not null;
    }

    private static double? Digits(string digits, int radix)
    {
        if (digits.Length == 0)
        {
            return null;
        }

        if (radix == 10)
        {
            return digits.All(char.IsAsciiDigit) ? double.Parse(digits, CultureInfo.InvariantCulture) : null;
        }

        var value = 0d;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return value;
    }
}
