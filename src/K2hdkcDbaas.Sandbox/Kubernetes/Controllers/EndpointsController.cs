using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>The addresses behind services.</summary>
internal sealed class EndpointsController(ObjectRegistry registry) : IController
{
    private static readonly ResourceType Type = ResourceTypes.Endpoints;

    public void Sync()
    {
        foreach (var service in registry.Store.All(ResourceTypes.Services))
        {
            if (!service.IsLeaving() && service.At("spec", "selector") is JsonObject { Count: > 0 } selector) Sync(service, selector);
        }
        // They go with their service, although nothing says that it owns them.
        foreach (var endpoints in registry.Store.All(Type))
        {
            if (registry.Store.Find(ResourceTypes.Services, endpoints.Namespace(), endpoints.Name()) is null
                && endpoints.Text("metadata", "annotations", "endpoints.kubernetes.io/last-change-trigger-time").Length > 0)
                registry.Drop(Type, endpoints);
        }
    }

    private void Sync(JsonObject service, JsonObject selector)
    {
        var pods = registry.Store.All(ResourceTypes.Pods, service.Namespace())
            .Where(p => selector.All(s => p.Text("metadata", "labels", s.Key) == s.Value.AsText()) && p.Text("status", "podIP").Length > 0
                && !PodMaker.IsOver(p) && !p.IsLeaving()).ToList();
        var isHeadless = service.Text("spec", "clusterIP") == "None";
        var subsets = new JsonArray();
        // Pods for which the ports come out the same are one subset.
        foreach (var group in pods.GroupBy(p => Ports(service, p).ToJsonString()))
        {
            var ports = Ports(service, group.First());
            if (ports.Count == 0 && !(isHeadless && !service.Items("spec", "ports").Any())) continue;
            bool Counts(JsonObject p) => p.IsReady() || service.Flag("spec", "publishNotReadyAddresses");
            var subset = new JsonObject();
            if (group.Where(Counts).ToList() is { Count: > 0 } ready)
                subset["addresses"] = JsonHttp.ToArray(ready, p => Address(p, service));
            if (group.Where(p => !Counts(p)).ToList() is { Count: > 0 } others)
                subset["notReadyAddresses"] = JsonHttp.ToArray(others, p => Address(p, service));
            if (ports.Count > 0) subset["ports"] = ports;
            subsets.Add(subset);
        }

        var known = registry.Store.Find(Type, service.Namespace(), service.Name());
        if (known is null)
        {
            var labels = (service.At("metadata", "labels") as JsonObject)?.Copy() ?? [];
            if (isHeadless) labels["service.kubernetes.io/headless"] = "";
            var made = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Endpoints",
                ["metadata"] = new JsonObject
                {
                    ["name"] = service.Name(),
                    ["namespace"] = service.Namespace(),
                    ["labels"] = labels,
                    ["annotations"] = new JsonObject { ["endpoints.kubernetes.io/last-change-trigger-time"] = registry.Now },
                },
            };
            if (subsets.Count > 0) made["subsets"] = subsets;
            registry.Create(Type, made, new WriteOptions(ObjectRegistry.ControllerManager));
        }
        else if (!KubeJson.Same(known["subsets"] ?? new JsonArray(), subsets))
        {
            registry.Change(Type, known, e =>
            {
                if (subsets.Count > 0) e["subsets"] = subsets;
                else e.Remove("subsets");
                e.Meta().Ensure("annotations")["endpoints.kubernetes.io/last-change-trigger-time"] = registry.Now;
            }, ObjectRegistry.ControllerManager);
        }
    }

    private static JsonObject Address(JsonObject pod, JsonObject service)
    {
        var address = new JsonObject { ["ip"] = pod.Text("status", "podIP") };
        if (pod.Text("spec", "subdomain") == service.Name() && pod.Text("spec", "hostname") is { Length: > 0 } host)
            address["hostname"] = host;
        address["nodeName"] = pod.Text("spec", "nodeName");
        address["targetRef"] =
            new JsonObject { ["kind"] = "Pod", ["namespace"] = pod.Namespace(), ["name"] = pod.Name(), ["uid"] = pod.Uid() };
        return address;
    }

    private static JsonArray Ports(JsonObject service, JsonObject pod)
    {
        var ports = new JsonArray();
        foreach (var port in service.Items("spec", "ports"))
        {
            var target = port["targetPort"].AsInt() ?? pod.Items("spec", "containers").SelectMany(c => c.Items("ports"))
                .FirstOrDefault(p => p.Text("name") == port.Text("targetPort"))?["containerPort"].AsInt();
            if (target is null) continue;
            var entry = new JsonObject { ["port"] = target.Value, ["protocol"] = port.Text("protocol") };
            if (port.Text("name") is { Length: > 0 } name) entry["name"] = name;
            ports.Add(entry);
        }
        return ports;
    }
}
