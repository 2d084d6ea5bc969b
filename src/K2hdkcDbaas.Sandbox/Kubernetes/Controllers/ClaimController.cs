using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>
/// Claims for volumes: provisioned when a pod that uses them has a node (or at once, as the class says), kept while in use, gone with their
/// volume.
/// </summary>
internal sealed class ClaimController(ObjectRegistry registry, EventRecorder events) : IController
{
    private const string Protection = "kubernetes.io/pvc-protection";

    public void Sync()
    {
        foreach (var claim in registry.Store.All(ResourceTypes.Claims))
        {
            if (claim.IsLeaving()) Release(claim);
            else if (claim.Text("status", "phase") != "Bound") Bind(claim);
        }
        foreach (var volume in registry.Store.All(ResourceTypes.Volumes))
        {
            if (volume.At("spec", "claimRef") is not { } of || volume.Text("status", "phase") != "Bound") continue;
            if (registry.Store.Find(ResourceTypes.Claims, of.Text("namespace"), of.Text("name"))?.Uid() == of.Text("uid")) continue;
            if (volume.Text("spec", "persistentVolumeReclaimPolicy") == "Delete") registry.Drop(ResourceTypes.Volumes, volume);
            else registry.SetStatus(ResourceTypes.Volumes, volume, s => s["phase"] = "Released");
        }
    }

    private IEnumerable<JsonObject> UsersOf(JsonObject claim) => registry.Store.All(ResourceTypes.Pods, claim.Namespace())
        .Where(p => !PodMaker.IsOver(p)
            && p.Items("spec", "volumes").Any(v => v.Text("persistentVolumeClaim", "claimName") == claim.Name()));

    private void Release(JsonObject claim)
    {
        if (UsersOf(claim).Any()) return;
        registry.Change(ResourceTypes.Claims, claim, c =>
        {
            var rest = c.Texts("metadata", "finalizers").Where(f => f != Protection).ToList();
            if (rest.Count > 0) c.Meta()["finalizers"] = JsonHttp.Strings(rest);
            else c.Meta().Remove("finalizers");
        }, ObjectRegistry.ControllerManager);
    }

    private void Bind(JsonObject claim)
    {
        var className = claim.Text("spec", "storageClassName");
        if (registry.Store.Find(ResourceTypes.StorageClasses, "", className) is not { } storage)
        {
            events.Note(ResourceTypes.Claims, claim, className.Length > 0 ? "ProvisioningFailed" : "FailedBinding",
                className.Length > 0
                    ? $"storageclass.storage.k8s.io \"{className}\" not found"
                    : "no persistent volumes available for this claim and no storage class is set", "persistentvolume-controller",
                isWarning: className.Length > 0);
            return;
        }
        if (storage.Text("volumeBindingMode") == "WaitForFirstConsumer" && !UsersOf(claim).Any(p => p.Text("spec", "nodeName").Length > 0))
        {
            if (claim.Text("status", "phase") == "Pending" && !HasEvent(claim))
                events.Note(ResourceTypes.Claims, claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding",
                    "persistentvolume-controller");
            return;
        }
        var name = "pvc-" + claim.Uid();
        if (registry.Store.Find(ResourceTypes.Volumes, "", name) is null)
        {
            var volume = registry.Create(ResourceTypes.Volumes, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "PersistentVolume",
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["annotations"] = new JsonObject { ["pv.kubernetes.io/provisioned-by"] = storage.Text("provisioner") }
                },
                ["spec"] = new JsonObject
                {
                    ["capacity"] = new JsonObject { ["storage"] = claim.At("spec", "resources", "requests", "storage")?.DeepClone() },
                    ["accessModes"] = claim.At("spec", "accessModes")?.DeepClone(),
                    ["claimRef"] = new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "PersistentVolumeClaim",
                        ["namespace"] = claim.Namespace(),
                        ["name"] = claim.Name(),
                        ["uid"] = claim.Uid()
                    },
                    ["persistentVolumeReclaimPolicy"] = storage.Text("reclaimPolicy"),
                    ["storageClassName"] = className,
                    ["volumeMode"] = claim.Text("spec", "volumeMode"),
                    ["hostPath"] = new JsonObject { ["path"] = "/var/sandbox/" + name },
                },
            }, new WriteOptions(ObjectRegistry.ControllerManager));
            registry.SetStatus(ResourceTypes.Volumes, volume, s => s["phase"] = "Bound");
            events.Note(ResourceTypes.Claims, claim, "ProvisioningSucceeded", $"Successfully provisioned volume {name}",
                "persistentvolume-controller");
        }
        var bound = registry.Change(ResourceTypes.Claims, claim, c =>
        {
            c.Ensure("spec")["volumeName"] = name;
            c.Meta().Ensure("annotations")["pv.kubernetes.io/bind-completed"] = "yes";
        }, ObjectRegistry.ControllerManager);
        if (bound is null) return;
        registry.SetStatus(ResourceTypes.Claims, bound, s =>
        {
            s["phase"] = "Bound";
            s["accessModes"] = claim.At("spec", "accessModes")?.DeepClone();
            s["capacity"] = new JsonObject { ["storage"] = claim.At("spec", "resources", "requests", "storage")?.DeepClone() };
        });
    }

    private bool HasEvent(JsonObject claim) =>
        registry.Store.All(ResourceTypes.Events, claim.Namespace()).Any(e => e.Text("involvedObject", "uid") == claim.Uid());
}
