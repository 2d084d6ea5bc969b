using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Deletes what has lost all its owners, and does foreground and orphaning deletes.</summary>
internal sealed class GarbageCollector(ObjectRegistry registry) : IController
{
    public void Sync()
    {
        var all = ResourceTypes.All.SelectMany(t => registry.Store.All(t).Select(o => (Type: t, Object: o))).ToList();
        var byUid = all.ToDictionary(a => a.Object.Uid(), a => a, StringComparer.Ordinal);
        var dependents = all.Where(a => a.Object.At("metadata", "ownerReferences") is JsonArray { Count: > 0 }).ToList();
        foreach (var (type, obj) in dependents)
        {
            var owners = obj.Items("metadata", "ownerReferences").ToList();
            var left = owners.Where(
                o => byUid.TryGetValue(o.Text("uid"), out var owner)
                    && (!owner.Type.IsNamespaced || owner.Object.Namespace() == obj.Namespace())).ToList();
            if (left.Count == 0)
            {
                if (!obj.IsLeaving()) registry.Delete(type, obj.Namespace(), obj.Name(), new DeleteOptions { Uid = obj.Uid() });
            }
            else if (left.TrueForAll(o => IsForeground(byUid[o.Text("uid")].Object)) && !obj.IsLeaving())
            {
                registry.Delete(type, obj.Namespace(), obj.Name(), new DeleteOptions { Uid = obj.Uid(), Propagation = "Foreground" });
            }
            else if (left.Count < owners.Count)
            {
                registry.Change(type, obj, o => o.Meta()["ownerReferences"] = JsonHttp.ToArray(left, l => l.DeepClone()),
                    ObjectRegistry.ControllerManager);
            }
        }

        foreach (var (type, obj) in all.Where(a => a.Object.IsLeaving()))
        {
            var finalizers = obj.Texts("metadata", "finalizers").ToList();
            if (finalizers.Contains("orphan"))
            {
                foreach (var (of, child) in dependents.Where(
                    d => d.Object.Items("metadata", "ownerReferences").Any(o => o.Text("uid") == obj.Uid())))
                {
                    registry.Change(of, child, c =>
                    {
                        var rest = c.Items("metadata", "ownerReferences").Where(o => o.Text("uid") != obj.Uid()).Select(o => o.DeepClone())
                            .ToArray();
                        if (rest.Length > 0) c.Meta()["ownerReferences"] = new JsonArray(rest);
                        else c.Meta().Remove("ownerReferences");
                    }, ObjectRegistry.ControllerManager);
                }
                Finish(type, obj, "orphan");
            }
            else if (finalizers.Contains("foregroundDeletion")
                && !dependents.Any(d => registry.Store.Find(d.Type, d.Object.Namespace(), d.Object.Name())?.Uid() == d.Object.Uid()
                    && d.Object.Items("metadata", "ownerReferences").Any(o => o.Text("uid") == obj.Uid() && o.Flag("blockOwnerDeletion"))))
            {
                Finish(type, obj, "foregroundDeletion");
            }
        }
    }

    private static bool IsForeground(JsonObject owner) =>
        owner.IsLeaving() && owner.Texts("metadata", "finalizers").Contains("foregroundDeletion");

    private void Finish(ResourceType type, JsonObject obj, string finalizer) => registry.Change(type, obj, o =>
    {
        var rest = o.Texts("metadata", "finalizers").Where(f => f != finalizer).ToList();
        if (rest.Count > 0) o.Meta()["finalizers"] = JsonHttp.Strings(rest);
        else o.Meta().Remove("finalizers");
    }, ObjectRegistry.ControllerManager);
}
