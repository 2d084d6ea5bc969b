using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Pod disruption budgets: how many pods may be evicted now.</summary>
internal sealed class BudgetController(ObjectRegistry registry) : IController
{
    private static readonly ResourceType[] Scaled = [ResourceTypes.StatefulSets, ResourceTypes.ReplicaSets];

    public void Sync()
    {
        foreach (var budget in registry.Store.All(ResourceTypes.Budgets))
        {
            if (!budget.IsLeaving()) Sync(budget);
        }
    }

    private void Sync(JsonObject budget)
    {
        var pods = registry.Store.All(ResourceTypes.Pods, budget.Namespace())
            .Where(p => !PodMaker.IsOver(p) && Selectors.Labels(budget.At("spec", "selector"))(p)).ToList();
        // Of workloads the wanted number counts; pods of no one count themselves.
        var owners = pods.Select(p => p.Controller()).OfType<JsonObject>().Select(c => c.Text("uid")).Distinct()
            .SelectMany(uid => Scaled.SelectMany(t => registry.Store.All(t, budget.Namespace())).Where(o => o.Uid() == uid)).ToList();
        var expected = owners.Count > 0 && budget.At("spec", "minAvailable").AsInt() is null
            ? owners.Sum(o => o.Number(0, "spec", "replicas"))
            : pods.Count;
        var healthy = pods.Count(p => p.IsReady() && !p.IsLeaving());
        var desired = budget.At("spec", "maxUnavailable") is { } away
            ? Math.Max(0, expected - PodMaker.Share(away, expected, roundsUp: true, 0))
            : PodMaker.Share(budget.At("spec", "minAvailable"), expected, roundsUp: true, 1);
        registry.SetStatus(ResourceTypes.Budgets, budget, s =>
        {
            if (s["disruptedPods"] is JsonObject disrupted)
            {
                foreach (var name in disrupted.Select(d => d.Key).Where(n => pods.TrueForAll(p => p.Name() != n || p.IsLeaving())).ToList())
                    disrupted.Remove(name);
                if (disrupted.Count == 0) s.Remove("disruptedPods");
            }
            s["observedGeneration"] = budget.Number(1, "metadata", "generation");
            (s["expectedPods"], s["currentHealthy"], s["desiredHealthy"]) = (expected, healthy, desired);
            var allowed = Math.Max(0, healthy - desired - ((s["disruptedPods"] as JsonObject)?.Count ?? 0));
            s["disruptionsAllowed"] = allowed;
            PodMaker.SetCondition(s, "DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods",
                "", registry.Now, null);
        });
    }
}
