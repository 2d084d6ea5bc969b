using K2hdkcDbaas.Kubernetes;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>What kinds of objects are called in messages.</summary>
internal static class KindNames
{
    /// <summary>The name of a kind.</summary>
    public static string Of(ObjectKind kind) => kind switch
    {
        ObjectKind.ConfigMap => "config map",
        ObjectKind.StatefulSet => "stateful set",
        ObjectKind.PodDisruptionBudget => "disruption budget",
        ObjectKind.PersistentVolumeClaim => "volume claim",
        ObjectKind.ServiceAccount => "service account",
        ObjectKind.ClusterRole => "cluster role",
        ObjectKind.ClusterRoleBinding => "cluster role binding",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
