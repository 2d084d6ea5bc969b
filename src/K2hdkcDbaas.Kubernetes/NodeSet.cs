namespace K2hdkcDbaas.Kubernetes;

/// <summary>The StatefulSet of a cluster's servers or slaves.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="IsServer">Whether they are servers.</param>
public sealed record NodeSet(string Cluster, bool IsServer)
{
    /// <summary>How many pods are wanted.</summary>
    public int Replicas { get; init; }

    /// <summary>Whether Helm manages it.</summary>
    public bool IsHelm { get; init; }

    /// <summary>The Helm release; null for none.</summary>
    public string? Release { get; init; }

    /// <summary>Whether each pod keeps its data on a claim of its own.</summary>
    public bool HasVolumes { get; init; }

    /// <summary>The address of K2HR3 that the pods are told; null when they are told none.</summary>
    public string? K2hr3Uri { get; init; }

    /// <summary>
    /// The Secret with the authority, and its key, by which pods of Helm's chart make their certificates; null for none.
    /// </summary>
    public string? AuthoritySecret { get; init; }

    /// <summary>The K2HR3 tenant that the pods are told; null for their namespace.</summary>
    public string? Tenant { get; init; }

    /// <summary>The images of the init container (<c>init</c>), of chmpx and of k2hdkc, by these words.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }
}
