namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>Pods that something goes wrong with.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Namespace">Their namespace; null for any.</param>
/// <param name="Name">Pattern of their names, * for any characters.</param>
public sealed record PodFault(PodFaultKind Kind, string? Namespace, string Name);
