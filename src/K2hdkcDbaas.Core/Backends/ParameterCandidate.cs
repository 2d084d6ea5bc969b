namespace K2hdkcDbaas.Core.Backends;

/// <summary>A value that completion offers.</summary>
/// <param name="Value">The value.</param>
/// <param name="Tip">What the list shows about it; null for the value itself.</param>
public sealed record ParameterCandidate(string Value, string? Tip = null);
