namespace K2hdkcDbaas.Templates;

/// <summary>A variable that a run read though nobody had given or set it; the engine takes it for null.</summary>
/// <param name="Name">Its name, without the percent signs.</param>
/// <param name="Line">The line where it was first read, counted from 1.</param>
/// <param name="Column">The character in that line, counted from 1.</param>
public sealed record TemplateVariable(string Name, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
