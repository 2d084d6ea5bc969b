using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>
/// Stateful sets: pods with stable names, in order or all at once, with a claim each, updated from the highest down to the partition.
/// </summary>
internal sealed class StatefulSetController(ObjectRegistry registry, EventRecorder events, PodMaker pods, ControllerLoop loop) : IController
{
    private static readonly ResourceType Type = ResourceTypes.StatefulSets;

    public void Sync()
    {
        foreach (var set in registry.Store.All(Type))
        {
            if (!set.IsLeaving()) Sync(set);
        }
    }

    private void Sync(JsonObject set)
    {
        var replicas = set.Number(1, "spec", "replicas");
        var first = set.Number(0, "spec", "ordinals", "start");
        var update = RevisionOf(set);
        var current = set.Text("status", "currentRevision") is { Length: > 0 } known
            && registry.Store.Find(ResourceTypes.Revisions, set.Namespace(), known) is not null ? known : update;
        var owned = pods.Owned(Type, set, p => OrdinalOf(set, p) >= 0).Where(p => OrdinalOf(set, p) >= 0)
            .ToDictionary(p => OrdinalOf(set, p));
        if (Step(set, owned, first, replicas, current, update))
            owned = pods.Owned(Type, set).Where(p => OrdinalOf(set, p) >= 0).ToDictionary(p => OrdinalOf(set, p));
        DropClaims(set, owned, first, replicas);
        WriteStatus(set, owned, replicas, current, update);
    }

    // One turn: at most one change where pods go one after the other.
    private bool Step(JsonObject set, Dictionary<int, JsonObject> owned, int first, int replicas, string current, string update)
    {
        var isOrdered = set.Text("spec", "podManagementPolicy") != "Parallel";
        var minReady = set.Number(0, "spec", "minReadySeconds");
        var changed = false;
        for (var ordinal = first; ordinal < first + replicas; ordinal++)
        {
            if (!owned.TryGetValue(ordinal, out var pod))
            {
                if (registry.Store.Find(ResourceTypes.Pods, set.Namespace(), PodName(set, ordinal)) is null)
                    changed |= Make(set, ordinal, RevisionFor(set, ordinal, current, update));
                if (isOrdered) return changed;
                continue;
            }
            if (PodMaker.IsOver(pod) && !pod.IsLeaving())
            {
                events.Note(Type, set, "RecreatingFailedPod",
                    $"StatefulSet {set.Namespace()}/{set.Name()} is recreating failed Pod {pod.Name()}", "statefulset-controller",
                    isWarning: true);
                pods.Delete(Type, set, pod);
                if (isOrdered) return true;
                continue;
            }
            EnsureClaims(set, ordinal);
            if (isOrdered && (pod.IsLeaving() || !pods.IsAvailable(pod, minReady, loop.WakeAfter))) return changed;
        }

        foreach (var (ordinal, pod) in owned.Where(o => o.Key < first || o.Key >= first + replicas).OrderByDescending(o => o.Key))
        {
            if (pod.IsLeaving())
            {
                if (isOrdered) return changed;
                continue;
            }
            pods.Delete(Type, set, pod);
            changed = true;
            if (isOrdered) return true;
        }

        if (changed || set.Text("spec", "updateStrategy", "type") == "OnDelete") return changed;
        var partition = set.Number(0, "spec", "updateStrategy", "rollingUpdate", "partition");
        for (var ordinal = first + replicas - 1; ordinal >= Math.Max(first, partition); ordinal--)
        {
            if (!owned.TryGetValue(ordinal, out var pod)) return false;
            if (pod.Text("metadata", "labels", "controller-revision-hash") != update && !pod.IsLeaving())
            {
                pods.Delete(Type, set, pod);
                return true;
            }
            if (pod.IsLeaving() || !pods.IsAvailable(pod, minReady, loop.WakeAfter)) return false;
        }
        return false;
    }

    private static string RevisionFor(JsonObject set, int ordinal, string current, string update) =>
        set.Text("spec", "updateStrategy", "type") == "OnDelete"
            || ordinal >= set.Number(0, "spec", "updateStrategy", "rollingUpdate", "partition") ? update : current;

    private bool Make(JsonObject set, int ordinal, string revision)
    {
        EnsureClaims(set, ordinal);
        var template = registry.Store.Find(ResourceTypes.Revisions, set.Namespace(), revision)?.At("data", "spec", "template") as JsonObject
            ?? (JsonObject)set.At("spec", "template")!;
        var pod = PodMaker.Of(Type, set, template);
        var name = PodName(set, ordinal);
        pod.Meta()["name"] = name;
        var labels = pod.Meta().Ensure("labels");
        labels["apps.kubernetes.io/pod-index"] = ordinal.ToString(CultureInfo.InvariantCulture);
        labels["controller-revision-hash"] = revision;
        labels["statefulset.kubernetes.io/pod-name"] = name;
        var spec = pod.Ensure("spec");
        spec["hostname"] = name;
        spec["subdomain"] = set.Text("spec", "serviceName");
        var claims = set.Items("spec", "volumeClaimTemplates").Select(c => c.Name()).ToList();
        if (claims.Count > 0)
        {
            var volumes = spec["volumes"] as JsonArray ?? [];
            spec["volumes"] = new JsonArray(
            [
                .. claims.Select(
                    c => new JsonObject { ["name"] = c,
                        ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = ClaimName(set, c, ordinal) } }),
                .. volumes.Where(v => !claims.Contains(v.Text("name"))).Select(v => v?.DeepClone()),
            ]);
        }
        return pods.Make(Type, set, pod) is not null;
    }

    private void EnsureClaims(JsonObject set, int ordinal)
    {
        foreach (var template in set.Items("spec", "volumeClaimTemplates"))
        {
            var name = ClaimName(set, template.Name(), ordinal);
            if (registry.Store.Find(ResourceTypes.Claims, set.Namespace(), name) is not null) continue;
            var claim = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "PersistentVolumeClaim",
                ["metadata"] = template["metadata"]!.DeepClone(),
                ["spec"] = template["spec"]!.DeepClone()
            };
            var meta = claim.Meta();
            (meta["name"], meta["namespace"]) = (name, set.Namespace());
            foreach (var (key, value) in set.At("spec", "selector", "matchLabels") as JsonObject ?? []) meta.Ensure("labels")[key] =
                value?.DeepClone();
            if (set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete")
            {
                var owner = PodMaker.OwnerOf(Type, set);
                owner.Remove("controller");
                owner.Remove("blockOwnerDeletion");
                meta["ownerReferences"] = new JsonArray(owner);
            }
            registry.Create(ResourceTypes.Claims, claim, new WriteOptions(ObjectRegistry.ControllerManager));
            events.Note(Type, set, "SuccessfulCreate",
                $"create Claim {name} Pod {PodName(set, ordinal)} in StatefulSet {set.Name()} success", "statefulset-controller");
        }
    }

    private void DropClaims(JsonObject set, Dictionary<int, JsonObject> owned, int first, int replicas)
    {
        if (set.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled") != "Delete") return;
        foreach (var template in set.Items("spec", "volumeClaimTemplates"))
        {
            var stem = $"{template.Name()}-{set.Name()}-";
            foreach (var claim in registry.Store.All(ResourceTypes.Claims, set.Namespace()))
            {
                if (!claim.Name().StartsWith(stem, StringComparison.Ordinal)
                    || !int.TryParse(claim.Name()[stem.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal))
                    continue;
                if ((ordinal < first || ordinal >= first + replicas) && !owned.ContainsKey(ordinal) && !claim.IsLeaving())
                    registry.Delete(ResourceTypes.Claims, set.Namespace(), claim.Name(), new DeleteOptions());
            }
        }
    }

    private string RevisionOf(JsonObject set)
    {
        var template = set.At("spec", "template")!.DeepClone();
        template["$patch"] = "replace";
        var data = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } };
        var known = registry.Store.All(ResourceTypes.Revisions, set.Namespace()).Where(r => r.IsControlledBy(set))
            .OrderBy(r => r.Number(0, "revision")).ToList();
        var last = known.Count == 0 ? 0 : known[^1].Number(0, "revision");
        if (known.Find(r => KubeJson.Same(r["data"], data)) is { } same)
        {
            // Going back to an earlier template makes it the newest.
            if (same.Number(0, "revision") != last)
                registry.Change(ResourceTypes.Revisions, same, r => r["revision"] = last + 1, ObjectRegistry.ControllerManager);
            return same.Name();
        }
        var name = $"{set.Name()}-{PodMaker.Hash(data)}";
        // One that a set of this name left behind when it was deleted without its pods.
        if (registry.Store.Find(ResourceTypes.Revisions, set.Namespace(), name) is { } left && left.Controller() is null)
        {
            registry.Change(ResourceTypes.Revisions, left, r =>
            {
                r.Meta()["ownerReferences"] = new JsonArray(PodMaker.OwnerOf(Type, set));
                r["revision"] = last + 1;
            }, ObjectRegistry.ControllerManager);
            return name;
        }
        var labels = (set.At("spec", "template", "metadata", "labels") as JsonObject)?.Copy() ?? [];
        labels["controller.kubernetes.io/hash"] = name[(set.Name().Length + 1)..];
        registry.Create(ResourceTypes.Revisions, new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ControllerRevision",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = set.Namespace(),
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(PodMaker.OwnerOf(Type, set))
            },
            ["data"] = data,
            ["revision"] = last + 1,
        }, new WriteOptions(ObjectRegistry.ControllerManager));
        var used = pods.Owned(Type, set).Select(p => p.Text("metadata", "labels", "controller-revision-hash"))
            .Append(set.Text("status", "currentRevision")).ToHashSet(StringComparer.Ordinal);
        var spare = known.Where(r => !used.Contains(r.Name())).ToList();
        foreach (var old in spare.Take(Math.Max(0, spare.Count - set.Number(10, "spec", "revisionHistoryLimit"))))
            registry.Drop(ResourceTypes.Revisions, old);
        return name;
    }

    private void WriteStatus(JsonObject set, Dictionary<int, JsonObject> owned, int replicas, string current, string update)
    {
        var minReady = set.Number(0, "spec", "minReadySeconds");
        int Count(Func<JsonObject, bool> test) => owned.Values.Count(test);
        bool IsOf(JsonObject pod, string revision) =>
            !pod.IsLeaving() && pod.Text("metadata", "labels", "controller-revision-hash") == revision;
        var updated = Count(p => IsOf(p, update));
        var partition = set.Number(0, "spec", "updateStrategy", "rollingUpdate", "partition");
        if (set.Text("spec", "updateStrategy", "type") == "RollingUpdate" && partition == 0 && updated == replicas
            && owned.Count == replicas && Count(p => p.IsReady() && !p.IsLeaving()) == replicas) current = update;
        registry.SetStatus(Type, set, s =>
        {
            s["observedGeneration"] = set.Number(1, "metadata", "generation");
            s["replicas"] = owned.Count;
            Set(s, "readyReplicas", Count(p => p.IsReady() && !p.IsLeaving()));
            s["availableReplicas"] = Count(p => !p.IsLeaving() && pods.IsAvailable(p, minReady, loop.WakeAfter));
            Set(s, "currentReplicas", Count(p => IsOf(p, current)));
            Set(s, "updatedReplicas", updated);
            s["currentRevision"] = current;
            s["updateRevision"] = update;
            s["collisionCount"] = 0;
        });
    }

    private static void Set(JsonObject status, string name, int count)
    {
        if (count > 0) status[name] = count;
        else status.Remove(name);
    }

    private static string PodName(JsonObject set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set.Name()}-{ordinal}");

    private static string ClaimName(JsonObject set, string template, int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{template}-{set.Name()}-{ordinal}");

    private static int OrdinalOf(JsonObject set, JsonObject pod)
    {
        var stem = set.Name() + "-";
        return pod.Name().StartsWith(stem, StringComparison.Ordinal)
            && int.TryParse(pod.Name()[stem.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;
    }
}
