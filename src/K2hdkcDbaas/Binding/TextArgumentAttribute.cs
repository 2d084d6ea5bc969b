namespace K2hdkcDbaas.Binding;

/// <summary>Takes text and nothing else: PowerShell would turn any object from the pipeline into some text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextArgumentAttribute : ObjectArgumentAttribute
{
    private protected override string Wanted => "text";

    private protected override object? Convert(GivenObject given) => given.Kind == ObjectKind.Text ? given.Value : null;
}
