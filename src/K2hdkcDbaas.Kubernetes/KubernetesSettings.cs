namespace K2hdkcDbaas.Kubernetes;

/// <summary>Which Kubernetes is spoken to, and as whom.</summary>
public sealed record KubernetesSettings
{
    /// <summary>
    /// A kubeconfig file; null for the files of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>, else the service account of the pod that
    /// this runs in.
    /// </summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The context; null for the files' current one.</summary>
    public string? Context { get; init; }

    /// <summary>The namespace; null for the context's.</summary>
    public string? Namespace { get; init; }

    /// <summary>Looks a variable of the process up.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The user's home folder.</summary>
    public string HomeFolder { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
