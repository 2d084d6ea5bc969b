namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>A kind of objects that the API serves.</summary>
/// <param name="Group">API group; empty for the core one.</param>
/// <param name="Plural">Name in URLs.</param>
/// <param name="Kind">Kind, also the name of its type in <see cref="Schema"/>.</param>
/// <param name="IsNamespaced">Whether its objects are in namespaces.</param>
/// <param name="ShortNames">What kubectl takes for it.</param>
/// <param name="Categories">Groups of kinds that kubectl takes, such as all.</param>
/// <param name="HasStatus">Has a status subresource.</param>
/// <param name="HasScale">Has a scale subresource.</param>
internal sealed record ResourceType(
    string Group, string Plural, string Kind, bool IsNamespaced, IReadOnlyList<string> ShortNames, IReadOnlyList<string> Categories,
    bool HasStatus, bool HasScale)
{
    public const string Version = "v1";

    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>As in messages: pods, statefulsets.apps.</summary>
    public string FullName => Group.Length == 0 ? Plural : Plural + "." + Group;

    public string Singular => Kind.ToLowerInvariant();
}

/// <summary>All kinds.</summary>
internal static class ResourceTypes
{
    public static readonly ResourceType Namespaces = new("", "namespaces", "Namespace", false, ["ns"], [], true, false);
    public static readonly ResourceType Nodes = new("", "nodes", "Node", false, ["no"], [], true, false);
    public static readonly ResourceType Pods = new("", "pods", "Pod", true, ["po"], ["all"], true, false);
    public static readonly ResourceType Services = new("", "services", "Service", true, ["svc"], ["all"], true, false);
    public static readonly ResourceType ConfigMaps = new("", "configmaps", "ConfigMap", true, ["cm"], [], false, false);
    public static readonly ResourceType Secrets = new("", "secrets", "Secret", true, [], [], false, false);
    public static readonly ResourceType ServiceAccounts = new("", "serviceaccounts", "ServiceAccount", true, ["sa"], [], false, false);
    public static readonly ResourceType Claims = new("", "persistentvolumeclaims", "PersistentVolumeClaim", true, ["pvc"], [], true, false);
    public static readonly ResourceType Volumes = new("", "persistentvolumes", "PersistentVolume", false, ["pv"], [], true, false);
    public static readonly ResourceType Endpoints = new("", "endpoints", "Endpoints", true, ["ep"], [], false, false);
    public static readonly ResourceType Events = new("", "events", "Event", true, ["ev"], [], false, false);
    public static readonly ResourceType StatefulSets = new("apps", "statefulsets", "StatefulSet", true, ["sts"], ["all"], true, true);
    public static readonly ResourceType Deployments = new("apps", "deployments", "Deployment", true, ["deploy"], ["all"], true, true);
    public static readonly ResourceType ReplicaSets = new("apps", "replicasets", "ReplicaSet", true, ["rs"], ["all"], true, true);
    public static readonly ResourceType Revisions = new("apps", "controllerrevisions", "ControllerRevision", true, [], [], false, false);
    public static readonly ResourceType Jobs = new("batch", "jobs", "Job", true, [], ["all"], true, false);
    public static readonly ResourceType Budgets =
        new("policy", "poddisruptionbudgets", "PodDisruptionBudget", true, ["pdb"], [], true, false);
    public static readonly ResourceType Roles = new("rbac.authorization.k8s.io", "roles", "Role", true, [], [], false, false);
    public static readonly ResourceType RoleBindings =
        new("rbac.authorization.k8s.io", "rolebindings", "RoleBinding", true, [], [], false, false);
    public static readonly ResourceType ClusterRoles =
        new("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", false, [], [], false, false);
    public static readonly ResourceType ClusterRoleBindings =
        new("rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding", false, [], [], false, false);
    public static readonly ResourceType StorageClasses =
        new("storage.k8s.io", "storageclasses", "StorageClass", false, ["sc"], [], false, false);
    public static readonly ResourceType Leases = new("coordination.k8s.io", "leases", "Lease", true, [], [], false, false);

    public static IReadOnlyList<ResourceType> All { get; } =
    [
        Namespaces, Nodes, Pods, Services, ConfigMaps, Secrets, ServiceAccounts, Claims, Volumes, Endpoints, Events, StatefulSets,
        Deployments, ReplicaSets,
        Revisions, Jobs, Budgets, Roles, RoleBindings, ClusterRoles, ClusterRoleBindings, StorageClasses, Leases,
    ];

    /// <summary>API groups with objects, core first.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. All.Select(t => t.Group).Distinct()];

    public static ResourceType? Find(string group, string plural) => All.FirstOrDefault(t => t.Group == group && t.Plural == plural);

    public static ResourceType? OfKind(string apiVersion, string kind) =>
        All.FirstOrDefault(t => t.ApiVersion == apiVersion && t.Kind == kind);
}
