using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Deployments: a replica set for each template, grown and shrunk within surge and unavailability.</summary>
internal sealed class DeploymentController(ObjectRegistry registry, EventRecorder events) : IController
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    private const string HashLabel = "pod-template-hash";
    private static readonly ResourceType Type = ResourceTypes.Deployments;

    public void Sync()
    {
        foreach (var deployment in registry.Store.All(Type))
        {
            if (!deployment.IsLeaving()) Sync(deployment);
        }
    }

    private List<JsonObject> SetsOf(JsonObject deployment) =>
        [.. registry.Store.All(ResourceTypes.ReplicaSets, deployment.Namespace()).Where(r => r.IsControlledBy(deployment))];

    private void Sync(JsonObject deployment)
    {
        var sets = SetsOf(deployment);
        var own = sets.Find(r => KubeJson.Same(TemplateOf(r), deployment.At("spec", "template")));
        if (!deployment.Flag("spec", "paused"))
        {
            own ??= Make(deployment, sets);
            Revise(deployment, own, sets);
            Roll(deployment, own, [.. sets.Where(r => r.Uid() != own.Uid())]);
        }
        WriteStatus(deployment, own);
    }

    private static JsonNode? TemplateOf(JsonObject set)
    {
        var template = set.At("spec", "template")?.DeepClone();
        (template.At("metadata", "labels") as JsonObject)?.Remove(HashLabel);
        return template;
    }

    private JsonObject Make(JsonObject deployment, List<JsonObject> sets)
    {
        var template = (JsonObject)deployment.At("spec", "template")!.DeepClone();
        var hash = PodMaker.Hash(template);
        template.Ensure("metadata", "labels")[HashLabel] = hash;
        var selector = (JsonObject)deployment.At("spec", "selector")!.DeepClone();
        selector.Ensure("matchLabels")[HashLabel] = hash;
        var made = registry.Create(ResourceTypes.ReplicaSets, new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name()}-{hash}",
                ["namespace"] = deployment.Namespace(),
                ["labels"] = template.At("metadata", "labels")?.DeepClone(),
                ["ownerReferences"] = new JsonArray(PodMaker.OwnerOf(Type, deployment)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = sets.Count == 0 ? deployment.Number(1, "spec", "replicas") : 0,
                ["minReadySeconds"] = deployment.Number(0, "spec", "minReadySeconds"),
                ["selector"] = selector,
                ["template"] = template,
            },
        }, new WriteOptions(ObjectRegistry.ControllerManager));
        if (sets.Count == 0)
            events.Note(Type, deployment, "ScalingReplicaSet",
                string.Create(CultureInfo.InvariantCulture,
                    $"Scaled up replica set {made.Name()} from 0 to {made.Number(0, "spec", "replicas")}"), "deployment-controller");
        return made;
    }

    private void Revise(JsonObject deployment, JsonObject own, List<JsonObject> sets)
    {
        static int RevisionOf(JsonObject set) =>
            int.TryParse(set.Text("metadata", "annotations", RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture,
                out var r) ? r : 0;
        var others = sets.Where(s => s.Uid() != own.Uid()).Select(RevisionOf).DefaultIfEmpty(0).Max();
        var revision = Math.Max(RevisionOf(own), others + 1).ToString(CultureInfo.InvariantCulture);
        registry.Change(ResourceTypes.ReplicaSets, own, o => o.Meta().Ensure("annotations")[RevisionAnnotation] = revision,
            ObjectRegistry.ControllerManager);
        registry.Change(Type, deployment, o => o.Meta().Ensure("annotations")[RevisionAnnotation] = revision,
            ObjectRegistry.ControllerManager);
        var spare = sets.Where(s => s.Uid() != own.Uid() && s.Number(0, "spec", "replicas") == 0 && s.Number(0, "status", "replicas") == 0)
            .OrderBy(RevisionOf).ToList();
        foreach (var old in spare.Take(Math.Max(0, spare.Count - deployment.Number(10, "spec", "revisionHistoryLimit"))))
            registry.Drop(ResourceTypes.ReplicaSets, old);
    }

    private void Roll(JsonObject deployment, JsonObject own, List<JsonObject> old)
    {
        var wanted = deployment.Number(1, "spec", "replicas");
        var has = own.Number(0, "spec", "replicas");
        if (deployment.Text("spec", "strategy", "type") == "Recreate")
        {
            foreach (var set in old.Where(s => s.Number(0, "spec", "replicas") > 0)) Scale(deployment, set, 0);
            if (old.TrueForAll(s => s.Number(0, "status", "replicas") == 0) && !HasPods(old)) Scale(deployment, own, wanted);
            return;
        }
        var rolling = deployment.At("spec", "strategy", "rollingUpdate");
        var surge = PodMaker.Share(rolling.Get("maxSurge"), wanted, roundsUp: true, 1);
        var away = PodMaker.Share(rolling.Get("maxUnavailable"), wanted, roundsUp: false, 0);
        if (surge == 0 && away == 0) away = 1;
        var oldTotal = old.Sum(s => s.Number(0, "spec", "replicas"));
        if (oldTotal == 0 || has > wanted)
        {
            Scale(deployment, own, wanted);
        }
        else if (has < wanted)
        {
            var room = wanted + surge - (has + oldTotal);
            if (room > 0) Scale(deployment, own, Math.Min(wanted, has + room));
        }
        own = registry.Store.Find(ResourceTypes.ReplicaSets, own.Namespace(), own.Name())!;
        has = own.Number(0, "spec", "replicas");
        var newMissing = has - own.Number(0, "status", "availableReplicas");
        var spare = has + oldTotal - (wanted - away) - newMissing;
        // Pods that are not ready anyway go first.
        foreach (var set in old.OrderBy(s => s.Text("metadata", "creationTimestamp"), StringComparer.Ordinal))
        {
            var broken = Math.Min(spare, set.Number(0, "spec", "replicas") - set.Number(0, "status", "availableReplicas"));
            if (broken <= 0) continue;
            Scale(deployment, set, set.Number(0, "spec", "replicas") - broken);
            spare -= broken;
        }
        var available = own.Number(0, "status", "availableReplicas") + old.Sum(s => s.Number(0, "status", "availableReplicas"));
        var mayGo = Math.Min(spare, available - (wanted - away));
        foreach (var found in old.OrderBy(s => s.Text("metadata", "creationTimestamp"), StringComparer.Ordinal))
        {
            var set = registry.Store.Find(ResourceTypes.ReplicaSets, found.Namespace(), found.Name())!;
            var step = Math.Min(mayGo, set.Number(0, "spec", "replicas"));
            if (step <= 0) continue;
            Scale(deployment, set, set.Number(0, "spec", "replicas") - step);
            mayGo -= step;
        }
    }

    private bool HasPods(List<JsonObject> sets) =>
        registry.Store.All(ResourceTypes.Pods, sets.FirstOrDefault()?.Namespace()).Any(p => sets.Any(p.IsControlledBy));

    private void Scale(JsonObject deployment, JsonObject set, int replicas)
    {
        var before = set.Number(0, "spec", "replicas");
        if (before == replicas) return;
        registry.Change(ResourceTypes.ReplicaSets, set, s => s.Ensure("spec")["replicas"] = replicas, ObjectRegistry.ControllerManager);
        events.Note(Type, deployment, "ScalingReplicaSet",
            string.Create(CultureInfo.InvariantCulture,
                $"Scaled {(replicas > before ? "up" : "down")} replica set {set.Name()} from {before} to {replicas}"),
            "deployment-controller");
    }

    private void WriteStatus(JsonObject deployment, JsonObject? own)
    {
        var sets = SetsOf(deployment);
        own = sets.Find(s => s.Uid() == own?.Uid());
        var wanted = deployment.Number(1, "spec", "replicas");
        int Sum(string name) => sets.Sum(s => s.Number(0, "status", name));
        var available = Sum("availableReplicas");
        var updated = own.Number(0, "status", "replicas");
        var away = PodMaker.Share(deployment.At("spec", "strategy", "rollingUpdate", "maxUnavailable"), wanted, roundsUp: false, 0);
        var live = registry.Store.Find(Type, deployment.Namespace(), deployment.Name());
        if (live is null) return;
        registry.SetStatus(Type, live, s =>
        {
            s["observedGeneration"] = live.Number(1, "metadata", "generation");
            Set(s, "replicas", Sum("replicas"));
            Set(s, "updatedReplicas", updated);
            Set(s, "readyReplicas", Sum("readyReplicas"));
            Set(s, "availableReplicas", available);
            Set(s, "unavailableReplicas", Math.Max(0, Math.Max(wanted, Sum("replicas")) - available));
            var isThere = available >= wanted - away;
            PodMaker.SetCondition(s, "Available", isThere, isThere ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                isThere ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", registry.Now);
            if (own is null) return;
            var isDone = updated == wanted && Sum("replicas") == wanted && available == wanted;
            PodMaker.SetCondition(s, "Progressing", true, isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                isDone ? $"ReplicaSet \"{own.Name()}\" has successfully progressed." : $"ReplicaSet \"{own.Name()}\" is progressing.",
                registry.Now);
        });
    }

    private static void Set(JsonObject status, string name, int count)
    {
        if (count > 0) status[name] = count;
        else status.Remove(name);
    }
}
