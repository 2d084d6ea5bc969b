namespace K2hdkcDbaas.Templates;

/// <summary>What a template expanded to.</summary>
/// <param name="Text">The text.</param>
/// <param name="Missing">The variables that it read though nobody had given or set them, in the order of their first reading.</param>
public sealed record TemplateExpansion(string Text, IReadOnlyList<TemplateVariable> Missing);
