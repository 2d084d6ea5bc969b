using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Something that is named.</summary>
/// <param name="Name">The name.</param>
public sealed record NamedReference(string Name);
