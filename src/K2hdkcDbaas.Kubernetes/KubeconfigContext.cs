namespace K2hdkcDbaas.Kubernetes;

/// <summary>A context of a kubeconfig.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Cluster">The Kubernetes cluster, by its name in the file.</param>
/// <param name="User">The user, by its name in the file.</param>
public sealed record KubeconfigContext(string Name, string Namespace, string Cluster, string User);
