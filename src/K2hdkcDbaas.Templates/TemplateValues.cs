using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace K2hdkcDbaas.Templates;

/// <summary>What an expression can turn out to be, as far as the text alone tells.</summary>
[Flags]
internal enum TemplateValueKinds
{
    Null = 1,
    Boolean = 2,
    Number = 4,
    Text = 8,
    Variable = 16,
    Any = 32,
}

/// <summary>
/// The values of the template language: null, bool, double, string, <see cref="List{T}"/> of values and <see cref="TemplateMap"/>.
/// The language took its rules from JavaScript; the older release also its automatic conversions.
/// </summary>
public static partial class TemplateValues
{
    /// <summary>A missing element in the older release: differs from null when added to something.</summary>
    public static readonly object Undefined = new UndefinedValue();

    private sealed class UndefinedValue;

    [GeneratedRegex(@"^[+-]?(?:[0-9]+|[0-9]*\.[0-9]+)(?:[eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Numeric { get; }

    [GeneratedRegex(@"^\s*(?<n>[+-]?[0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingInteger { get; }

    /// <summary>Whether a value can be reckoned with.</summary>
    public static bool IsNumeric(object? value, K2hr3Version version) => version == K2hr3Version.V1
        ? !double.IsNaN(Number(value))
        : value switch
        {
            double number => double.IsFinite(number),
            string text => Numeric.IsMatch(text.Trim()) && double.IsFinite(Number(text)),
            _ => false,
        };

    /// <summary>The value as a number, NaN when it is none.</summary>
    public static double Number(object? value) => value switch
    {
        null => 0,
        bool truth => truth ? 1 : 0,
        double number => number,
        string text => NumberOf(text.Trim()),
        List<object?> list => NumberOf(Text(list).Trim()),
        _ => double.NaN,
    };

    /// <summary>The whole number that the text of a value begins with, NaN without one: how the older release compares.</summary>
    public static double LeadingNumber(object? value)
    {
        var match = LeadingInteger.Match(value is null || value is bool || ReferenceEquals(value, Undefined) ? "" : Text(value));
        return match.Success ? double.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) : double.NaN;
    }

    /// <summary>Whether a condition holds for the value.</summary>
    public static bool Truth(object? value, K2hr3Version version) => value switch
    {
        null => false,
        bool truth => truth,
        string text when version == K2hr3Version.V2 && IsNumeric(text, version) => Number(text) != 0,
        string text => text.Length > 0,
        double number when version == K2hr3Version.V2 => number != 0 && !double.IsNaN(number),
        double number => !double.IsNaN(number) && LeadingNumber(number) != 0,
        List<object?> list when version == K2hr3Version.V1 && !double.IsNaN(Number(list)) => LeadingNumber(list) != 0,
        _ => !ReferenceEquals(value, Undefined),
    };

    /// <summary>What a print of the value gives.</summary>
    public static string Text(object? value)
    {
        switch (value)
        {
            case null:
                return "";
            case bool truth:
                return truth ? "true" : "false";
            case double number:
                return Text(number);
            case string text:
                return text;
            case List<object?> list:
                return string.Join(',', list.Select(Text));
            case TemplateMap:
                return "[object Object]";
            default:
                return "";
        }
    }

    /// <summary>A number in the shortest form that reads back alike, with JavaScript's choice of exponents.</summary>
    public static string Text(double number)
    {
        if (double.IsNaN(number))
        {
            return "NaN";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "Infinity" : "-Infinity";
        }

        if (number == 0)
        {
            return "0";
        }

        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Decimal(shortest);
        var text = new StringBuilder(number < 0 ? "-" : "");
        if (exponent is > 0 and <= 21)
        {
            text.Append(digits.PadRight(exponent, '0'));
            if (digits.Length > exponent)
            {
                text.Insert(text.Length - (digits.Length - exponent), '.');
            }
        }
        else if (exponent is <= 0 and > -6)
        {
            text.Append("0.").Append('0', -exponent).Append(digits);
        }
        else
        {
            text.Append(digits[0]);
            if (digits.Length > 1)
            {
                text.Append('.').Append(digits, 1, digits.Length - 1);
            }

            text.Append(CultureInfo.InvariantCulture, $"e{(exponent > 0 ? "+" : "-")}{Math.Abs(exponent - 1)}");
        }

        return text.ToString();
    }

    // The significant digits, and where the point stands counted from their left.
    private static (string Digits, int Exponent) Decimal(string text)
    {
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent += point < 0 ? mantissa.Length : point;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var kept = digits.TrimStart('0');
        return (kept.TrimEnd('0'), exponent - (digits.Length - kept.Length));
    }

    private static double NumberOf(string text)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        if (text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'X')
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
                ? hex
                : double.NaN;
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return char.IsAsciiLetter(text[^1]) || !double.TryParse(text, style, CultureInfo.InvariantCulture, out var number)
            ? double.NaN
            : number;
    }
}
