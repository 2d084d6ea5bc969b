namespace K2hdkcDbaas.Kubernetes;

/// <summary>The kinds of objects that clusters and K2HR3 are made of.</summary>
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

    /// <summary>The pods of K2HR3's web application.</summary>
    Deployment,

    /// <summary>Whom K2HR3's pods ask Kubernetes as.</summary>
    ServiceAccount,

    /// <summary>What K2HR3 may ask Kubernetes.</summary>
    ClusterRole,

    /// <summary>Who has that right.</summary>
    ClusterRoleBinding,
}
