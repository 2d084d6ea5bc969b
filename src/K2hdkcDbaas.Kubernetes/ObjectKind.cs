namespace K2hdkcDbaas.Kubernetes;

/// <summary>The kinds of objects that a cluster is made of.</summary>
public enum ObjectKind
{
    /// <summary>Scripts.</summary>
    ConfigMap,

    /// <summary>Certificates, tokens.</summary>
    Secret,

    /// <summary>The pods' names.</summary>
    Service,

    /// <summary>The pods.</summary>
    StatefulSet,

    /// <summary>How many servers may be taken away at a time.</summary>
    PodDisruptionBudget,

    /// <summary>A pod's data.</summary>
    PersistentVolumeClaim,
}
