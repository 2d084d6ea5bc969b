using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Makes pods of templates, and what the controllers share of judging and counting them.</summary>
internal sealed class PodMaker(ObjectRegistry registry, EventRecorder events)
{
    /// <summary>A pod of a template, owned by its workload; not stored yet.</summary>
    public static JsonObject Of(ResourceType type, JsonObject owner, JsonNode template)
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = template["metadata"]?.DeepClone() ?? new JsonObject(),
            ["spec"] = template["spec"]!.DeepClone(),
        };
        var meta = pod.Meta();
        meta.Remove("creationTimestamp");
        meta["namespace"] = owner.Namespace();
        meta["ownerReferences"] = new JsonArray(OwnerOf(type, owner));
        return pod;
    }

    /// <summary>The reference to an owner that controls.</summary>
    public static JsonObject OwnerOf(ResourceType type, JsonObject owner) => new()
    {
        ["apiVersion"] = type.ApiVersion,
        ["kind"] = type.Kind,
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>Stores the pod; a refusal becomes an event, and the pod is tried again at the next change.</summary>
    public JsonObject? Make(ResourceType type, JsonObject owner, JsonObject pod)
    {
        try
        {
            var made = registry.Create(ResourceTypes.Pods, pod, new WriteOptions(ObjectRegistry.ControllerManager));
            events.Note(type, owner, "SuccessfulCreate", type == ResourceTypes.StatefulSets
                ? $"create Pod {made.Name()} in StatefulSet {owner.Name()} successful" : $"Created pod: {made.Name()}", Component(type));
            return made;
        }
        catch (KubeFault fault)
        {
            events.Note(type, owner, "FailedCreate", $"Error creating: {fault.Message}", Component(type), isWarning: true);
            return null;
        }
    }

    public void Delete(ResourceType type, JsonObject owner, JsonObject pod)
    {
        registry.Delete(ResourceTypes.Pods, pod.Namespace(), pod.Name(), new DeleteOptions());
        events.Note(type, owner, "SuccessfulDelete", type == ResourceTypes.StatefulSets
            ? $"delete Pod {pod.Name()} in StatefulSet {owner.Name()} successful" : $"Deleted pod: {pod.Name()}", Component(type));
    }

    /// <summary>The pods that a workload controls; those of no one that its selector takes become its own.</summary>
    public List<JsonObject> Owned(ResourceType type, JsonObject owner, Func<JsonObject, bool>? mayAdopt = null)
    {
        var fits = Selectors.Labels(owner.At("spec", "selector"));
        var owned = new List<JsonObject>();
        foreach (var pod in registry.Store.All(ResourceTypes.Pods, owner.Namespace()))
        {
            if (pod.IsControlledBy(owner))
            {
                owned.Add(pod);
            }
            else if (pod.Controller() is null && !pod.IsLeaving() && !owner.IsLeaving() && fits(pod) && mayAdopt?.Invoke(pod) != false
                && registry.Change(ResourceTypes.Pods, pod, p =>
                {
                    if (p.Meta()["ownerReferences"] is not JsonArray owners) p.Meta()["ownerReferences"] = owners = [];
                    owners.Add(OwnerOf(type, owner));
                }, ObjectRegistry.ControllerManager) is { } adopted)
            {
                owned.Add(adopted);
            }
        }
        return owned;
    }

    /// <summary>Ready for at least so many seconds.</summary>
    public bool IsAvailable(JsonObject pod, int minSeconds, Action<TimeSpan> wakeAfter)
    {
        if (!pod.IsReady()) return false;
        if (minSeconds == 0) return true;
        var since = DateTimeOffset.Parse(pod.Items("status", "conditions").First(c => c.Text("type") == "Ready").Text("lastTransitionTime"),
            System.Globalization.CultureInfo.InvariantCulture);
        var left = since.AddSeconds(minSeconds) - registry.Time;
        if (left <= TimeSpan.Zero) return true;
        wakeAfter(left);
        return false;
    }

    public static bool IsOver(JsonNode pod) => pod.Text("status", "phase") is "Succeeded" or "Failed";

    /// <summary>A short name for a template's content.</summary>
    public static string Hash(JsonNode content)
    {
        const string Letters = "bcdfghjklmnpqrstvwxz2456789";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString()));
        return string.Concat(hash.Take(10).Select(b => Letters[b % Letters.Length]));
    }

    /// <summary>Sets a condition; its transition time changes with its status only.</summary>
    public static void SetCondition(JsonObject status, string type, bool holds, string reason, string message, string now,
        string? timeField = "lastUpdateTime")
    {
        if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
        var found = conditions.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);
        var value = holds ? "True" : "False";
        if (found is not null && found.Text("status") == value && found.Text("reason") == reason && found.Text("message") == message)
            return;
        if (found is null) conditions.Add(found = new JsonObject { ["type"] = type });
        if (found.Text("status") != value) found["lastTransitionTime"] = now;
        (found["status"], found["reason"], found["message"]) = (value, reason, message);
        if (timeField is not null) found[timeField] = now;
    }

    /// <summary>A number or a percentage of a whole, rounded up or down.</summary>
    public static int Share(JsonNode? value, int whole, bool roundsUp, int otherwise)
    {
        if (value.AsInt() is { } number) return number;
        if (value.AsText() is not { } text || !text.EndsWith('%') || !int.TryParse(text[..^1], out var percent)) return otherwise;
        return (int)(roundsUp ? Math.Ceiling(whole * percent / 100.0) : Math.Floor(whole * percent / 100.0));
    }

    private static string Component(ResourceType type) => type.Kind switch
    {
        "StatefulSet" => "statefulset-controller",
        "ReplicaSet" => "replicaset-controller",
        "Deployment" => "deployment-controller",
        _ => "job-controller",
    };
}
