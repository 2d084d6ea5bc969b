using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Replica sets: as many pods of one template as asked for.</summary>
internal sealed class ReplicaSetController(ObjectRegistry registry, PodMaker pods, ControllerLoop loop) : IController
{
    private static readonly ResourceType Type = ResourceTypes.ReplicaSets;

    public void Sync()
    {
        foreach (var set in registry.Store.All(Type))
        {
            if (!set.IsLeaving()) Sync(set);
        }
    }

    private void Sync(JsonObject set)
    {
        var wanted = set.Number(1, "spec", "replicas");
        var owned = pods.Owned(Type, set).Where(p => !p.IsLeaving() && !PodMaker.IsOver(p)).ToList();
        for (var i = owned.Count; i < wanted; i++)
        {
            var pod = PodMaker.Of(Type, set, set.At("spec", "template")!);
            pod.Meta()["generateName"] = set.Name() + "-";
            if (pods.Make(Type, set, pod) is not { } made) break;
            owned.Add(made);
        }
        // Those that run for the shortest time, and rather not ready ones, go first.
        foreach (var pod in owned.OrderBy(p => p.Text("spec", "nodeName").Length > 0).ThenBy(p => p.IsReady())
            .ThenByDescending(p => p.Text("metadata", "creationTimestamp"), StringComparer.Ordinal)
            .Take(Math.Max(0, owned.Count - wanted)).ToList())
        {
            pods.Delete(Type, set, pod);
            owned.Remove(pod);
        }
        var minReady = set.Number(0, "spec", "minReadySeconds");
        registry.SetStatus(Type, set, s =>
        {
            s["replicas"] = owned.Count;
            s["observedGeneration"] = set.Number(1, "metadata", "generation");
            foreach (var (name, count) in new (string, int)[]
            {
                ("fullyLabeledReplicas", owned.Count), ("readyReplicas", owned.Count(p => p.IsReady())),
                ("availableReplicas", owned.Count(p => pods.IsAvailable(p, minReady, loop.WakeAfter))),
            })
            {
                if (count > 0) s[name] = count;
                else s.Remove(name);
            }
        });
    }
}
