using System.Management.Automation;

namespace K2hdkcDbaas.Binding;

/// <summary>Lets a parameter of whole seconds take a time span, too, since both are at home in PowerShell.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecondsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            TimeSpan span => (int)Math.Ceiling(span.TotalSeconds),
            string text when text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var span) =>
                (int)Math.Ceiling(span.TotalSeconds),
            _ => inputData,
        };
    }
}
