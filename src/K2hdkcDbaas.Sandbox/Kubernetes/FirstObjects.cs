using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes;

/// <summary>
/// What a new cluster holds: namespaces, nodes, roles, a storage class. Beside Kubernetes' own namespaces there is one of each of the
/// sandbox's projects.
/// </summary>
internal static class FirstObjects
{
    public const int Nodes = 3;
    public const string StorageClass = "standard";

    public static void Make(ObjectRegistry registry, string network)
    {
        var options = new WriteOptions("kube-apiserver");
        void Add(ResourceType type, string name, JsonObject more, string ns = "")
        {
            more["metadata"] = new JsonObject { ["name"] = name };
            if (ns.Length > 0) more.Meta()["namespace"] = ns;
            (more["apiVersion"], more["kind"]) = (type.ApiVersion, type.Kind);
            registry.Create(type, more, options);
        }

        foreach (var ns in (ReadOnlySpan<string>)["default", "kube-system", "kube-public", "kube-node-lease", "demo", "alt"])
            Add(ResourceTypes.Namespaces, ns, []);
        for (var i = 1; i <= Nodes; i++)
            AddNode(registry, string.Create(CultureInfo.InvariantCulture, $"node-{i}"),
                string.Create(CultureInfo.InvariantCulture, $"{network}.{i + 1}"));

        string[] read = ["get", "list", "watch"];
        string[] write = ["create", "delete", "deletecollection", "patch", "update"];
        var everything =
            ResourceTypes.All.Where(
                t => t.IsNamespaced && t.Group is "" or "apps" or "batch" or "policy" && t.Kind is not ("Event" or "Endpoints")).ToList();
        JsonArray Rules(bool isAdmin, bool writes, bool secrets)
        {
            var rules = new JsonArray();
            foreach (var group in everything.GroupBy(t => t.Group))
            {
                var names = group.SelectMany(
                    t => (string[])[t.Plural, .. t.HasScale ? [$"{t.Plural}/scale"] : (string[])[],
                        .. t.HasStatus ? [$"{t.Plural}/status"] : (string[])[]]).Where(n => secrets || n != "secrets").ToList();
                if (group.Key.Length == 0) names.AddRange(["pods/log", "events", "endpoints"]);
                rules.Add(Rule(group.Key, names, read));
                if (!writes) continue;
                rules.Add(Rule(group.Key,
                    names.Where(n => n is not ("pods/log" or "events") && !n.EndsWith("/status", StringComparison.Ordinal)), write));
                if (group.Key.Length == 0)
                    rules.Add(Rule("", ["pods/portforward", "pods/exec", "pods/attach", "pods/eviction", "serviceaccounts/token"],
                        ["create", "get"]));
            }
            if (isAdmin) rules.Add(Rule(ResourceTypes.Roles.Group, ["roles", "rolebindings"], [.. read, .. write]));
            return rules;
        }

        Add(ResourceTypes.ClusterRoles, "cluster-admin", new JsonObject
        {
            ["rules"] = new JsonArray(Rule("*", ["*"], ["*"]),
                new JsonObject { ["nonResourceURLs"] = new JsonArray("*"), ["verbs"] = new JsonArray("*") }),
        });
        Add(ResourceTypes.ClusterRoles, "admin", new JsonObject { ["rules"] = Rules(true, true, true) });
        Add(ResourceTypes.ClusterRoles, "edit", new JsonObject { ["rules"] = Rules(false, true, true) });
        Add(ResourceTypes.ClusterRoles, "view", new JsonObject { ["rules"] = Rules(false, false, false) });
        Add(ResourceTypes.ClusterRoleBindings, "cluster-admin", Bind("ClusterRole", "cluster-admin", "system:masters"));
        Add(ResourceTypes.ClusterRoleBindings, "sandbox-users", Bind("ClusterRole", "cluster-admin", "sandbox-users"));
        Add(ResourceTypes.RoleBindings, "sandbox-readers", Bind("ClusterRole", "view", "sandbox-readers"), "demo");
        Add(ResourceTypes.StorageClasses, StorageClass, new JsonObject
        {
            ["provisioner"] = "sandbox.k2hdkc/memory",
            ["reclaimPolicy"] = "Delete",
            ["volumeBindingMode"] = "WaitForFirstConsumer",
            ["allowVolumeExpansion"] = false,
        });
        var standard = registry.Store.Find(ResourceTypes.StorageClasses, "", StorageClass)!;
        registry.Change(ResourceTypes.StorageClasses, standard,
            o => o.Meta().Ensure("annotations")["storageclass.kubernetes.io/is-default-class"] = "true", options.Manager);
        Add(ResourceTypes.Services, "kubernetes", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["clusterIP"] = "10.96.0.1",
                ["ports"] = new JsonArray(
                    new JsonObject { ["name"] = "https", ["port"] = 443, ["protocol"] = "TCP", ["targetPort"] = 6443 })
            },
        }, "default");
    }

    private static void AddNode(ObjectRegistry registry, string name, string address)
    {
        var now = registry.Now;
        var node = registry.Create(ResourceTypes.Nodes, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject
                {
                    ["kubernetes.io/hostname"] = name,
                    ["kubernetes.io/os"] = "linux",
                    ["kubernetes.io/arch"] = "amd64"
                },
            },
        }, new WriteOptions("kubelet"));
        JsonObject Capacity() => new() { ["cpu"] = "16", ["memory"] = "64Gi", ["pods"] = "110", ["ephemeral-storage"] = "200Gi" };
        JsonObject Condition(string type, string status, string reason) =>
            new()
            {
                ["type"] = type,
                ["status"] = status,
                ["reason"] = reason,
                ["message"] = "",
                ["lastHeartbeatTime"] = now,
                ["lastTransitionTime"] = now
            };
        registry.SetStatus(ResourceTypes.Nodes, node, s =>
        {
            (s["capacity"], s["allocatable"]) = (Capacity(), Capacity());
            s["conditions"] = new JsonArray(
                Condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                Condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
                Condition("PIDPressure", "False", "KubeletHasSufficientPID"), Condition("Ready", "True", "KubeletReady"));
            s["addresses"] =
                new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = address },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name });
            s["nodeInfo"] = new JsonObject
            {
                ["kubeletVersion"] = Discovery.GitVersion,
                ["containerRuntimeVersion"] = "sandbox://1",
                ["osImage"] = "K2hdkcDbaas sandbox",
                ["kernelVersion"] = "sandbox",
                ["operatingSystem"] = "linux",
                ["architecture"] = "amd64",
                ["machineID"] = name,
                ["systemUUID"] = name,
                ["bootID"] = name,
                ["kubeProxyVersion"] = "",
            };
        }, "kubelet");
    }

    private static JsonObject Rule(string group, IEnumerable<string> resources, string[] verbs) =>
        new() { ["apiGroups"] = new JsonArray(group), ["resources"] = JsonHttp.Strings(resources), ["verbs"] = JsonHttp.Strings(verbs) };

    private static JsonObject Bind(string kind, string role, string group) => new()
    {
        ["roleRef"] = new JsonObject { ["apiGroup"] = ResourceTypes.Roles.Group, ["kind"] = kind, ["name"] = role },
        ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = ResourceTypes.Roles.Group, ["kind"] = "Group", ["name"] = group }),
    };
}
