using System.Globalization;
using System.Management.Automation;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// How every duration of the module is written: a number is a count of seconds; text is a count of seconds too, or a number with one of the
/// units <c>s</c>, <c>m</c>, <c>h</c> and <c>d</c>, or a time span such as <c>1.02:03:04</c>; a TimeSpan is taken as it is. PowerShell's
/// own conversion takes a number for ticks of 100 ns, and the text <c>3600</c> for days. Zero and less are refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute : ArgumentTransformationAttribute
{
    /// <summary>The longest duration, in seconds; a hundred years when not given.</summary>
    public double AtMost { get; init; } = 36525d * 24 * 60 * 60;

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // A property of the pipeline's object may be empty.
        if (inputData is null) return null!;
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        // PowerShell reads an unquoted 30d as a decimal and 90s as a short, but keeps what was written.
        var written = (value is string ? (string)value : inputData.ToString() ?? "").Trim();
        var seconds = value switch
        {
            TimeSpan span => span.TotalSeconds,
            byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal
                when TryUnit(written) is { } withUnit => withUnit,
            byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal =>
                Convert.ToDouble(value, CultureInfo.InvariantCulture),
            string => TryUnit(written) ?? TryNumber(written) ?? TrySpan(written) ?? throw NotADuration(written),
            _ => throw NotADuration(written),
        };
        if (double.IsNaN(seconds)) throw NotADuration(written);
        if (seconds <= 0)
            throw new ArgumentTransformationMetadataException($"A duration must be longer than zero, and '{written}' is not.");
        if (seconds > AtMost)
            throw new ArgumentTransformationMetadataException(
                $"'{written}' is longer than {TimeSpan.FromSeconds(AtMost):c}, the longest duration that is allowed here.");
        // Never less than was asked for: a fraction of a tick must not become nothing.
        return value is TimeSpan ? value : TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
    }

    private static double? TryNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? TrySpan(string text) =>
        text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)
            ? span.TotalSeconds
            : null;

    private static double? TryUnit(string text)
    {
        if (text.Length < 2 || TryNumber(text[..^1]) is not { } number) return null;
        return text[^1] switch
        {
            's' or 'S' => number,
            'm' or 'M' => number * 60,
            'h' or 'H' => number * 60 * 60,
            'd' or 'D' => number * 24 * 60 * 60,
            _ => null,
        };
    }

    private static ArgumentTransformationMetadataException NotADuration(string text) => new(
        $"'{text}' is not a duration. Write a number of seconds, text such as 90s, 5m, 1h or 30d, or a time span such as 1.02:03:04.");
}
