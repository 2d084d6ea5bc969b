namespace K2hdkcDbaas.Kubernetes;

/// <summary>The rights that sessions with the Kubernetes and Helm back ends need.</summary>
public static class KubernetesRole
{
    private static readonly (string Group, string[] Resources, string[] Verbs)[] Rules =
    [
        ("", ["services"], ["get", "list", "create", "patch", "delete"]),
        // Helm 4 watches what it makes anew until the old one is gone, and each Helm updates the Secrets of its releases.
        ("", ["configmaps"], ["get", "list", "watch", "create", "patch", "delete"]),
        ("", ["secrets"], ["get", "list", "watch", "create", "patch", "update", "delete"]),
        ("", ["persistentvolumeclaims"], ["get", "list", "delete"]),
        ("", ["pods"], ["get", "list", "watch", "delete"]),
        ("", ["pods/portforward"], ["get", "create"]),
        ("apps", ["statefulsets"], ["get", "list", "create", "patch", "delete"]),
        ("apps", ["statefulsets/scale"], ["get", "patch"]),
        ("policy", ["poddisruptionbudgets"], ["get", "create", "patch", "delete"]),
        // The Jobs of K2HDKC's chart, which helm waits for.
        ("batch", ["jobs"], ["get", "list", "watch", "create", "patch", "delete"]),
    ];

    // K2HR3's application and account; and nobody may give rights that he has not.
    private static readonly (string Group, string[] Resources, string[] Verbs)[] SystemRules =
    [
        ("apps", ["deployments"], ["get", "list", "create", "patch", "delete"]),
        ("", ["serviceaccounts"], ["get", "create", "patch", "delete"]),
    ];

    private static readonly (string Group, string[] Resources, string[] Verbs)[] ClusterRules =
    [
        ("", ["namespaces"], ["get", "list"]),
        ("storage.k8s.io", ["storageclasses"], ["list"]),
        ("rbac.authorization.k8s.io", ["clusterroles", "clusterrolebindings"], ["get", "create", "patch", "delete"]),
    ];

    /// <summary>The manifest of a Role with these rights and, for an account, of its RoleBinding.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="name">The Role's name.</param>
    /// <param name="user">The user to bind it to; null makes no RoleBinding.</param>
    /// <param name="withSystem">Whether K2HR3 itself is to be made: that takes a ClusterRole, too.</param>
    public static string Yaml(string space, string name, string? user, bool withSystem = false)
    {
        var documents = new List<string> { Role("Role", space, name, withSystem ? [.. Rules, .. SystemRules] : Rules) };
        if (withSystem) documents.Add(Role("ClusterRole", null, name, ClusterRules));
        if (user is not null) documents.Add(Binding("Role", space, name, user));
        if (user is not null && withSystem) documents.Add(Binding("ClusterRole", null, name, user));
        return string.Join("---\n", documents);
    }

    private static string Role(string kind, string? space, string name,
        IEnumerable<(string Group, string[] Resources, string[] Verbs)> rules)
    {
        var lines = Head(kind, space, name);
        lines.Add("rules:");
        foreach (var (group, resources, verbs) in rules)
        {
            lines.Add($"- apiGroups: [\"{group}\"]");
            lines.Add($"  resources: [{string.Join(", ", resources.Select(r => $"\"{r}\""))}]");
            lines.Add($"  verbs: [{string.Join(", ", verbs.Select(v => $"\"{v}\""))}]");
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Binding(string kind, string? space, string name, string user)
    {
        var lines = Head(kind + "Binding", space, name);
        lines.AddRange(["roleRef:", "  apiGroup: rbac.authorization.k8s.io", $"  kind: {kind}", $"  name: {Quote(name)}",
            "subjects:", "- apiGroup: rbac.authorization.k8s.io", "  kind: User", $"  name: {Quote(user)}"]);
        return string.Join('\n', lines) + "\n";
    }

    private static List<string> Head(string kind, string? space, string name)
    {
        List<string> lines = ["apiVersion: rbac.authorization.k8s.io/v1", $"kind: {kind}", "metadata:", $"  name: {Quote(name)}"];
        if (space is not null) lines.Add($"  namespace: {Quote(space)}");
        return lines;
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
