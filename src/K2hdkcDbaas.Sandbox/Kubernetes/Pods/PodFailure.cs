namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>A script in a pod gives up.</summary>
internal sealed class PodFailure(string message) : Exception(message);
