using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>What the API server refuses with 422: names, fields that go together, and fields that never change.</summary>
internal static partial class Validation
{
    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
            + "alphanumeric character (e.g. 'example.com', regex used for validation is "
            + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
            + "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string ServiceRule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
            + "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    private const string ValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
            + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
            + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private const string KeyRule =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
            + "regex used for validation is '[-._a-zA-Z0-9]+')";
    private const string Immutable = "field is immutable";
    private const int MaxData = 1024 * 1024;

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain { get; }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Label { get; }

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceName { get; }

    [GeneratedRegex("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue { get; }

    [GeneratedRegex("^[-._a-zA-Z0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex DataKey { get; }

    public static List<FieldError> Check(ResourceType type, JsonObject obj)
    {
        var errors = new List<FieldError>();
        CheckName(type, obj.Name(), errors);
        CheckLabels(obj, "metadata.labels", errors);
        switch (type.Kind)
        {
            case "Pod":
                CheckPodSpec(obj["spec"] as JsonObject, "spec", errors);
                break;
            case "StatefulSet" or "Deployment" or "ReplicaSet":
                CheckWorkload(type, obj, errors);
                break;
            case "Job":
                CheckTemplate(obj, errors, selectorMustMatch: true);
                var policy = obj.Text("spec", "template", "spec", "restartPolicy");
                if (policy is not ("OnFailure" or "Never"))
                    errors.Add(policy == "Always"
                        ? FieldError.NotSupported("spec.template.spec.restartPolicy", policy, "OnFailure", "Never")
                        : FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
                NotNegative(obj, errors, "parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished");
                break;
            case "Service":
                CheckService(obj, errors);
                break;
            case "ConfigMap" or "Secret":
                CheckData(obj, errors);
                break;
            case "PersistentVolumeClaim":
                if (obj.At("spec", "accessModes") is not JsonArray { Count: > 0 })
                    errors.Add(FieldError.Required("spec.accessModes", "at least 1 access mode is required"));
                if (obj.At("spec", "resources", "requests", "storage") is null) errors.Add(FieldError.Required("spec.resources[storage]"));
                break;
            case "PodDisruptionBudget":
                if (obj.At("spec", "minAvailable") is not null && obj.At("spec", "maxUnavailable") is not null)
                    errors.Add(FieldError.Invalid("spec", obj["spec"]!.ToJsonString(),
                        "minAvailable and maxUnavailable cannot be both set"));
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                if (obj.Text("roleRef", "kind") is not ("Role" or "ClusterRole"))
                    errors.Add(FieldError.NotSupported("roleRef.kind", obj.Text("roleRef", "kind"), "Role", "ClusterRole"));
                break;
        }
        return errors;
    }

    public static List<FieldError> CheckChange(ResourceType type, JsonObject before, JsonObject after)
    {
        var errors = new List<FieldError>();
        void Same(string why, params ReadOnlySpan<string> path)
        {
            if (!KubeJson.Same(before.At(path), after.At(path)))
                errors.Add(FieldError.Invalid(string.Join('.', path), after.At(path)?.ToJsonString() ?? "null", why));
        }

        switch (type.Kind)
        {
            case "StatefulSet":
                if (Rest(before, "replicas", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
                    "ordinals") != Rest(after, "replicas", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy",
                        "minReadySeconds", "ordinals"))
                    errors.Add(FieldError.Forbidden("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                        + "'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
                break;
            case "Deployment" or "ReplicaSet":
                Same(Immutable, "spec", "selector");
                break;
            case "Job":
                Same(Immutable, "spec", "selector");
                Same(Immutable, "spec", "template");
                Same(Immutable, "spec", "completions");
                Same(Immutable, "spec", "completionMode");
                break;
            case "Pod":
                if (!KubeJson.Same(Mutable(before), Mutable(after)))
                    errors.Add(FieldError.Forbidden("spec", "pod updates may not change fields other than "
                        + "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
                        + "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
                        + "previously negative)"));
                break;
            case "Service":
                if (before.Text("spec", "clusterIP") is { Length: > 0 } && after.Text("spec", "type") != "ExternalName"
                    && before.Text("spec", "type") != "ExternalName") Same("may not change once set", "spec", "clusterIP");
                break;
            case "Secret":
                Same(Immutable, "type");
                Frozen(before, after, errors);
                break;
            case "ConfigMap":
                Frozen(before, after, errors);
                break;
            case "PersistentVolumeClaim":
                if (Rest(before, "resources", "volumeAttributesClassName") != Rest(after, "resources", "volumeAttributesClassName")
                    && before.Text("spec", "volumeName").Length > 0)
                    errors.Add(FieldError.Forbidden("spec", "spec is immutable after creation except resources.requests and "
                        + "volumeAttributesClassName for bound claims"));
                if (Quantities.Read(after.At("spec", "resources", "requests", "storage")) < Quantities.Read(
                    before.At("spec", "resources", "requests", "storage")))
                    errors.Add(FieldError.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                if (!KubeJson.Same(before["roleRef"], after["roleRef"]))
                    errors.Add(FieldError.Invalid("roleRef", after["roleRef"]!.ToJsonString(), "cannot change roleRef"));
                break;
        }
        return errors;
    }

    private static string Rest(JsonObject obj, params string[] open)
    {
        var spec = (obj["spec"] as JsonObject)?.Copy() ?? [];
        foreach (var name in open) spec.Remove(name);
        // Members in any order are the same.
        return Sorted(spec).ToJsonString();
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject o =>
            new JsonObject(o.OrderBy(m => m.Key, StringComparer.Ordinal)
                .Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : (JsonNode?)Sorted(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(i => i is null ? null : Sorted(i))]),
        _ => node.DeepClone(),
    };

    private static JsonObject Mutable(JsonObject pod)
    {
        var spec = (pod["spec"] as JsonObject)?.Copy() ?? [];
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers"))) container.Remove("image");
        foreach (var name in (ReadOnlySpan<string>)["activeDeadlineSeconds", "tolerations", "nodeName", "ephemeralContainers"])
            spec.Remove(name);
        return spec;
    }

    private static void Frozen(JsonObject before, JsonObject after, List<FieldError> errors)
    {
        if (!before.Flag("immutable")) return;
        if (!after.Flag("immutable")) errors.Add(FieldError.Forbidden("immutable", "field is immutable when `immutable` is set"));
        foreach (var name in (ReadOnlySpan<string>)["data", "binaryData"])
            if (!KubeJson.Same(before[name], after[name]))
                errors.Add(FieldError.Forbidden(name, "field is immutable when `immutable` is set"));
    }

    private static void CheckName(ResourceType type, string name, List<FieldError> errors)
    {
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
            return;
        }
        var (rule, isRight) = type.Kind switch
        {
            "Namespace" => (LabelRule, Label.IsMatch(name) && name.Length <= 63),
            "Service" => (ServiceRule, ServiceName.IsMatch(name) && name.Length <= 63),
            "Role" or "ClusterRole" or "RoleBinding" or "ClusterRoleBinding" =>
                ("may not contain '/'", !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..")),
            _ => (SubdomainRule, Subdomain.IsMatch(name) && name.Length <= 253),
        };
        if (!isRight) errors.Add(FieldError.Invalid("metadata.name", $"\"{name}\"", rule));
    }

    private static void CheckLabels(JsonObject? obj, string path, List<FieldError> errors)
    {
        foreach (var (_, value) in obj.At("metadata", "labels") as JsonObject ?? [])
        {
            if (value.AsText() is not { } text) continue;
            if (text.Length > 63) errors.Add(FieldError.Invalid(path, $"\"{text}\"", "must be no more than 63 characters"));
            else if (!LabelValue.IsMatch(text)) errors.Add(FieldError.Invalid(path, $"\"{text}\"", ValueRule));
        }
    }

    private static void CheckPodSpec(JsonObject? spec, string path, List<FieldError> errors, IEnumerable<string>? claims = null)
    {
        if (spec is null || spec["containers"] is not JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Required(path + ".containers"));
            return;
        }
        // A StatefulSet's claims become volumes of its pods.
        var volumes = spec.Items("volumes").Select(v => v.Text("name")).Concat(claims ?? []).ToHashSet(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            var i = 0;
            foreach (var container in spec.Items(list))
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{i++}]");
                var name = container.Text("name");
                if (!Label.IsMatch(name) || name.Length > 63) errors.Add(FieldError.Invalid(at + ".name", $"\"{name}\"", LabelRule));
                else if (!names.Add(name)) errors.Add(new FieldError(at + ".name", "FieldValueDuplicate", $"Duplicate value: \"{name}\""));
                if (container.Text("image").Length == 0) errors.Add(FieldError.Required(at + ".image"));
                var m = 0;
                foreach (var mount in container.Items("volumeMounts"))
                {
                    var of = string.Create(CultureInfo.InvariantCulture, $"{at}.volumeMounts[{m++}].name");
                    if (!volumes.Contains(mount.Text("name")))
                        errors.Add(new FieldError(of, "FieldValueNotFound", $"Not found: \"{mount.Text("name")}\""));
                }
                foreach (var (resource, limit) in container.At("resources", "limits") as JsonObject ?? [])
                {
                    if (container.At("resources", "requests", resource) is { } request && Quantities.Read(request) > Quantities.Read(limit))
                        errors.Add(FieldError.Invalid(at + ".resources.requests", request.ToJsonString(), $"must be less than or equal to "
                            + $"{resource} limit of {limit.AsText() ?? limit?.ToJsonString()}"));
                }
            }
        }
        if (spec.Text("restartPolicy") is var policy and not ("Always" or "OnFailure" or "Never"))
            errors.Add(FieldError.NotSupported(path + ".restartPolicy", policy, "Always", "OnFailure", "Never"));
    }

    private static void CheckWorkload(ResourceType type, JsonObject obj, List<FieldError> errors)
    {
        CheckTemplate(obj, errors, selectorMustMatch: true);
        NotNegative(obj, errors, "replicas", "minReadySeconds", "revisionHistoryLimit");
        if (obj.Text("spec", "template", "spec", "restartPolicy") is var policy and not "Always")
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", policy, "Always"));
        if (type.Kind != "StatefulSet") return;
        if (obj.Text("spec", "podManagementPolicy") is var management and not ("OrderedReady" or "Parallel"))
            errors.Add(FieldError.Invalid("spec.podManagementPolicy", $"\"{management}\"", "must be 'OrderedReady' or 'Parallel'"));
    }

    private static void CheckTemplate(JsonObject obj, List<FieldError> errors, bool selectorMustMatch)
    {
        CheckPodSpec(obj.At("spec", "template", "spec") as JsonObject, "spec.template.spec", errors,
            obj.Items("spec", "volumeClaimTemplates").Select(c => c.Name()));
        CheckLabels(obj.At("spec", "template") as JsonObject, "spec.template.labels", errors);
        var selector = obj.At("spec", "selector") as JsonObject;
        if (!selectorMustMatch || obj.At("spec", "template") is not { } template) return;
        if (selector is null || ((selector["matchLabels"] as JsonObject)?.Count ?? 0) + selector.Items("matchExpressions").Count() == 0)
            errors.Add(selector is null
                ? FieldError.Required("spec.selector")
                : FieldError.Invalid("spec.selector", selector.ToJsonString(), "empty selector is invalid for statefulset"));
        else if (!Selectors.Labels(selector)(template))
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", template.At("metadata", "labels")?.ToJsonString() ?? "null",
                "`selector` does not match template `labels`"));
    }

    private static void NotNegative(JsonObject obj, List<FieldError> errors, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (obj.Number(0, "spec", name) is var value and < 0)
                errors.Add(FieldError.Invalid("spec." + name, value.ToString(CultureInfo.InvariantCulture), "must be greater than or equal "
                    + "to 0"));
        }
    }

    private static void CheckService(JsonObject obj, List<FieldError> errors)
    {
        var spec = obj.Ensure("spec");
        var ports = spec.Items("ports").ToList();
        if (ports.Count == 0 && spec.Text("type") != "ExternalName" && spec.Text("clusterIP") != "None")
            errors.Add(FieldError.Required("spec.ports"));
        for (var i = 0; i < ports.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"spec.ports[{i}]");
            if (ports.Count > 1 && ports[i].Text("name").Length == 0) errors.Add(FieldError.Required(at + ".name"));
            if (ports[i].Number(0, "port") is < 1 or > 65535)
                errors.Add(FieldError.Invalid(at + ".port", ports[i]["port"]?.ToJsonString() ?? "0", "must be between 1 and 65535, "
                    + "inclusive"));
        }
        if (spec.Text("type") is var type and not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
            errors.Add(FieldError.NotSupported("spec.type", type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"));
    }

    private static void CheckData(JsonObject obj, List<FieldError> errors)
    {
        long size = 0;
        foreach (var list in (ReadOnlySpan<string>)["data", "binaryData"])
        {
            foreach (var (key, value) in obj[list] as JsonObject ?? [])
            {
                if (!DataKey.IsMatch(key)) errors.Add(FieldError.Invalid($"{list}[{key}]", $"\"{key}\"", KeyRule));
                size += Encoding.UTF8.GetByteCount(value.AsText() ?? "");
            }
        }
        if (size > MaxData * (obj.Text("kind") == "Secret" ? 4 / 3.0 : 1))
            errors.Add(new FieldError("data", "FieldValueTooLong", $"Too long: may not be more than {MaxData} bytes"));
    }
}
