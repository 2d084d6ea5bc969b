using System.Globalization;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>Who asks.</summary>
/// <param name="Name">User name, such as system:serviceaccount:demo:default.</param>
/// <param name="Groups">The groups.</param>
internal sealed record KubeUser(string Name, IReadOnlyList<string> Groups)
{
    public static KubeUser Anonymous { get; } = new("system:anonymous", ["system:unauthenticated"]);
}

/// <summary>What a request asks for: the parts of its path, and the verb as RBAC knows it.</summary>
/// <param name="Context">The HTTP request.</param>
/// <param name="User">Who asks.</param>
/// <param name="Group">API group; empty for core.</param>
/// <param name="Version">Version in the path.</param>
/// <param name="Plural">Resource; empty when the path names none.</param>
/// <param name="Namespace">Namespace in the path.</param>
/// <param name="Name">Object's name.</param>
/// <param name="Subresource">Such as status.</param>
internal sealed record ApiRequest(HttpContext Context, KubeUser User, string Group, string Version, string Plural, string Namespace,
    string Name, string Subresource)
{
    public bool IsResource => Plural.Length > 0;

    public ResourceType? Type => Version == ResourceType.Version ? ResourceTypes.Find(Group, Plural) : null;

    public string Method => Context.Request.Method;

    public bool IsWatch => Method == "GET" && Name.Length == 0 && Query("watch") is "1" or "true";

    public string Verb => Method switch
    {
        "GET" or "HEAD" when !IsResource => "get",
        "GET" or "HEAD" => IsWatch ? "watch" : Name.Length == 0 ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => Name.Length == 0 ? "deletecollection" : "delete",
        var other => other.ToLowerInvariant(),
    };

    public string? Query(string name) => Context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public int? Number(string name) =>
        int.TryParse(Query(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    public bool Flag(string name) => Query(name) is "true" or "1";

    public static ApiRequest Parse(HttpContext context, KubeUser user)
    {
        var parts = (context.Request.Path.Value ?? "/").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var none = new ApiRequest(context, user, "", "", "", "", "", "");
        var (group, rest) = parts switch
        {
            ["api", _, ..] => ("", parts[1..]),
            ["apis", var g, _, ..] => (g, parts[2..]),
            _ => ("", []),
        };
        if (rest.Length < 2) return none;
        var version = rest[0];
        rest = rest[1..];
        var ns = "";
        // "namespaces/x/pods" is in x; "namespaces/x" and its status are the namespace itself.
        if (rest is ["namespaces", var named, var below, ..] && below is not ("status" or "finalize"))
        {
            ns = named;
            rest = rest[2..];
        }
        return new ApiRequest(context, user, group, version, rest[0],
            ns, rest.Length > 1 ? rest[1] : "", rest.Length > 2 ? string.Join('/', rest[2..]) : "");
    }
}
