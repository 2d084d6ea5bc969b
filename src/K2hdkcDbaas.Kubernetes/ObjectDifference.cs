namespace K2hdkcDbaas.Kubernetes;

/// <summary>One place where an object is not as a manifest has it.</summary>
/// <param name="Kind">The object's kind.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Path">The place, such as <c>spec.replicas</c>; empty for the object as a whole.</param>
/// <param name="Expected">What the manifest has there; null for nothing.</param>
/// <param name="Actual">What is there; null for nothing.</param>
public sealed record ObjectDifference(string Kind, string Name, string Path, string? Expected, string? Actual);
