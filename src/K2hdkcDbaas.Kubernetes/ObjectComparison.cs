using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace K2hdkcDbaas.Kubernetes;

/// <summary>
/// Finds where an object is not as a manifest has it. What a manifest does not name is the API server's and others' to fill in; but in
/// lists of named things one that the manifest does not have is a difference.
/// </summary>
internal static class ObjectComparison
{
    // Lists in which the API server puts nothing of its own.
    private static readonly string[] Closed = ["containers", "initContainers", "ports", "env"];

    /// <summary>Compares.</summary>
    /// <param name="wanted">The object as the manifest has it.</param>
    /// <param name="live">The object as it is; null when it is gone.</param>
    public static IReadOnlyList<ObjectDifference> Find(IKubernetesObject<V1ObjectMeta> wanted, IKubernetesObject<V1ObjectMeta>? live)
    {
        var found = new List<ObjectDifference>();
        void Add(string path, string? expected, string? actual) =>
            found.Add(new ObjectDifference(wanted.Kind, wanted.Metadata.Name, path, expected, actual));
        if (live is null)
        {
            Add("", "there", null);
            return found;
        }

        var (mine, theirs) = (Json(wanted), Json(live));
        foreach (var (name, value) in mine)
        {
            if (name is "apiVersion" or "kind" or "status") continue;
            if (name == "metadata")
            {
                foreach (var part in (string[])["labels", "annotations"])
                    Compare($"metadata.{part}", value?[part], theirs["metadata"]?[part], Add);
            }
            else
            {
                Compare(name, value, theirs[name], Add);
            }
        }

        return found;
    }

    private static JsonObject Json(object value) => JsonNode.Parse(KubernetesJson.Serialize(value))!.AsObject();

    private static void Compare(string path, JsonNode? wanted, JsonNode? live, Action<string, string?, string?> add)
    {
        switch (wanted)
        {
            case null:
                break;
            case JsonObject map:
                foreach (var (name, value) in map) Compare($"{path}.{name}", value, (live as JsonObject)?[name], add);
                break;
            case JsonArray list:
                Lists(path, list, live as JsonArray ?? [], add);
                break;
            default:
                // The API server drops what is empty.
                if (Text(wanted) is { Length: > 0 } text && text != Text(live)) add(path, text, Text(live));
                else if (Text(wanted).Length == 0 && Text(live).Length > 0) add(path, null, Text(live));
                break;
        }
    }

    private static void Lists(string path, JsonArray wanted, JsonArray live, Action<string, string?, string?> add)
    {
        foreach (var (index, item) in wanted.Index())
        {
            var name = Name(item);
            var other = name is null ? live.ElementAtOrDefault(index) : live.FirstOrDefault(l => Name(l) == name);
            var place = $"{path}[{name ?? index.ToString(CultureInfo.InvariantCulture)}]";
            if (other is null && item is JsonObject) add(place, "there", null);
            else Compare(place, item, other, add);
        }

        if (!Closed.Contains(path[(path.LastIndexOf('.') + 1)..])) return;
        foreach (var extra in live.Select(Name).Where(n => n is not null && wanted.All(w => Name(w) != n)))
            add($"{path}[{extra}]", null, "there");
    }

    private static string? Name(JsonNode? item) => item is JsonObject map
        ? (map["mountPath"] ?? map["name"] ?? map["key"]) is JsonValue value && value.TryGetValue<string>(out var name) ? name : null
        : null;

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue<string>(out var plain) => plain,
        _ => value.ToJsonString(),
    };
}
