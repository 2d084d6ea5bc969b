namespace K2hdkcDbaas.Kubernetes;

/// <summary>The rights that a session with a Kubernetes back end needs.</summary>
public static class KubernetesRole
{
    private static readonly (string Group, string[] Resources, string[] Verbs)[] Rules =
    [
        ("", ["configmaps", "secrets", "services"], ["get", "list", "create", "patch", "delete"]),
        ("", ["persistentvolumeclaims"], ["get", "list", "delete"]),
        ("", ["pods"], ["get", "list", "watch", "delete"]),
        ("", ["pods/portforward"], ["get", "create"]),
        ("apps", ["statefulsets"], ["get", "list", "create", "patch", "delete"]),
        ("apps", ["statefulsets/scale"], ["get", "patch"]),
        ("policy", ["poddisruptionbudgets"], ["get", "create", "patch", "delete"]),
    ];

    /// <summary>The manifest of a Role with these rights and, for an account, of its RoleBinding.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="name">The Role's name.</param>
    /// <param name="user">The user to bind it to; null makes no RoleBinding.</param>
    public static string Yaml(string space, string name, string? user)
    {
        var lines = new List<string> { "apiVersion: rbac.authorization.k8s.io/v1", "kind: Role", "metadata:", $"  name: {Quote(name)}",
            $"  namespace: {Quote(space)}", "rules:" };
        foreach (var (group, resources, verbs) in Rules)
        {
            lines.Add($"- apiGroups: [\"{group}\"]");
            lines.Add($"  resources: [{string.Join(", ", resources.Select(r => $"\"{r}\""))}]");
            lines.Add($"  verbs: [{string.Join(", ", verbs.Select(v => $"\"{v}\""))}]");
        }

        if (user is not null)
        {
            lines.AddRange(["---", "apiVersion: rbac.authorization.k8s.io/v1", "kind: RoleBinding", "metadata:", $"  name: {Quote(name)}",
                $"  namespace: {Quote(space)}",
                "roleRef:", "  apiGroup: rbac.authorization.k8s.io", "  kind: Role", $"  name: {Quote(name)}",
                "subjects:", "- apiGroup: rbac.authorization.k8s.io", "  kind: User", $"  name: {Quote(user)}"]);
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
