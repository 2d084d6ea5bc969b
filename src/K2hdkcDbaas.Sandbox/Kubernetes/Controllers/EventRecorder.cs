using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Controllers;

/// <summary>Writes events; the same one again only counts up.</summary>
internal sealed class EventRecorder(ObjectRegistry registry)
{
    private const int Kept = 500;

    public void Note(ResourceType type, JsonObject about, string reason, string message, string component, bool isWarning = false,
        string? fieldPath = null)
    {
        var store = registry.Store;
        lock (store.Gate)
        {
            var ns = about.Namespace() is { Length: > 0 } own ? own : "default";
            if (store.Find(ResourceTypes.Namespaces, "", ns) is not { } home || home.IsLeaving()) return;
            var known = store.All(ResourceTypes.Events, ns);
            if (known.FirstOrDefault(
                e => e.Text("involvedObject", "uid") == about.Uid() && e.Text("reason") == reason
                    && e.Text("message") == message) is { } before)
            {
                registry.Change(ResourceTypes.Events, before, e =>
                {
                    e["count"] = e.Number(1, "count") + 1;
                    e["lastTimestamp"] = registry.Now;
                }, component);
                return;
            }
            if (known.Count >= Kept)
                registry.Drop(ResourceTypes.Events, known.OrderBy(e => e.Text("lastTimestamp"), StringComparer.Ordinal).First());
            var involved = new JsonObject
            {
                ["kind"] = type.Kind,
                ["namespace"] = about.Namespace(),
                ["name"] = about.Name(),
                ["uid"] = about.Uid(),
                ["apiVersion"] = type.ApiVersion,
                ["resourceVersion"] = about.Text("metadata", "resourceVersion"),
            };
            if (fieldPath is not null) involved["fieldPath"] = fieldPath;
            registry.Create(ResourceTypes.Events, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Event",
                ["metadata"] = new JsonObject
                {
                    ["name"] =
                    string.Create(CultureInfo.InvariantCulture, $"{about.Name()}.{registry.Time.UtcTicks:x16}{store.Revision:x}"),
                    ["namespace"] = ns
                },
                ["involvedObject"] = involved,
                ["reason"] = reason,
                ["message"] = message,
                ["source"] = new JsonObject { ["component"] = component },
                ["reportingComponent"] = component,
                ["reportingInstance"] = "",
                ["firstTimestamp"] = registry.Now,
                ["lastTimestamp"] = registry.Now,
                ["count"] = 1,
                ["type"] = isWarning ? "Warning" : "Normal",
            }, new WriteOptions(component));
        }
    }
}
