using System.Globalization;
using System.Management.Automation;

namespace K2hdkcDbaas.Binding;

/// <summary>
/// Lets an age be written as <c>30d</c>, <c>12h</c> or <c>90m</c> beside a time span. A bare number is refused: PowerShell would take it
/// for ticks of 100 ns, and nothing is younger than that. So is an age below 0, which everything is older than.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is TimeSpan given) return NotBelowZero(given);
        // What PowerShell itself makes of an unquoted 30d.
        if (value is decimal days and > 0 and <= 36500) return TimeSpan.FromDays((double)days);
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is string && text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)) return NotBelowZero(span);
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 36500)
        {
            switch (text[^1])
            {
                case 'd': return TimeSpan.FromDays(number);
                case 'h': return TimeSpan.FromHours(number);
                case 'm': return TimeSpan.FromMinutes(number);
            }
        }

        throw new ArgumentTransformationMetadataException($"'{text}' is no age. Write 30d, 12h, 90m, or a time span such as 30.00:00:00.");
    }

    private static TimeSpan NotBelowZero(TimeSpan age) =>
        age >= TimeSpan.Zero ? age : throw new ArgumentTransformationMetadataException($"'{age:c}' is no age: it is below 0.");
}
