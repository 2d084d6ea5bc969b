using System.Globalization;

namespace K2hdkcDbaas.Templates;

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
    public TemplateExpression Read(TemplateWordList words) => Read(words, parent: null);

    /// <summary>
    /// Reads the expression of a print. The print itself can pass for the left operand of some operators; such a print is read and
    /// fails when it runs.
    /// </summary>
    public TemplateExpression ReadPrinted(TemplateWordList words)
    {
        if (words.Count == 0)
        {
            return new BrokenExpression { At = words.At };
        }

        if (words.Peek() is "+" or "==" or "!=" or "&&" or "||")
        {
            var broken = words.Take();
            Read(words, parent: null);
            return new BrokenExpression { At = broken.At };
        }

        return Read(words, parent: null);
    }

    private TemplateExpression Read(TemplateWordList words, TemplateOperator? parent)
    {
        if (words.Count == 0)
        {
            throw TemplateException.Load("An expression ends too early.", words.At);
        }

        if (++_depth > MaxDepth)
        {
            throw TemplateException.Load("An expression is nested too deeply.", words.At);
        }

        try
        {
            switch (words.Peek())
            {
                case "!":
                    return ReadUnary(words, words.Take().At, TemplateOperator.Not, TemplateValueKinds.Boolean);
                case "++" or "--"
                    when parent is null or TemplateOperator.Not or TemplateOperator.Assign
                        || new OperatorExpression(parent.Value, null, null).IsCondition:
                    var sign = words.Take();
                    return ReadUnary(words, sign.At, sign.Text == "++" ? TemplateOperator.Increment : TemplateOperator.Decrement,
                        TemplateValueKinds.Number);
                default:
                    return ReadTail(words, ReadOperand(words));
            }
        }
        finally
        {
            _depth--;
        }
    }

    private TemplateExpression ReadUnary(TemplateWordList words, int at, TemplateOperator op, TemplateValueKinds wanted)
    {
        var right = Read(words, op);
        if ((Possible(right) & wanted) == 0)
        {
            throw TemplateException.Load($"The operand of {op} can never be of the right type.", at);
        }

        var whole = Group(new OperatorExpression(op, null, right) { At = at });
        return StartsTail(words, afterOperator: true) ? ReadBinary(words, whole) : whole;
    }

    private TemplateExpression ReadTail(TemplateWordList words, TemplateExpression operand)
        => StartsTail(words, afterOperator: false) ? ReadBinary(words, operand) : operand;

    // Behind an operator that is complete the reader goes on with some operators only; the others begin a new statement.
    private static bool StartsTail(TemplateWordList words, bool afterOperator)
        => words.TryPeek(out var word)
            && (afterOperator
                ? word is not ("=" or "<<" or ">>") && Binary.ContainsKey(word)
                : word is "++" or "--" || Binary.ContainsKey(word));

    private TemplateExpression ReadBinary(TemplateWordList words, TemplateExpression left)
    {
        var word = words.Take();
        var kinds = Possible(left);
        if (word.Text is "++" or "--")
        {
            Require(kinds, TemplateValueKinds.Number, word);
            var counted = new OperatorExpression(word.Text == "++" ? TemplateOperator.Increment : TemplateOperator.Decrement, left,
                null)
            { At = word.At };
            return StartsTail(words, afterOperator: true) ? ReadBinary(words, counted) : counted;
        }

        var op = Binary[word.Text];
        RequireLeft(op, kinds, word);
        var right = Read(words, op);
        RequireRight(op, kinds, Possible(right), word);
        var node = new OperatorExpression(op, left, right) { At = word.At };
        return op == TemplateOperator.Assign ? node : Group(node);
    }

    private static void RequireLeft(TemplateOperator op, TemplateValueKinds left, TemplateWord word)
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

    private static void RequireRight(TemplateOperator op, TemplateValueKinds left, TemplateValueKinds right, TemplateWord word)
    {
        switch (op)
        {
            case TemplateOperator.Assign:
                Require(right, TemplateValueKinds.Any, word);
                break;
            case TemplateOperator.Add when left.HasFlag(TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Null):
                Require(right, TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Null, word);
                break;
            case TemplateOperator.BitAnd or TemplateOperator.BitOr
                when left.HasFlag(TemplateValueKinds.Number | TemplateValueKinds.Boolean):
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

    private static void Require(TemplateValueKinds possible, TemplateValueKinds wanted, TemplateWord word)
    {
        if ((possible & wanted) == 0)
        {
            throw TemplateException.Load($"An operand of '{word.Text}' can never be of the right type.", word.At);
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
        LiteralExpression { Value: double.NaN } => TemplateValueKinds.Any,
        LiteralExpression => TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Any,
        OperatorExpression { IsCondition: true } => TemplateValueKinds.Boolean | TemplateValueKinds.Any,
        OperatorExpression { Operator: TemplateOperator.Not } => TemplateValueKinds.Boolean | TemplateValueKinds.Any,
        OperatorExpression { Operator: TemplateOperator.Assign } => 0,
        OperatorExpression { Operator: TemplateOperator.Add } =>
            TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Null | TemplateValueKinds.Any,
        OperatorExpression { Operator: TemplateOperator.BitAnd or TemplateOperator.BitOr }
            => TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Boolean | TemplateValueKinds.Any,
        _ => TemplateValueKinds.Number | TemplateValueKinds.Text | TemplateValueKinds.Any,
    };

    private TemplateExpression ReadOperand(TemplateWordList words)
    {
        var word = words.Peek();
        if (word[0] == '%')
        {
            return ReadVariable(words.Take(), words);
        }

        if (TryReadLiteral(word, out var value))
        {
            return new LiteralExpression(value) { At = words.Take().At };
        }

        throw TemplateException.Load($"'{word}' is not a value.", words.At);
    }

    private VariableExpression ReadVariable(TemplateWord word, TemplateWordList words)
    {
        if (word.Text.Length < 3)
        {
            throw TemplateException.Load("A variable has no name.", word.At);
        }

        var name = word.Text[1..^1];
        variables.Add(name);
        switch (words.Count > 0 ? words.Peek() : "")
        {
            case "[":
                return new VariableExpression(name, ReadIndex(words, "[", "]", TemplateValueKinds.Number | TemplateValueKinds.Text),
                    false)
                { At = word.At };
            case "{":
                return new VariableExpression(name, ReadIndex(words, "{", "}", TemplateValueKinds.Text), false) { At = word.At };
            case ".length" or ".size" or ".count" when words.Count == 1:
                words.Dequeue();
                return new VariableExpression(name, null, true) { At = word.At };
            default:
                return new VariableExpression(name, null, false) { At = word.At };
        }
    }

    private TemplateExpression ReadIndex(TemplateWordList words, string open, string close, TemplateValueKinds wanted)
    {
        if (_indexDepth >= MaxIndexDepth)
        {
            throw TemplateException.Load("An index is nested too deeply.", words.At);
        }

        var opened = words.Take();
        var within = new List<TemplateWord>();
        TemplateWord last;
        for (var depth = 1; ;)
        {
            if (words.Count == 0)
            {
                throw TemplateException.Load($"'{open}' is not closed.", opened.At);
            }

            last = words.Take();
            depth += last.Text == open ? 1 : last.Text == close ? -1 : 0;
            if (depth == 0)
            {
                break;
            }

            within.Add(last);
        }

        var inner = new TemplateWordList(within, last.At);

        _indexDepth++;
        var index = Read(inner, parent: null);
        _indexDepth--;
        if (inner.Count > 0 || (Possible(index) & wanted) == 0)
        {
            throw TemplateException.Load("An index must be one number or text.", opened.At);
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
            // Behind 0x, 0o or 0b JavaScript misses a number, and says so with NaN.
            return radix == 10 ? null : double.NaN;
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
