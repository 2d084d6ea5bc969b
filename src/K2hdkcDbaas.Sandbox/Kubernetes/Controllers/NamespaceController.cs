using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Gives namespaces their service account and the cluster's CA, and empties those that are being deleted.</summary>
internal sealed class NamespaceController(ObjectRegistry registry, string authority) : IController
{
    public void Sync()
    {
        foreach (var ns in registry.Store.All(ResourceTypes.Namespaces))
        {
            if (ns.IsLeaving()) Empty(ns);
            else Furnish(ns.Name());
        }
    }

    private void Furnish(string ns)
    {
        if (registry.Store.Find(ResourceTypes.ServiceAccounts, ns, "default") is null)
        {
            registry.Create(ResourceTypes.ServiceAccounts,
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ServiceAccount",
                    ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = ns }
                },
                new WriteOptions(ObjectRegistry.ControllerManager));
        }
        if (registry.Store.Find(ResourceTypes.ConfigMaps, ns, "kube-root-ca.crt") is null)
        {
            registry.Create(ResourceTypes.ConfigMaps, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject { ["name"] = "kube-root-ca.crt", ["namespace"] = ns },
                ["data"] = new JsonObject { ["ca.crt"] = authority },
            }, new WriteOptions(ObjectRegistry.ControllerManager));
        }
    }

    private void Empty(JsonObject ns)
    {
        var isEmpty = true;
        foreach (var type in ResourceTypes.All.Where(t => t.IsNamespaced))
        {
            foreach (var obj in registry.Store.All(type, ns.Name()))
            {
                if (!obj.IsLeaving()) registry.Delete(type, ns.Name(), obj.Name(), new DeleteOptions());
                isEmpty &= registry.Store.Find(type, ns.Name(), obj.Name()) is null;
            }
        }
        if (isEmpty)
            registry.Change(ResourceTypes.Namespaces, ns, o => o.Ensure("spec")["finalizers"] = new JsonArray(),
                ObjectRegistry.ControllerManager, "finalize");
    }
}
