using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Pods;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Gives pods a node with room that their selectors, tolerations and affinities take.</summary>
internal sealed class Scheduler(ObjectRegistry registry, EventRecorder events, PodFaults faults) : IController
{
    private const string Component = "default-scheduler";

    public void Sync()
    {
        foreach (var pod in registry.Store.All(ResourceTypes.Pods))
        {
            if (pod.Text("spec", "nodeName").Length > 0 || pod.IsLeaving() || PodMaker.IsOver(pod)
                || pod.Text("spec", "schedulerName") != Component) continue;
            if (pod.At("spec", "schedulingGates") is JsonArray { Count: > 0 }) continue;
            Place(pod);
        }
    }

    private void Place(JsonObject pod)
    {
        var nodes = registry.Store.All(ResourceTypes.Nodes);
        var refusals = new List<string>();
        var missing = pod.Items("spec", "volumes").Select(v => v.Text("persistentVolumeClaim", "claimName"))
            .FirstOrDefault(c => c.Length > 0 && registry.Store.Find(ResourceTypes.Claims, pod.Namespace(), c) is null);
        if (missing is not null)
        {
            Refuse(pod, $"0/{nodes.Count} nodes are available: persistentvolumeclaim \"{missing}\" not found. preemption: 0/{nodes.Count} "
                + $"nodes are available: {nodes.Count} Preemption is not helpful for scheduling.");
            return;
        }
        var fitting = new List<(JsonObject Node, int Score)>();
        foreach (var node in nodes)
        {
            var why = faults.Of(pod) == PodFaultKind.Unschedulable ? "Insufficient memory" : Refusal(pod, node);
            if (why is null) fitting.Add((node, Score(pod, node)));
            else refusals.Add(why);
        }
        if (fitting.Count == 0)
        {
            var reasons = string.Join(", ", refusals.GroupBy(r => r).Select(g => $"{g.Count()} {g.Key}").Order(StringComparer.Ordinal));
            Refuse(pod, $"0/{nodes.Count} nodes are available: {reasons}. preemption: 0/{nodes.Count} nodes are available: {nodes.Count} "
                + $"No preemption victims found for incoming pod.");
            return;
        }
        var chosen = fitting.OrderByDescending(f => f.Score).ThenBy(f => f.Node.Name(), StringComparer.Ordinal).First().Node.Name();
        var bound = registry.Change(ResourceTypes.Pods, pod, p => p.Ensure("spec")["nodeName"] = chosen, Component, "binding");
        if (bound is null) return;
        registry.SetStatus(ResourceTypes.Pods, bound, s => PodMaker.SetCondition(s, "PodScheduled", true, "", "", registry.Now, null),
            Component);
        events.Note(ResourceTypes.Pods, bound, "Scheduled", $"Successfully assigned {pod.Namespace()}/{pod.Name()} to {chosen}", Component);
    }

    private void Refuse(JsonObject pod, string message)
    {
        var condition = pod.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == "PodScheduled");
        if (condition.Text("message") == message) return;
        registry.SetStatus(ResourceTypes.Pods, pod,
            s => PodMaker.SetCondition(s, "PodScheduled", false, "Unschedulable", message, registry.Now, null), Component);
        events.Note(ResourceTypes.Pods, pod, "FailedScheduling", message, Component, isWarning: true);
    }

    private IEnumerable<JsonObject> On(JsonObject node) =>
        registry.Store.All(ResourceTypes.Pods).Where(p => p.Text("spec", "nodeName") == node.Name() && !PodMaker.IsOver(p));

    private string? Refusal(JsonObject pod, JsonObject node)
    {
        if (node.Flag("spec", "unschedulable")) return "node(s) were unschedulable";
        if (node.ConditionOf("Ready") != "True") return "node(s) had untolerated taint {node.kubernetes.io/not-ready: }";
        foreach (var taint in node.Items("spec", "taints"))
        {
            if (taint.Text("effect") is "NoSchedule" or "NoExecute" && !pod.Items("spec", "tolerations").Any(t => Tolerates(t, taint)))
                return $"node(s) had untolerated taint {{{taint.Text("key")}: {taint.Text("value")}}}";
        }
        var labels = node.At("metadata", "labels");
        if ((pod.At("spec", "nodeSelector") as JsonObject ?? []).Any(s => labels.Text(s.Key) != s.Value.AsText()))
            return "node(s) didn't match Pod's node affinity/selector";
        var terms = pod.Items("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
            .ToList();
        if (terms.Count > 0
            && !terms.Exists(t => Selectors.Labels(new JsonObject { ["matchExpressions"] = t["matchExpressions"]?.DeepClone() })(node)))
            return "node(s) didn't match Pod's node affinity/selector";
        var here = On(node).ToList();
        foreach (var term in pod.Items("spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))
        {
            var place = labels.Text(term.Text("topologyKey"));
            if (place.Length > 0 && Peers(pod, term).Any(p => NodeLabel(p, term.Text("topologyKey")) == place))
                return "node(s) didn't match pod anti-affinity rules";
        }
        if (here.Count >= (int)Quantities.Read(node.At("status", "allocatable", "pods"))) return "Too many pods";
        foreach (var resource in (ReadOnlySpan<string>)["cpu", "memory"])
        {
            if (Requested(pod, resource) > 0 && here.Sum(p => Requested(p, resource))
                + Requested(pod, resource) > Quantities.Read(node.At("status", "allocatable", resource))) return $"Insufficient {resource}";
        }
        return null;
    }

    private int Score(JsonObject pod, JsonObject node)
    {
        var score = -On(node).Count();
        foreach (var weighted in pod.Items("spec", "affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution"))
        {
            var term = weighted["podAffinityTerm"];
            var place = node.Text("metadata", "labels", term.Text("topologyKey"));
            score -= weighted.Number(1, "weight") * Peers(pod, term).Count(p => NodeLabel(p, term.Text("topologyKey")) == place);
        }
        return score;
    }

    private IEnumerable<JsonObject> Peers(JsonObject pod, JsonNode? term) => registry.Store.All(ResourceTypes.Pods, pod.Namespace())
        .Where(p => p.Uid() != pod.Uid() && p.Text("spec", "nodeName").Length > 0 && !PodMaker.IsOver(p)
            && Selectors.Labels(term.Get("labelSelector"))(p));

    private string NodeLabel(JsonObject pod, string key) =>
        registry.Store.Find(ResourceTypes.Nodes, "", pod.Text("spec", "nodeName")).Text("metadata", "labels", key);

    private static bool Tolerates(JsonObject toleration, JsonObject taint) =>
        (toleration.Text("key").Length == 0 || toleration.Text("key") == taint.Text("key"))
        && (toleration.Text("effect").Length == 0 || toleration.Text("effect") == taint.Text("effect"))
        && (toleration.Text("operator") == "Exists" || toleration.Text("value") == taint.Text("value"));

    private static decimal Requested(JsonObject pod, string resource) => Math.Max(
        pod.Items("spec", "containers").Sum(c => Quantities.Read(c.At("resources", "requests", resource))),
        pod.Items("spec", "initContainers").Select(c => Quantities.Read(c.At("resources", "requests", resource))).DefaultIfEmpty(0).Max());
}
