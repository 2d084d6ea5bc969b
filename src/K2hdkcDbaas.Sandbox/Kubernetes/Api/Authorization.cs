using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>What RBAC is asked.</summary>
/// <param name="Verb">Verb, such as list.</param>
/// <param name="Group">API group.</param>
/// <param name="Resource">Resource, with a slash and the subresource.</param>
/// <param name="Name">Object; empty for none or all.</param>
/// <param name="Namespace">Namespace; empty for the cluster scope.</param>
/// <param name="Path">URL path for requests that are for no resource.</param>
internal sealed record AccessQuestion(string Verb, string Group, string Resource, string Name, string Namespace, string? Path = null);

/// <summary>RBAC: what the roles that are bound to a user let it do.</summary>
internal sealed class Authorization(ObjectStore store)
{
    // The rules of the API server's own role system:public-info-viewer and system:discovery.
    private static readonly string[] OpenPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
    private static readonly string[] MemberPaths = ["/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"];

    /// <summary>403 when the request is not allowed.</summary>
    public void Check(ApiRequest request)
    {
        var question = request.IsResource
            ? new AccessQuestion(request.Verb,
                request.Group, request.Plural + (request.Subresource.Length > 0 ? "/" + request.Subresource : ""),
                request.Name, request.Plural == "namespaces" && request.Group.Length == 0 ? request.Name : request.Namespace)
            : new AccessQuestion(request.Verb, "", "", "", "", request.Context.Request.Path.Value ?? "/");
        if (IsAllowed(request.User, question)) return;
        if (question.Path is not null)
            throw KubeFault.Forbidden($"forbidden: User \"{request.User.Name}\" cannot {request.Verb} path \"{question.Path}\"",
                new JsonObject());
        var name = request.Name.Length > 0 ? $" \"{request.Name}\"" : "";
        var scope = request.Namespace.Length > 0 ? $"in the namespace \"{request.Namespace}\"" : "at the cluster scope";
        var full = request.Group.Length > 0 ? $"{request.Plural}.{request.Group}" : request.Plural;
        var details = new JsonObject { ["name"] = request.Name, ["group"] = request.Group, ["kind"] = request.Plural };
        foreach (var empty in details.Where(d => d.Value.AsText() == "").Select(d => d.Key).ToList()) details.Remove(empty);
        throw KubeFault.Forbidden(
            $"{full}{name} is forbidden: User \"{request.User.Name}\" cannot {request.Verb} resource \"{question.Resource}\" in API group "
                + $"\"{request.Group}\" {scope}", details);
    }

    public bool IsAllowed(KubeUser user, AccessQuestion question)
    {
        if (user.Groups.Contains("system:masters")) return true;
        if (question.Path is { } path)
        {
            if (question.Verb == "get" && OpenPaths.Contains(path)) return true;
            if (question.Verb == "get" && user.Groups.Contains("system:authenticated") && MemberPaths.Any(p => Fits(p, path))) return true;
        }
        else if (question is
        {
            Verb: "create", Group: "authorization.k8s.io",
            Resource: "selfsubjectaccessreviews" or "selfsubjectrulesreviews"
        }
            or { Verb: "create", Group: "authentication.k8s.io", Resource: "selfsubjectreviews" })
        {
            if (user.Groups.Contains("system:authenticated")) return true;
        }
        return RulesOf(user, question.Namespace).Any(r => Holds(r, question));
    }

    /// <summary>The rules that hold for a user in a namespace (cluster-wide ones too).</summary>
    public IEnumerable<JsonObject> RulesOf(KubeUser user, string ns)
    {
        foreach (var binding in store.All(ResourceTypes.ClusterRoleBindings).Where(b => Binds(b, user, "")))
        {
            foreach (var rule in Rules(binding, "")) yield return rule;
        }
        if (ns.Length == 0) yield break;
        foreach (var binding in store.All(ResourceTypes.RoleBindings, ns).Where(b => Binds(b, user, ns)))
        {
            foreach (var rule in Rules(binding, ns)) yield return rule;
        }
    }

    private IEnumerable<JsonObject> Rules(JsonObject binding, string ns) => binding.Text("roleRef", "kind") == "ClusterRole"
        ? store.Find(ResourceTypes.ClusterRoles, "", binding.Text("roleRef", "name")).Items("rules")
        : store.Find(ResourceTypes.Roles, ns, binding.Text("roleRef", "name")).Items("rules");

    private static bool Binds(JsonObject binding, KubeUser user, string ns) => binding.Items("subjects").Any(s => s.Text("kind") switch
    {
        "User" => s.Text("name") == user.Name,
        "Group" => user.Groups.Contains(s.Text("name")),
        "ServiceAccount" =>
            user.Name == $"system:serviceaccount:{(s.Text("namespace") is { Length: > 0 } own ? own : ns)}:{s.Text("name")}",
        _ => false,
    });

    private static bool Holds(JsonObject rule, AccessQuestion question)
    {
        if (!Has(rule, "verbs", question.Verb)) return false;
        if (question.Path is { } path) return rule.Texts("nonResourceURLs").Any(p => Fits(p, path));
        var slash = question.Resource.IndexOf('/', StringComparison.Ordinal);
        return Has(rule, "apiGroups", question.Group)
            && (Has(rule, "resources", question.Resource)
                || (slash > 0 && rule.Texts("resources").Contains("*" + question.Resource[slash..])))
            && (rule["resourceNames"] is not JsonArray { Count: > 0 } || rule.Texts("resourceNames").Contains(question.Name));
    }

    private static bool Has(JsonObject rule, string list, string value) => rule.Texts(list).Any(v => v == "*" || v == value);

    private static bool Fits(string pattern, string path) =>
        pattern == "*" || pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
