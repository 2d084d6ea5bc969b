using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>What a container sees of the API: its environment, and the files of mounted Secrets and ConfigMaps.</summary>
internal sealed class PodFiles(ObjectStore store, JsonObject pod)
{
    public JsonObject Container(string name) =>
        pod.Items("spec", "containers").Concat(pod.Items("spec", "initContainers")).First(c => c.Text("name") == name);

    /// <summary>The environment, with field, ConfigMap and Secret references filled in.</summary>
    public Dictionary<string, string> Environment(string container)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in Container(container).Items("envFrom"))
        {
            foreach (var (key, value) in store.Find(ResourceTypes.ConfigMaps, pod.Namespace(),
                source.Text("configMapRef", "name"))?["data"] as JsonObject ?? [])
                values[source.Text("prefix") + key] = value.AsText() ?? "";
            foreach (var (key, value) in store.Find(ResourceTypes.Secrets, pod.Namespace(),
                source.Text("secretRef", "name"))?["data"] as JsonObject ?? [])
                values[source.Text("prefix") + key] = Encoding.UTF8.GetString(Convert.FromBase64String(value.AsText() ?? ""));
        }
        foreach (var variable in Container(container).Items("env"))
        {
            var from = variable["valueFrom"];
            values[variable.Text("name")] = from is null ? variable.Text("value")
                : from["fieldRef"] is { } field ? Field(field.Text("fieldPath"))
                : from["configMapKeyRef"] is { } map
                ? store.Find(ResourceTypes.ConfigMaps, pod.Namespace(), map.Text("name")).Text("data", map.Text("key"))
                : from["secretKeyRef"] is { } secret
                ? Encoding.UTF8.GetString(
                    Convert.FromBase64String(
                        store.Find(ResourceTypes.Secrets, pod.Namespace(), secret.Text("name")).Text("data", secret.Text("key"))))
                : "";
        }
        return values;
    }

    /// <summary>The files that a container has from Secrets and ConfigMaps, by full path.</summary>
    public Dictionary<string, byte[]> Files(string container)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var mount in Container(container).Items("volumeMounts"))
        {
            var volume = pod.Items("spec", "volumes").FirstOrDefault(v => v.Text("name") == mount.Text("name"));
            var isSecret = volume.At("secret") is not null;
            var source = isSecret ? volume.At("secret") : volume.At("configMap");
            if (source is null) continue;
            var holder = isSecret
                ? store.Find(ResourceTypes.Secrets, pod.Namespace(), source.Text("secretName"))
                : store.Find(ResourceTypes.ConfigMaps, pod.Namespace(), source.Text("name"));
            var items = source.Items("items").ToDictionary(i => i.Text("key"), i => i.Text("path"), StringComparer.Ordinal);
            foreach (var (key, value) in holder?["data"] as JsonObject ?? [])
            {
                if (items.Count > 0 && !items.ContainsKey(key)) continue;
                var bytes = isSecret ? Convert.FromBase64String(value.AsText() ?? "") : Encoding.UTF8.GetBytes(value.AsText() ?? "");
                files[$"{mount.Text("mountPath").TrimEnd('/')}/{items.GetValueOrDefault(key, key)}"] = bytes;
            }
        }
        return files;
    }

    /// <summary>The claim behind a path of a container; null when no claim is mounted there.</summary>
    public string? ClaimAt(string container, string path)
    {
        var mount = Container(container).Items("volumeMounts")
            .Where(m => path.StartsWith(m.Text("mountPath").TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(m => m.Text("mountPath").Length);
        var claim = pod.Items("spec", "volumes").FirstOrDefault(v => v.Text("name") == mount.Text("name"))
            .Text("persistentVolumeClaim", "claimName");
        return claim.Length == 0 ? null : store.Find(ResourceTypes.Claims, pod.Namespace(), claim)?.Uid();
    }

    private string Field(string path)
    {
        if (path.StartsWith("metadata.labels['", StringComparison.Ordinal)) return pod.Text("metadata", "labels", path[17..^2]);
        if (path.StartsWith("metadata.annotations['", StringComparison.Ordinal)) return pod.Text("metadata", "annotations", path[22..^2]);
        return pod.Text(path.Split('.'));
    }
}
