using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using K2hdkcDbaas.Sandbox.Kubernetes.Patches;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>How an object is written.</summary>
/// <param name="Manager">Field manager.</param>
internal sealed record WriteOptions(string Manager)
{
    /// <summary>Does all but store.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>status, scale, or empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Strict, Warn or Ignore: what becomes of unknown fields.</summary>
    public string FieldValidation { get; init; } = "Warn";

    /// <summary>For server-side apply: what the manager wants.</summary>
    public JsonObject? Applied { get; init; }

    /// <summary>Where warnings go.</summary>
    public List<string> Warnings { get; init; } = [];
}

/// <summary>How an object is deleted.</summary>
internal sealed record DeleteOptions
{
    public int? GracePeriod { get; init; }

    /// <summary>Background, Foreground or Orphan.</summary>
    public string Propagation { get; init; } = "Background";

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public bool IsDryRun { get; init; }
}

/// <summary>
/// Creates, changes and deletes objects as the API server does: defaults, admission, validation, field managers, finalizers.
/// </summary>
internal sealed class ObjectRegistry(ObjectStore store, TimeProvider clock)
{
    /// <summary>Field manager of the controllers.</summary>
    public const string ControllerManager = "kube-controller-manager";

    private const string ForegroundFinalizer = "foregroundDeletion";
    private const string OrphanFinalizer = "orphan";
    private const int LowestNodePort = 30000;
    private const int HighestNodePort = 32767;

    public ObjectStore Store => store;

    public string Now => clock.GetUtcNow().Seconds();

    public DateTimeOffset Time => clock.GetUtcNow();

    public JsonObject Create(ResourceType type, JsonObject obj, WriteOptions options)
    {
        lock (store.Gate)
        {
            CheckFields(type, obj, options);
            var meta = obj.Meta();
            if (meta.Text("name").Length == 0 && meta.Text("generateName") is { Length: > 0 } stem)
                meta["name"] = stem[..Math.Min(stem.Length, 58)] + Suffix(5);
            var name = obj.Name();
            if (type.IsNamespaced) CheckNamespace(type, obj.Namespace(), name);
            if (store.Find(type, obj.Namespace(), name) is not null) throw KubeFault.AlreadyExists(type, name);
            foreach (var own in (ReadOnlySpan<string>)["uid", "resourceVersion", "creationTimestamp", "deletionTimestamp",
                "deletionGracePeriodSeconds", "selfLink", "generation", "managedFields"]) meta.Remove(own);
            meta["uid"] = Guid.NewGuid().ToString("D");
            meta["creationTimestamp"] = Now;
            if (HasGeneration(type)) meta["generation"] = 1;
            if (type.HasStatus) obj.Remove("status");
            Defaults.Set(type, obj);
            Admit(type, obj);
            var errors = Missing(type, obj);
            errors.AddRange(Validation.Check(type, obj));
            if (errors.Count > 0) throw KubeFault.Invalid(type, name, errors);
            Begin(type, obj);
            Note(type, null, obj, options);
            return options.IsDryRun ? obj : store.Put(type, obj);
        }
    }

    /// <summary>Changes an object.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">Gives the new state; gets a copy of the old one.</param>
    /// <param name="options">How.</param>
    public JsonObject Update(ResourceType type, string ns, string name, Func<JsonObject, JsonObject> change, WriteOptions options)
    {
        lock (store.Gate)
        {
            var live = store.Find(type, ns, name) ?? throw KubeFault.NotFound(type, name);
            var obj = change(live.Copy());
            CheckFields(type, obj, options);
            var (meta, old) = (obj.Meta(), (JsonObject)live["metadata"]!);
            if (meta.Text("resourceVersion") is { Length: > 0 } version && version != old.Text("resourceVersion"))
                throw KubeFault.Changed(type, name);
            if (meta.Text("uid") is { Length: > 0 } uid && uid != old.Text("uid"))
                throw KubeFault.Conflict(type, name,
                    $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Text("uid")}");
            foreach (var own in (ReadOnlySpan<string>)["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp",
                "deletionGracePeriodSeconds", "resourceVersion", "generation", "generateName"])
            {
                meta.Remove(own);
                if (old[own] is { } kept) meta[own] = kept.DeepClone();
            }
            if (options.Subresource == "status")
            {
                // Only the status counts; of the rest all stays but the metadata that a status update may carry.
                var whole = live.Copy();
                whole["status"] = obj["status"]?.DeepClone();
                obj = whole;
            }
            else if (type.HasStatus)
            {
                obj.Remove("status");
                if (live["status"] is { } status) obj["status"] = status.DeepClone();
            }
            obj["apiVersion"] = type.ApiVersion;
            obj["kind"] = type.Kind;
            Defaults.Set(type, obj);
            if (type == ResourceTypes.Services) KeepAddresses(live, obj);
            if (options.Subresource != "status")
            {
                var errors = Missing(type, obj);
                errors.AddRange(Validation.Check(type, obj));
                errors.AddRange(Validation.CheckChange(type, live, obj));
                if (errors.Count > 0) throw KubeFault.Invalid(type, name, errors);
                if (type == ResourceTypes.Services) GiveAddresses(obj);
            }
            if (HasGeneration(type) && !KubeJson.Same(live["spec"], obj["spec"]))
                obj.Meta()["generation"] = old.Number(1, "generation") + 1;
            Note(type, live, obj, options);
            if (KubeJson.Same(WithoutTimes(live), WithoutTimes(obj))) return live;
            if (options.IsDryRun) return obj;
            if (obj.IsLeaving() && obj.At("metadata", "finalizers") is not JsonArray { Count: > 0 }
                && (type != ResourceTypes.Pods || obj.Number(0, "metadata", "deletionGracePeriodSeconds") == 0)
                && (type != ResourceTypes.Namespaces || obj.At("spec", "finalizers") is not JsonArray { Count: > 0 }))
            {
                store.Put(type, obj);
                store.Drop(type, obj);
                return obj;
            }
            return store.Put(type, obj);
        }
    }

    /// <summary>Deletes an object, or begins to.</summary>
    /// <returns>The object as it is now, and whether it is gone.</returns>
    public (JsonObject Object, bool IsGone) Delete(ResourceType type, string ns, string name, DeleteOptions options)
    {
        lock (store.Gate)
        {
            var live = store.Find(type, ns, name) ?? throw KubeFault.NotFound(type, name);
            if (options.Uid is { } uid && uid != live.Uid())
                throw KubeFault.Conflict(type, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {live.Uid()}");
            if (options.ResourceVersion is { } version && version != live.Text("metadata", "resourceVersion"))
                throw KubeFault.Conflict(type, name,
                    $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: "
                        + $"{live.Text("metadata", "resourceVersion")}");
            var obj = live.Copy();
            var finalizers = obj.Texts("metadata", "finalizers").ToList();
            if (options.Propagation == "Foreground" && !finalizers.Contains(ForegroundFinalizer)) finalizers.Add(ForegroundFinalizer);
            if (options.Propagation == "Orphan" && !finalizers.Contains(OrphanFinalizer)) finalizers.Add(OrphanFinalizer);
            var grace = type != ResourceTypes.Pods ? 0
                : obj.Text("spec", "nodeName").Length == 0 || obj.Text("status", "phase") is "Succeeded" or "Failed" ? 0
                : options.GracePeriod ?? obj.Number(30, "spec", "terminationGracePeriodSeconds");
            var mayStay = grace > 0 || finalizers.Count > 0
                || (type == ResourceTypes.Namespaces && obj.At("spec", "finalizers") is JsonArray { Count: > 0 });
            if (!mayStay)
            {
                if (!options.IsDryRun) store.Drop(type, live);
                return (obj, true);
            }
            var meta = obj.Meta();
            if (finalizers.Count > 0) meta["finalizers"] = JsonHttp.Strings(finalizers);
            var isShorter = obj.IsLeaving() && grace < meta.Number(int.MaxValue, "deletionGracePeriodSeconds");
            if (!obj.IsLeaving() || isShorter)
            {
                meta["deletionTimestamp"] = clock.GetUtcNow().AddSeconds(grace).Seconds();
                meta["deletionGracePeriodSeconds"] = grace;
                if (HasGeneration(type)) meta["generation"] = meta.Number(1, "generation") + 1;
                if (type == ResourceTypes.Namespaces) obj.Ensure("status")["phase"] = "Terminating";
            }
            if (KubeJson.Same(live, obj) || options.IsDryRun) return (obj, false);
            return (store.Put(type, obj), false);
        }
    }

    /// <summary>Removes an object at once, as its last finalizer or the kubelet does.</summary>
    public void Drop(ResourceType type, JsonObject obj)
    {
        lock (store.Gate)
        {
            if (store.Find(type, obj.Namespace(), obj.Name()) is not { } live || live.Uid() != obj.Uid()) return;
            if (live.At("metadata", "finalizers") is JsonArray { Count: > 0 } && type == ResourceTypes.Pods)
            {
                Change(type, live, o => o.Meta()["deletionGracePeriodSeconds"] = 0, ControllerManager);
                return;
            }
            store.Drop(type, live);
        }
    }

    /// <summary>Changes an object from inside; without effect when it is gone or another by now.</summary>
    public JsonObject? Change(ResourceType type, JsonObject obj, Action<JsonObject> change, string manager, string subresource = "")
    {
        lock (store.Gate)
        {
            if (store.Find(type, obj.Namespace(), obj.Name()) is not { } live || live.Uid() != obj.Uid()) return null;
            var changed = live.Copy();
            change(changed);
            if (KubeJson.Same(live, changed)) return live;
            if (subresource.Length == 0 && HasGeneration(type) && !KubeJson.Same(live["spec"], changed["spec"]))
                changed.Meta()["generation"] = live.Number(1, "metadata", "generation") + 1;
            ManagedFields.NoteUpdate(type, live, changed, manager, subresource, Now);
            if (changed.IsLeaving() && changed.At("metadata", "finalizers") is not JsonArray { Count: > 0 }
                && (type != ResourceTypes.Pods || changed.Number(1, "metadata", "deletionGracePeriodSeconds") == 0)
                && (type != ResourceTypes.Namespaces || changed.At("spec", "finalizers") is not JsonArray { Count: > 0 }))
            {
                store.Drop(type, live);
                return changed;
            }
            return store.Put(type, changed);
        }
    }

    /// <summary>Changes an object's status from inside.</summary>
    public JsonObject? SetStatus(ResourceType type, JsonObject obj, Action<JsonObject> change, string manager = ControllerManager) =>
        Change(type, obj, o => change(o.Ensure("status")), manager, "status");

    /// <summary>Letters and digits as generated names have them.</summary>
    public static string Suffix(int length) => RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", length);

    private static bool HasGeneration(ResourceType type) =>
        type.Kind is "StatefulSet" or "Deployment" or "ReplicaSet" or "Job" or "PodDisruptionBudget";

    private static JsonObject WithoutTimes(JsonObject obj)
    {
        var copy = obj.Copy();
        foreach (var entry in copy.Items("metadata", "managedFields")) entry.Remove("time");
        return copy;
    }

    private static void CheckFields(ResourceType type, JsonObject obj, WriteOptions options)
    {
        var check = SchemaCheck.Run(obj, type.Kind);
        if (check.Unknown.Count == 0) return;
        if (options.FieldValidation == "Strict")
            throw KubeFault.BadRequest(
                $"{type.Kind} in version \"v1\" cannot be handled as a {type.Kind}: strict decoding error: "
                    + $"{string.Join(", ", check.Unknown.Select(u => $"unknown field \"{u}\""))}");
        if (options.FieldValidation == "Warn") options.Warnings.AddRange(check.Unknown.Select(u => $"unknown field \"{u}\""));
    }

    private static List<FieldError> Missing(ResourceType type, JsonObject obj) =>
        [.. SchemaCheck.Run(obj.Copy(), type.Kind).Missing.Where(m => !m.Field.StartsWith("status", StringComparison.Ordinal))];

    private void CheckNamespace(ResourceType type, string ns, string name)
    {
        var found = store.Find(ResourceTypes.Namespaces, "", ns) ?? throw KubeFault.NotFound(ResourceTypes.Namespaces, ns);
        if (!found.IsLeaving()) return;
        var details = KubeFault.Details(type, name);
        details["causes"] =
            new JsonArray(new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {ns} is being terminated",
                ["field"] = "metadata.namespace"
            });
        throw KubeFault.Forbidden(
            $"{type.FullName} \"{name}\" is forbidden: unable to create new content in namespace {ns} because it is being terminated",
            details);
    }

    private void Note(ResourceType type, JsonObject? before, JsonObject obj, WriteOptions options)
    {
        if (options.Applied is { } applied) ManagedFields.NoteApply(type, obj, applied, options.Manager, options.Subresource, Now, before);
        else ManagedFields.NoteUpdate(type, before, obj, options.Manager, options.Subresource, Now);
    }

    // Admission plug-ins: service accounts of pods, default storage class, tolerations for nodes that are away.
    private void Admit(ResourceType type, JsonObject obj)
    {
        switch (type.Kind)
        {
            case "Pod":
                var spec = obj.Ensure("spec");
                spec.Default("serviceAccountName", "default");
                spec["serviceAccount"] = spec.Text("serviceAccountName");
                if (store.Find(ResourceTypes.ServiceAccounts, obj.Namespace(), spec.Text("serviceAccountName")) is null)
                    throw KubeFault.Forbidden(
                        $"pods \"{obj.Name()}\" is forbidden: error looking up service account "
                            + $"{obj.Namespace()}/{spec.Text("serviceAccountName")}: serviceaccount \"{spec.Text("serviceAccountName")}\" "
                            + $"not found", KubeFault.Details(type, obj.Name()));
                spec.Default("enableServiceLinks", true);
                spec.Default("preemptionPolicy", "PreemptLowerPriority");
                spec.Default("priority", 0);
                if (spec["tolerations"] is not JsonArray tolerations) spec["tolerations"] = tolerations = [];
                foreach (var key in (ReadOnlySpan<string>)["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
                {
                    var taint = key;
                    if (!tolerations.Any(t => t.Text("key") == taint))
                        tolerations.Add(
                            new JsonObject
                            {
                                ["key"] = taint,
                                ["operator"] = "Exists",
                                ["effect"] = "NoExecute",
                                ["tolerationSeconds"] = 300
                            });
                }
                break;
            case "PersistentVolumeClaim":
                if (obj["spec"].Get("storageClassName") is null && DefaultStorageClass() is { } standard)
                    obj.Ensure("spec")["storageClassName"] = standard;
                obj.Meta()["finalizers"] = new JsonArray("kubernetes.io/pvc-protection");
                break;
            case "Service":
                GiveAddresses(obj);
                break;
        }
    }

    private string? DefaultStorageClass() => store.All(ResourceTypes.StorageClasses)
        .FirstOrDefault(c => c.Text("metadata", "annotations", "storageclass.kubernetes.io/is-default-class") == "true")?.Name();

    private static void Begin(ResourceType type, JsonObject obj)
    {
        switch (type.Kind)
        {
            case "Pod":
                obj["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QosOf(obj) };
                break;
            case "Namespace":
                obj["status"] = new JsonObject { ["phase"] = "Active" };
                break;
            case "PersistentVolumeClaim" or "PersistentVolume":
                obj["status"] = new JsonObject { ["phase"] = "Pending" };
                break;
            case "Service":
                obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
                break;
            case "StatefulSet":
                obj["status"] = new JsonObject { ["replicas"] = 0, ["availableReplicas"] = 0 };
                break;
            case "ReplicaSet":
                obj["status"] = new JsonObject { ["replicas"] = 0 };
                break;
            case "Deployment" or "Job":
                obj["status"] = new JsonObject();
                break;
        }
    }

    private static string QosOf(JsonObject pod)
    {
        var containers = pod.Items("spec", "containers").ToList();
        if (containers.TrueForAll(c => c.At("resources", "requests") is null && c.At("resources", "limits") is null)) return "BestEffort";
        return containers.TrueForAll(
            c => c.At("resources", "limits", "cpu") is not null && c.At("resources", "limits", "memory") is not null
                && KubeJson.Same(c.At("resources", "limits"), c.At("resources", "requests"))) ? "Guaranteed" : "Burstable";
    }

    private static void KeepAddresses(JsonObject live, JsonObject obj)
    {
        if (obj.Text("spec", "type") == "ExternalName") return;
        foreach (var name in (ReadOnlySpan<string>)["clusterIP", "clusterIPs"])
            if (live.At("spec", name) is { } kept) obj.Ensure("spec").Default(name, kept.DeepClone());
        foreach (var port in obj.Items("spec", "ports"))
        {
            var same = live.Items("spec", "ports")
                .FirstOrDefault(p => p.Number(0, "port") == port.Number(0, "port") && p.Text("protocol") == port.Text("protocol"));
            if (same?["nodePort"] is { } nodePort && obj.Text("spec", "type") is "NodePort" or "LoadBalancer")
                port.Default("nodePort", nodePort.DeepClone());
        }
    }

    private void GiveAddresses(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        if (spec.Text("type") == "ExternalName") return;
        if (spec.Text("clusterIP").Length == 0)
        {
            var used = store.All(ResourceTypes.Services).Select(s => s.Text("spec", "clusterIP")).ToHashSet(StringComparer.Ordinal);
            string address;
            do
            {
                address = string.Create(CultureInfo.InvariantCulture,
                    $"10.96.{RandomNumberGenerator.GetInt32(1, 255)}.{RandomNumberGenerator.GetInt32(2, 255)}");
            }
            while (!used.Add(address));
            spec["clusterIP"] = address;
        }
        spec["clusterIPs"] = new JsonArray(spec.Text("clusterIP"));
        if (spec.Text("type") is not ("NodePort" or "LoadBalancer"))
        {
            foreach (var port in spec.Items("ports")) port.Remove("nodePort");
            return;
        }
        var taken = store.All(ResourceTypes.Services).Where(s => s.Name() != obj.Name() || s.Namespace() != obj.Namespace())
            .SelectMany(s => s.Items("spec", "ports")).Select(p => p.Number(0, "nodePort")).Where(p => p > 0).ToHashSet();
        foreach (var port in spec.Items("ports"))
        {
            var asked = port.Number(0, "nodePort");
            if (asked == 0)
            {
                do asked = RandomNumberGenerator.GetInt32(LowestNodePort, HighestNodePort + 1);
                while (taken.Contains(asked));
                port["nodePort"] = asked;
            }
            else if (asked is < LowestNodePort or > HighestNodePort)
            {
                throw KubeFault.Invalid(ResourceTypes.Services, obj.Name(),
                    [FieldError.Invalid("spec.ports[0].nodePort", asked.ToString(CultureInfo.InvariantCulture),
                        "provided port is not in the valid range. The range of valid ports is 30000-32767")]);
            }
            else if (taken.Contains(asked))
            {
                throw KubeFault.Invalid(ResourceTypes.Services, obj.Name(),
                    [FieldError.Invalid("spec.ports[0].nodePort", asked.ToString(CultureInfo.InvariantCulture),
                        "provided port is already allocated")]);
            }
            taken.Add(asked);
        }
    }
}
