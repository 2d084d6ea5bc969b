using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Api;

/// <summary>The table form of objects (Accept: as=Table), with the columns that kubectl get shows.</summary>
internal static class Tables
{
    private sealed record Column(string Name, string Type, Func<JsonObject, DateTimeOffset, JsonNode?> Cell, int Priority = 0);

    public static JsonObject Write(ResourceType type, IEnumerable<JsonObject> objects, string include, DateTimeOffset now,
        JsonObject? listMeta, bool withColumns = true)
    {
        var columns = ColumnsOf(type);
        var table = new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = listMeta ?? [],
            ["columnDefinitions"] = withColumns ? JsonHttp.ToArray(columns, c => new JsonObject
            {
                ["name"] = c.Name,
                ["type"] = c.Type,
                ["format"] = c.Name == "Name" ? "name" : "",
                ["description"] = "",
                ["priority"] = c.Priority,
            }) : null,
            ["rows"] = JsonHttp.ToArray(objects, o => new JsonObject
            {
                ["cells"] = new JsonArray([.. columns.Select(c => c.Cell(o, now))]),
                ["object"] = include switch { "None" => null, "Object" => o.DeepClone(), _ => Partial(o) },
            }),
        };
        return table;
    }

    /// <summary>The object with its metadata only.</summary>
    public static JsonObject Partial(JsonObject obj) =>
        new() { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = obj["metadata"]?.DeepClone() };

    private static Column[] ColumnsOf(ResourceType type) =>
    [
        new("Name", "string", (o, _) => o.Name()),
        .. Middle(type),
        .. (type.Kind is "Event" or "RoleBinding" or "ClusterRoleBinding"
            ? []
            : (Column[])[new("Age", "string", (o, now) => Age(o.Text("metadata", "creationTimestamp"), now))]),
        .. (type.Kind is "RoleBinding" or "ClusterRoleBinding"
            ? (Column[])[new("Role", "string", (o, _) => $"{o.Text("roleRef", "kind")}/{o.Text("roleRef", "name")}"),
                new("Age", "string", (o, now) => Age(o.Text("metadata", "creationTimestamp"), now))]
            : []),
        .. Last(type),
    ];

    private static Column[] Middle(ResourceType type) => type.Kind switch
    {
        "Pod" =>
        [
            new("Ready", "string",
                (o, _) => $"{o.Items("status", "containerStatuses").Count(c => c.Flag("ready"))}/{o.Items("spec", "containers").Count()}"),
            new("Status", "string", (o, _) => PodReason(o)),
            new("Restarts", "string", (o, now) => Restarts(o, now)),
        ],
        "Service" =>
        [
            new("Type", "string", (o, _) => o.Text("spec", "type")),
            new("Cluster-IP", "string", (o, _) => o.Text("spec", "clusterIP") is { Length: > 0 } ip ? ip : "<none>"),
            new("External-IP", "string",
                (o, _) => o.Text("spec", "type") switch { "ExternalName" => o.Text("spec", "externalName"), "LoadBalancer" =>
                    "<pending>", _ => "<none>" }),
            new("Port(s)", "string", (o, _) => o.Items("spec", "ports").ToList() is { Count: > 0 } ports
                ? string.Join(',',
                    ports.Select(p =>
                        p["nodePort"] is { } n ? $"{p["port"]}:{n}/{p.Text("protocol")}" : $"{p["port"]}/{p.Text("protocol")}"))
                : "<none>"),
        ],
        "StatefulSet" => [new("Ready", "string", (o, _) => $"{o.Number(0, "status", "readyReplicas")}/{o.Number(0, "spec", "replicas")}")],
        "Deployment" =>
        [
            new("Ready", "string", (o, _) => $"{o.Number(0, "status", "readyReplicas")}/{o.Number(0, "spec", "replicas")}"),
            new("Up-to-date", "string", (o, _) => o.Number(0, "status", "updatedReplicas")),
            new("Available", "string", (o, _) => o.Number(0, "status", "availableReplicas")),
        ],
        "ReplicaSet" =>
        [
            new("Desired", "integer", (o, _) => o.Number(0, "spec", "replicas")),
            new("Current", "integer", (o, _) => o.Number(0, "status", "replicas")),
            new("Ready", "integer", (o, _) => o.Number(0, "status", "readyReplicas")),
        ],
        "Job" =>
        [
            new("Status", "string",
                (o, _) => o.ConditionOf("Complete") == "True"
                    ? "Complete"
                    : o.ConditionOf("Failed") == "True"
                    ? "Failed"
                    : o.IsLeaving() ? "Terminating" : o.Flag("spec", "suspend") ? "Suspended" : "Running"),
            new("Completions", "string", (o, _) => $"{o.Number(0, "status", "succeeded")}/{o.Number(1, "spec", "completions")}"),
            new("Duration", "string",
                (o, now) => o.Text("status", "startTime") is { Length: > 0 } start
                    ? Human(Time(o.Text("status", "completionTime"), now) - Time(start, now))
                    : ""),
        ],
        "ConfigMap" =>
            [new("Data", "string", (o, _) => ((o["data"] as JsonObject)?.Count ?? 0) + ((o["binaryData"] as JsonObject)?.Count ?? 0))],
        "Secret" =>
            [new("Type", "string", (o, _) => o.Text("type")), new("Data", "string", (o, _) => (o["data"] as JsonObject)?.Count ?? 0)],
        "ServiceAccount" => [new("Secrets", "string", (o, _) => o.Items("secrets").Count())],
        "Namespace" => [new("Status", "string", (o, _) => o.Text("status", "phase"))],
        "Node" =>
        [
            new("Status", "string",
                (o, _) => (o.ConditionOf("Ready") == "True" ? "Ready" : "NotReady")
                    + (o.Flag("spec", "unschedulable") ? ",SchedulingDisabled" : "")),
            new("Roles", "string", (_, _) => "<none>"),
        ],
        "PersistentVolumeClaim" =>
        [
            new("Status", "string", (o, _) => o.IsLeaving() ? "Terminating" : o.Text("status", "phase")),
            new("Volume", "string", (o, _) => o.Text("spec", "volumeName")),
            new("Capacity", "string", (o, _) => o.Text("status", "capacity", "storage")),
            new("Access Modes", "string", (o, _) => Modes(o.Texts("status", "accessModes"))),
            new("StorageClass", "string", (o, _) => o.Text("spec", "storageClassName")),
            new("VolumeAttributesClass", "string", (_, _) => "<unset>"),
        ],
        "PersistentVolume" =>
        [
            new("Capacity", "string", (o, _) => o.Text("spec", "capacity", "storage")),
            new("Access Modes", "string", (o, _) => Modes(o.Texts("spec", "accessModes"))),
            new("Reclaim Policy", "string", (o, _) => o.Text("spec", "persistentVolumeReclaimPolicy")),
            new("Status", "string", (o, _) => o.Text("status", "phase")),
            new("Claim", "string", (o, _) => o.At("spec", "claimRef") is { } c ? $"{c.Text("namespace")}/{c.Text("name")}" : ""),
            new("StorageClass", "string", (o, _) => o.Text("spec", "storageClassName")),
            new("VolumeAttributesClass", "string", (_, _) => "<unset>"),
            new("Reason", "string", (o, _) => o.Text("status", "reason")),
        ],
        "StorageClass" =>
        [
            new("Provisioner", "string", (o, _) => o.Text("provisioner")),
            new("ReclaimPolicy", "string", (o, _) => o.Text("reclaimPolicy")),
            new("VolumeBindingMode", "string", (o, _) => o.Text("volumeBindingMode")),
            new("AllowVolumeExpansion", "string", (o, _) => o.Flag("allowVolumeExpansion")),
        ],
        "Endpoints" => [new("Endpoints", "string", (o, _) => Addresses(o))],
        "PodDisruptionBudget" =>
        [
            new("Min Available", "string", (o, _) => Plain(o.At("spec", "minAvailable")) ?? "N/A"),
            new("Max Unavailable", "string", (o, _) => Plain(o.At("spec", "maxUnavailable")) ?? "N/A"),
            new("Allowed Disruptions", "integer", (o, _) => o.Number(0, "status", "disruptionsAllowed")),
        ],
        "ControllerRevision" =>
        [
            new("Controller", "string",
                (o, _) => o.Controller() is { } c ? $"{c.Text("kind").ToLowerInvariant()}.apps/{c.Text("name")}" : "<none>"),
            new("Revision", "integer", (o, _) => o.Number(0, "revision")),
        ],
        "Role" or "ClusterRole" => [new("Created At", "string", (o, _) => o.Text("metadata", "creationTimestamp"))],
        "Event" =>
        [
            new("Last Seen", "string", (o, now) => Age(o.Text("lastTimestamp"), now)),
            new("Type", "string", (o, _) => o.Text("type")),
            new("Reason", "string", (o, _) => o.Text("reason")),
            new("Object", "string", (o, _) => $"{o.Text("involvedObject", "kind").ToLowerInvariant()}/{o.Text("involvedObject", "name")}"),
            new("Message", "string", (o, _) => o.Text("message").Trim()),
        ],
        "Lease" => [new("Holder", "string", (o, _) => o.Text("spec", "holderIdentity"))],
        _ => [],
    };

    private static Column[] Last(ResourceType type) => type.Kind switch
    {
        "Pod" =>
        [
            new("IP", "string", (o, _) => o.Text("status", "podIP") is { Length: > 0 } ip ? ip : "<none>", 1),
            new("Node", "string", (o, _) => o.Text("spec", "nodeName") is { Length: > 0 } node ? node : "<none>", 1),
            new("Nominated Node", "string", (_, _) => "<none>", 1),
            new("Readiness Gates", "string", (_, _) => "<none>", 1),
        ],
        "Service" =>
            [new("Selector", "string",
                (o, _) => o.At("spec", "selector") is JsonObject { Count: > 0 } s
                    ? string.Join(',', s.Select(m => $"{m.Key}={m.Value.AsText()}"))
                    : "<none>", 1)],
        "StatefulSet" => [.. Images(o => o.At("spec", "template"))],
        "Deployment" or "ReplicaSet" or "Job" =>
        [
            .. Images(o => o.At("spec", "template")),
            new("Selector", "string", (o, _) => Selectors.Write(o.At("spec", "selector")), 1),
        ],
        "Node" =>
        [
            new("Version", "string", (o, _) => o.Text("status", "nodeInfo", "kubeletVersion")),
            new("Internal-IP", "string",
                (o, _) => o.Items("status", "addresses").FirstOrDefault(a => a.Text("type") == "InternalIP").Text("address"), 1),
        ],
        "PersistentVolumeClaim" or "PersistentVolume" => [new("VolumeMode", "string", (o, _) => o.Text("spec", "volumeMode"), 1)],
        _ => [],
    };

    private static Column[] Images(Func<JsonObject, JsonNode?> template) =>
    [
        new("Containers", "string", (o, _) => string.Join(',', template(o).Items("spec", "containers").Select(c => c.Text("name"))), 1),
        new("Images", "string", (o, _) => string.Join(',', template(o).Items("spec", "containers").Select(c => c.Text("image"))), 1),
    ];

    /// <summary>What kubectl shows as a pod's status.</summary>
    public static string PodReason(JsonObject pod)
    {
        var reason = pod.Text("status", "reason") is { Length: > 0 } own ? own : pod.Text("status", "phase");
        if (pod.Items("status", "conditions")
            .FirstOrDefault(c => c.Text("type") == "PodScheduled" && c.Text("reason") == "SchedulingGated") is not null)
            reason = "SchedulingGated";
        var inits = pod.Items("status", "initContainerStatuses").ToList();
        for (var i = 0; i < inits.Count; i++)
        {
            if (inits[i].At("state", "terminated") is { } ended && ended.Number(0, "exitCode") == 0) continue;
            reason = inits[i].At("state", "terminated") is { } failed
                ? "Init:" + (failed.Text("reason") is { Length: > 0 } why ? why : $"ExitCode:{failed.Number(0, "exitCode")}")
                : inits[i].Text("state", "waiting", "reason") is { Length: > 0 } waits and not "PodInitializing" ? "Init:" + waits
                : $"Init:{i}/{inits.Count}";
            return pod.IsLeaving() ? "Terminating" : reason;
        }
        var hasRunning = false;
        foreach (var status in pod.Items("status", "containerStatuses").Reverse())
        {
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting) reason = waiting;
            else if (status.At("state", "terminated") is { } ended)
                reason = ended.Text("reason") is { Length: > 0 } why ? why : $"ExitCode:{ended.Number(0, "exitCode")}";
            else if (status.Flag("ready") && status.At("state", "running") is not null) hasRunning = true;
        }
        if (reason == "Completed" && hasRunning) reason = pod.IsReady() ? "Running" : "NotReady";
        return pod.IsLeaving() ? "Terminating" : reason;
    }

    private static JsonNode Restarts(JsonObject pod, DateTimeOffset now)
    {
        var statuses = pod.Items("status", "containerStatuses").Concat(pod.Items("status", "initContainerStatuses")).ToList();
        var count = statuses.Sum(s => s.Number(0, "restartCount"));
        var last = statuses.Select(s => s.Text("lastState", "terminated", "finishedAt")).Where(t => t.Length > 0)
            .Order(StringComparer.Ordinal).LastOrDefault();
        return last is null || count == 0 ? count.ToString(CultureInfo.InvariantCulture) : $"{count} ({Age(last, now)} ago)";
    }

    private static string Addresses(JsonObject endpoints)
    {
        var all = endpoints.Items("subsets")
            .SelectMany(s =>
                s.Items("ports").DefaultIfEmpty([])
                    .SelectMany(p => s.Items("addresses").Select(a => p["port"] is { } port ? $"{a.Text("ip")}:{port}" : a.Text("ip"))))
            .ToList();
        return all.Count == 0 ? "<none>" : string.Join(',', all.Take(3)) + (all.Count > 3 ? $" + {all.Count - 3} more..." : "");
    }

    private static string? Plain(JsonNode? node) => node?.AsText() ?? node?.ToJsonString();

    private static string Modes(IEnumerable<string> modes) =>
        string.Join(',',
            modes.Select(m =>
                m switch
                {
                    "ReadWriteOnce" => "RWO",
                    "ReadOnlyMany" => "ROX",
                    "ReadWriteMany" => "RWX",
                    "ReadWriteOncePod" => "RWOP",
                    _ =>
                    m
                }));

    private static DateTimeOffset Time(string text, DateTimeOffset otherwise) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : otherwise;

    private static string Age(string since, DateTimeOffset now) => since.Length == 0 ? "<unknown>" : Human(now - Time(since, now));

    // As kubectl shortens durations: two units where the first is small.
    private static string Human(TimeSpan time)
    {
        var seconds = (long)Math.Max(0, time.TotalSeconds);
        if (seconds < 120) return $"{seconds}s";
        var minutes = seconds / 60;
        if (minutes < 10) return seconds % 60 == 0 ? $"{minutes}m" : $"{minutes}m{seconds % 60}s";
        if (minutes < 180) return $"{minutes}m";
        var hours = minutes / 60;
        if (hours < 8) return minutes % 60 == 0 ? $"{hours}h" : $"{hours}h{minutes % 60}m";
        if (hours < 48) return $"{hours}h";
        return hours < 192 && hours % 24 != 0 ? $"{hours / 24}d{hours % 24}h" : $"{hours / 24}d";
    }
}
