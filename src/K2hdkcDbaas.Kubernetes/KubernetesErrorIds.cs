namespace K2hdkcDbaas.Kubernetes;

/// <summary>The stable names of errors that the Kubernetes API, or the way to it, raises.</summary>
public static class KubernetesErrorIds
{
    /// <summary>There is no kubeconfig, or it cannot be used.</summary>
    public const string KubeconfigUnusable = nameof(KubeconfigUnusable);

    /// <summary>The API server does not know who calls.</summary>
    public const string KubernetesUnauthenticated = nameof(KubernetesUnauthenticated);

    /// <summary>The account may not do this; the message names verb, resource and namespace.</summary>
    public const string KubernetesForbidden = nameof(KubernetesForbidden);

    /// <summary>The object does not exist.</summary>
    public const string KubernetesNotFound = nameof(KubernetesNotFound);

    /// <summary>The object is being changed by someone else, or in a state that does not allow this.</summary>
    public const string KubernetesConflict = nameof(KubernetesConflict);

    /// <summary>The API server does not take the object; the message says which field.</summary>
    public const string KubernetesRefused = nameof(KubernetesRefused);

    /// <summary>The namespace's quota does not allow more.</summary>
    public const string KubernetesQuotaExceeded = nameof(KubernetesQuotaExceeded);

    /// <summary>The API server asks for fewer requests.</summary>
    public const string KubernetesThrottled = nameof(KubernetesThrottled);

    /// <summary>The API server does not answer in time.</summary>
    public const string KubernetesTimeout = nameof(KubernetesTimeout);

    /// <summary>The API server cannot be reached.</summary>
    public const string KubernetesUnreachable = nameof(KubernetesUnreachable);

    /// <summary>The API server failed.</summary>
    public const string KubernetesFailed = nameof(KubernetesFailed);

    /// <summary>A certificate authority or its key cannot be used.</summary>
    public const string AuthorityUnusable = nameof(AuthorityUnusable);
}
