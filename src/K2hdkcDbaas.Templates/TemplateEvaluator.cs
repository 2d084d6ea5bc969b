using System.Globalization;

namespace K2hdkcDbaas.Templates;

/// <summary>Works out expressions over a set of variables.</summary>
internal sealed class TemplateEvaluator(TemplateMap variables, K2hr3Version version)
{
    /// <summary>The longest text that a template may make, in characters.</summary>
    public const int MaxText = 4 * 1024 * 1024;

    private const int MaxList = 100_000;

    private readonly HashSet<string> _missed = new(StringComparer.Ordinal);

    /// <summary>The variables that were read and were not there, with the place of the first time.</summary>
    public List<(string Name, int At)> Missing { get; } = [];

    private bool IsOld => version == K2hr3Version.V1;

    /// <summary>The value of an expression.</summary>
    /// <exception cref="TemplateException">Types do not fit.</exception>
    public object? Evaluate(TemplateExpression expression)
    {
        try
        {
            return expression switch
            {
                LiteralExpression literal => literal.Value,
                VariableExpression variable => Fetch(variable, isRead: true).Value,
                OperatorExpression operation => Operate(operation),
                _ => throw TemplateException.Execute("An operator has no left operand."),
            };
        }
        catch (TemplateException e) when (!e.HasPlace)
        {
            e.Place(expression.At);
            throw;
        }
    }

    /// <summary>Notes a variable that was read and is not there.</summary>
    public void Miss(string name, int at)
    {
        if (_missed.Add(name))
        {
            Missing.Add((name, at));
        }
    }

    // The value, the index it stands at, and whether something can be stored there.
    private (object? Value, object? Element, bool CanStore) Fetch(VariableExpression variable, bool isRead)
    {
        var index = variable.Index is null ? null : Evaluate(variable.Index);
        if (!variables.TryGetValue(variable.Name, out var value))
        {
            // Reading creates: the variable shows up in the keys of the reply.
            variables[variable.Name] = null;
            if (isRead)
            {
                Miss(variable.Name, variable.At);
            }

            return (null, null, true);
        }

        if (variable.Index is not null)
        {
            return FetchElement(value, index);
        }

        return (variable.IsCount ? Count(value) : value, null, true);
    }

    private static double Count(object? value) => value switch
    {
        List<object?> list => (double)list.Count,
        TemplateMap map => (double)map.Count,
        _ => 0d,
    };

    private (object? Value, object? Element, bool CanStore) FetchElement(object? value, object? index)
    {
        if (index is null || ReferenceEquals(index, TemplateValues.Undefined) || index is not string and not double
            && !(IsOld && TemplateValues.IsNumeric(index, version)))
        {
            throw TemplateException.Execute("An index is neither number nor text.");
        }

        if (index is "" && !IsOld)
        {
            throw TemplateException.Execute("An index is empty.");
        }

        var key = TemplateValues.Text(index);
        var at = Position(index, key);
        if (IsOld)
        {
            return (value switch
            {
                null => throw TemplateException.Crash("An element of null was asked for."),
                List<object?> list when at >= 0 && at < list.Count => list[at],
                List<object?> list when key == "length" => (double)list.Count,
                TemplateMap map when map.TryGetValue(key, out var found) => found,
                string text when at >= 0 && at < text.Length => text[at].ToString(),
                string text when key == "length" => (double)text.Length,
                _ => TemplateValues.Undefined,
            }, index, true);
        }

        object? element = value switch
        {
            List<object?> list when at >= 0 && at < list.Count => list[at],
            TemplateMap map when map.TryGetValue(key, out var found) => found,
            _ => null,
        };
        return (element, index, element is not null);
    }

    // The newer release takes "01" for 1, the older one only the number's own text.
    private int Position(object index, string key)
    {
        if (IsOld)
        {
            return int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                && at.ToString(CultureInfo.InvariantCulture) == key ? at : -1;
        }

        var number = TemplateValues.IsNumeric(index, version) ? TemplateValues.Number(index) : -1;
        return number == Math.Floor(number) && number is >= 0 and < int.MaxValue ? (int)number : -1;
    }

    private object? Operate(OperatorExpression node)
    {
        switch (node.Operator)
        {
            case TemplateOperator.Not:
                return Evaluate(node.Right!) is bool truth ? !truth : throw TemplateException.Execute("'!' takes true or false only.");
            case TemplateOperator.Increment or TemplateOperator.Decrement:
                return Step(node);
            case TemplateOperator.Assign:
                return Assign(node);
            default:
                var left = Evaluate(node.Left!);
                var right = Evaluate(node.Right!);
                return node.Operator switch
                {
                    TemplateOperator.And => TemplateValues.Truth(left, version) && TemplateValues.Truth(right, version),
                    TemplateOperator.Or => TemplateValues.Truth(left, version) || TemplateValues.Truth(right, version),
                    TemplateOperator.Equal => AreEqual(left, right),
                    TemplateOperator.NotEqual => !AreEqual(left, right),
                    TemplateOperator.Add => Add(left, right),
                    TemplateOperator.BitAnd or TemplateOperator.BitOr => Bits(node.Operator, left, right),
                    _ when node.IsCondition => Compare(node.Operator, left, right),
                    _ => Reckon(node.Operator, left, right),
                };
        }
    }

    private double Step(OperatorExpression node)
    {
        var operand = node.Left ?? node.Right!;
        var variable = operand as VariableExpression;
        var fetched = variable is null ? (Value: Evaluate(operand), Element: null, CanStore: false) : Fetch(variable, isRead: true);
        if (fetched.Value is null || !TemplateValues.IsNumeric(fetched.Value, version))
        {
            throw TemplateException.Execute("'++' and '--' take numbers only.");
        }

        var old = TemplateValues.Number(fetched.Value);
        var stepped = node.Operator == TemplateOperator.Increment ? old + 1 : old - 1;
        if (variable is not null && fetched.CanStore)
        {
            Store(variable.Name, fetched.Element, stepped, mustFit: false);
        }

        return node.Left is null ? stepped : old;
    }

    private object? Assign(OperatorExpression node)
    {
        var value = Evaluate(node.Right!);
        if (node.Left is not VariableExpression variable)
        {
            throw TemplateException.Execute("Only a variable can be assigned to.");
        }

        var target = Fetch(variable, isRead: variable.Index is not null);
        if (!target.CanStore)
        {
            throw TemplateException.Execute("An element that does not exist cannot be assigned to.");
        }

        Store(variable.Name, target.Element, value, mustFit: true);
        return value;
    }

    private void Store(string name, object? element, object? value, bool mustFit)
    {
        if (element is null)
        {
            variables[name] = value;
            return;
        }

        if (!IsOld)
        {
            // The newer release does not change the element but replaces all of the variable by an object of that one entry.
            if (element is string text)
            {
                variables[name] = new TemplateMap { [text] = value };
            }
            else if (mustFit)
            {
                throw TemplateException.Execute("An element can be assigned to by text only.");
            }

            return;
        }

        var key = TemplateValues.Text(element);
        var at = Position(element, key);
        switch (variables[name])
        {
            case TemplateMap map:
                map[key] = value;
                break;
            case List<object?> list when at >= 0:
                Grow(list, at);
                list[at] = value;
                break;
            case List<object?>:
                break;
            default:
                throw TemplateException.Crash("A simple value has no elements.");
        }
    }

    private static void Grow(List<object?> list, int at)
    {
        if (at >= MaxList)
        {
            throw TemplateException.Execute("A list is too long.");
        }

        while (list.Count <= at)
        {
            list.Add(TemplateValues.Undefined);
        }
    }

    private object? Add(object? left, object? right)
    {
        RequireAddend(left);
        RequireAddend(right);
        if (left is null or string)
        {
            if (left is null && right is null)
            {
                return null;
            }

            var head = left is null && right is not string ? "0" : TemplateValues.Text(left);
            var tail = TemplateValues.Text(right);
            return right is null ? TemplateValues.Text(left) : Join(head, tail);
        }

        switch (right)
        {
            case null:
                return left;
            case string text when !IsOld && TemplateValues.IsNumeric(text, version):
                return TemplateValues.Number(left) + TemplateValues.Number(text);
            case string:
                throw TemplateException.Execute("Text cannot be added to a number.");
            default:
                return left is List<object?> || right is List<object?>
                    ? Join(TemplateValues.Text(left), TemplateValues.Text(right))
                    : TemplateValues.Number(left) + TemplateValues.Number(right);
        }
    }

    private void RequireAddend(object? value)
    {
        if (value is not null and not string && !TemplateValues.IsNumeric(value, version))
        {
            throw TemplateException.Execute("'+' takes numbers and text only.");
        }
    }

    private static string Join(string head, string tail)
        => head.Length + tail.Length <= MaxText ? head + tail : throw TemplateException.Execute("A text is too long.");

    private double Reckon(TemplateOperator op, object? left, object? right)
    {
        if (left is null || right is null || !TemplateValues.IsNumeric(left, version) || !TemplateValues.IsNumeric(right, version))
        {
            throw TemplateException.Execute("Reckoning takes numbers only.");
        }

        var a = TemplateValues.Number(left);
        var b = TemplateValues.Number(right);
        if (op is TemplateOperator.Divide or TemplateOperator.Remainder && b == 0 && (!IsOld || right is double))
        {
            throw TemplateException.Execute("Nothing can be divided by 0.");
        }

        return op switch
        {
            TemplateOperator.Divide => a / b,
            TemplateOperator.Multiply => a * b,
            TemplateOperator.Remainder => a % b,
            TemplateOperator.Subtract => a - b,
            TemplateOperator.ShiftLeft => ToInt32(a) << (ToInt32(b) & 31),
            _ => ToInt32(a) >> (ToInt32(b) & 31),
        };
    }

    private double Bits(TemplateOperator op, object? left, object? right)
    {
        var a = Bit(left);
        var b = Bit(right);
        return op == TemplateOperator.BitAnd ? a & b : a | b;
    }

    private int Bit(object? value)
    {
        if (value is not bool && !TemplateValues.IsNumeric(value, version))
        {
            throw TemplateException.Execute("'&' and '|' take numbers, true and false only.");
        }

        return ToInt32(TemplateValues.Number(value));
    }

    private static int ToInt32(double number)
        => double.IsFinite(number) ? unchecked((int)(uint)(long)(Math.Truncate(number) % 4294967296d)) : 0;

    private bool Compare(TemplateOperator op, object? left, object? right)
    {
        if (!TemplateValues.IsNumeric(left, version) || !TemplateValues.IsNumeric(right, version))
        {
            throw TemplateException.Execute("Only numbers have an order.");
        }

        var a = IsOld ? TemplateValues.LeadingNumber(left) : TemplateValues.Number(left);
        var b = IsOld ? TemplateValues.LeadingNumber(right) : TemplateValues.Number(right);
        return op switch
        {
            TemplateOperator.Less => a < b,
            TemplateOperator.Greater => a > b,
            TemplateOperator.LessOrEqual => a <= b,
            _ => a >= b,
        };
    }

    private bool AreEqual(object? left, object? right)
    {
        var leftTruth = TemplateValues.Truth(left, version);
        var rightTruth = TemplateValues.Truth(right, version);
        switch (left)
        {
            case null:
                return right is null || !rightTruth;
            case bool truth:
                return truth == rightTruth;
            case string when IsOld || !TemplateValues.IsNumeric(left, version):
                return right switch
                {
                    bool truth => leftTruth == truth,
                    string text => (string)left == text,
                    _ => false,
                };
        }

        if (!TemplateValues.IsNumeric(left, version))
        {
            return ReferenceEquals(left, right);
        }

        return right switch
        {
            null => !leftTruth,
            bool truth => leftTruth == truth,
            string when IsOld => false,
            _ when !TemplateValues.IsNumeric(right, version) => false,
            _ when IsOld => TemplateValues.LeadingNumber(left) == TemplateValues.LeadingNumber(right),
            _ => TemplateValues.Number(left) == TemplateValues.Number(right),
        };
    }
}
