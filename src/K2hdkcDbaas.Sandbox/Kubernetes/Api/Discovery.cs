using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>/version, /api, /apis: what the API serves, in the old form and aggregated (apidiscovery.k8s.io/v2).</summary>
internal static class Discovery
{
    public const string GitVersion = "v1.32.3";
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>Groups that serve reviews only.</summary>
    private static readonly (string Group, string Plural, string Kind, bool IsNamespaced)[] Reviews =
    [
        ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", false),
        ("authentication.k8s.io", "tokenreviews", "TokenReview", false),
        ("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview", true),
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview", false),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", false),
    ];

    private static IEnumerable<string> NamedGroups =>
        ResourceTypes.Groups.Where(g => g.Length > 0).Concat(["authentication.k8s.io", "authorization.k8s.io"]);

    public static JsonObject VersionOf() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = GitVersion,
        ["gitCommit"] = "0000000000000000000000000000000000000000",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-01T00:00:00Z",
        ["goVersion"] = "go1.23.6",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    };

    /// <summary>Answers a discovery path; false when it is none.</summary>
    public static async Task<bool> AnswerAsync(ApiRequest request)
    {
        var context = request.Context;
        var parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var wantsAggregated =
            context.Request.Headers.Accept.ToString().Split(',')
                .Any(a => a.Replace(" ", "", StringComparison.Ordinal).Contains("g=apidiscovery.k8s.io;v=v2;", StringComparison.Ordinal));
        JsonObject? body = parts switch
        {
            ["api"] when wantsAggregated => List([""]),
            ["apis"] when wantsAggregated => List(NamedGroups),
            ["api"] => new JsonObject
            {
                ["kind"] = "APIVersions",
                ["versions"] = new JsonArray(ResourceType.Version),
                ["serverAddressByClientCIDRs"] =
                    new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = context.Request.Host.ToString() }),
            },
            ["apis"] =>
                new JsonObject
                {
                    ["kind"] = "APIGroupList",
                    ["apiVersion"] = "v1",
                    ["groups"] = JsonHttp.ToArray(NamedGroups, g => Group(g, false))
                },
            ["apis", var g] when NamedGroups.Contains(g) => Group(g, true),
            ["api", ResourceType.Version] => Resources(""),
            ["apis", var g, ResourceType.Version] when NamedGroups.Contains(g) => Resources(g),
            _ => null,
        };
        if (body is null) return false;
        await context.WriteJsonAsync(200, body, wantsAggregated && parts.Length == 1 ? Aggregated : "application/json").ConfigureAwait(
            false);
        return true;
    }

    private static JsonObject Group(string group, bool isAlone)
    {
        var version = new JsonObject { ["groupVersion"] = group + "/v1", ["version"] = "v1" };
        var whole = new JsonObject { ["name"] = group, ["versions"] = new JsonArray(version), ["preferredVersion"] = version.DeepClone() };
        if (!isAlone) return whole;
        whole["kind"] = "APIGroup";
        whole["apiVersion"] = "v1";
        return whole;
    }

    private static IEnumerable<(string Name, string Group, string Version, string Kind, string[] Verbs)> Subresources(ResourceType type)
    {
        string[] readWrite = ["get", "patch", "update"];
        if (type.HasStatus) yield return ("status", type.Group, "v1", type.Kind, readWrite);
        if (type.HasScale) yield return ("scale", "autoscaling", "v1", "Scale", readWrite);
        switch (type.Kind)
        {
            case "Pod":
                yield return ("attach", "", "v1", "PodAttachOptions", ["create", "get"]);
                yield return ("eviction", "policy", "v1", "Eviction", ["create"]);
                yield return ("exec", "", "v1", "PodExecOptions", ["create", "get"]);
                yield return ("log", "", "v1", "Pod", ["get"]);
                yield return ("portforward", "", "v1", "PodPortForwardOptions", ["create", "get"]);
                break;
            case "ServiceAccount":
                yield return ("token", "authentication.k8s.io", "v1", "TokenRequest", ["create"]);
                break;
            case "Namespace":
                yield return ("finalize", "", "v1", "Namespace", ["update"]);
                break;
        }
    }

    private static JsonObject Resources(string group)
    {
        var list = new JsonArray();
        foreach (var type in ResourceTypes.All.Where(t => t.Group == group).OrderBy(t => t.Plural, StringComparer.Ordinal))
        {
            var entry = new JsonObject
            {
                ["name"] = type.Plural,
                ["singularName"] = type.Singular,
                ["namespaced"] = type.IsNamespaced,
                ["kind"] = type.Kind,
                ["verbs"] = JsonHttp.Strings(VerbsOf(type)),
            };
            if (type.ShortNames.Count > 0) entry["shortNames"] = JsonHttp.Strings(type.ShortNames);
            if (type.Categories.Count > 0) entry["categories"] = JsonHttp.Strings(type.Categories);
            list.Add(entry);
            foreach (var (name, subGroup, version, kind, verbs) in Subresources(type))
            {
                var sub = new JsonObject
                {
                    ["name"] = $"{type.Plural}/{name}",
                    ["singularName"] = "",
                    ["namespaced"] = type.IsNamespaced,
                    ["kind"] = kind,
                    ["verbs"] = JsonHttp.Strings(verbs)
                };
                if (subGroup != group) (sub["group"], sub["version"]) = (subGroup, version);
                list.Add(sub);
            }
        }
        foreach (var (_, plural, kind, isNamespaced) in Reviews.Where(r => r.Group == group))
            list.Add(new JsonObject
            {
                ["name"] = plural,
                ["singularName"] = kind.ToLowerInvariant(),
                ["namespaced"] = isNamespaced,
                ["kind"] = kind,
                ["verbs"] = new JsonArray("create")
            });
        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? "v1" : group + "/v1",
            ["resources"] = list
        };
    }

    private static JsonObject List(IEnumerable<string> groups) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = "apidiscovery.k8s.io/v2",
        ["metadata"] = new JsonObject(),
        ["items"] = JsonHttp.ToArray(groups, g => new JsonObject
        {
            ["metadata"] = g.Length == 0
                ? new JsonObject { ["creationTimestamp"] = null }
                : new JsonObject { ["name"] = g, ["creationTimestamp"] = null },
            ["versions"] = new JsonArray(new JsonObject { ["version"] = "v1", ["resources"] = Aggregate(g), ["freshness"] = "Current" }),
        }),
    };

    private static JsonArray Aggregate(string group)
    {
        var list = new JsonArray();
        foreach (var type in ResourceTypes.All.Where(t => t.Group == group).OrderBy(t => t.Plural, StringComparer.Ordinal))
        {
            var entry = new JsonObject
            {
                ["resource"] = type.Plural,
                ["responseKind"] = KindOf(type.Group, type.Kind),
                ["scope"] = type.IsNamespaced ? "Namespaced" : "Cluster",
                ["singularResource"] = type.Singular,
                ["verbs"] = JsonHttp.Strings(VerbsOf(type)),
            };
            if (type.ShortNames.Count > 0) entry["shortNames"] = JsonHttp.Strings(type.ShortNames);
            if (type.Categories.Count > 0) entry["categories"] = JsonHttp.Strings(type.Categories);
            var subs = Subresources(type).ToList();
            if (subs.Count > 0)
            {
                entry["subresources"] = JsonHttp.ToArray(subs, s => new JsonObject
                {
                    ["subresource"] = s.Name,
                    ["responseKind"] = KindOf(s.Group, s.Kind),
                    ["verbs"] = JsonHttp.Strings(s.Verbs),
                });
            }
            list.Add(entry);
        }
        foreach (var (_, plural, kind, isNamespaced) in Reviews.Where(r => r.Group == group))
        {
            list.Add(new JsonObject
            {
                ["resource"] = plural,
                ["responseKind"] = KindOf(group, kind),
                ["scope"] = isNamespaced ? "Namespaced" : "Cluster",
                ["singularResource"] = kind.ToLowerInvariant(),
                ["verbs"] = new JsonArray("create"),
            });
        }
        return list;
    }

    private static JsonObject KindOf(string group, string kind) => new() { ["group"] = group, ["version"] = "v1", ["kind"] = kind };

    // Services cannot be deleted as a collection in old releases; since 1.23 they can.
    private static string[] VerbsOf(ResourceType type) =>
        type.Kind == "Namespace" ? [.. AllVerbs.Where(v => v != "deletecollection")] : AllVerbs;
}
