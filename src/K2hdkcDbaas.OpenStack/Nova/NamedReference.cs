namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Something that is named.</summary>
/// <param name="Name">The name.</param>
public sealed record NamedReference(string Name);
