using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>Label and field selectors.</summary>
internal static partial class Selectors
{
    [GeneratedRegex(@"^(?<key>[^\s!=,()]+)\s+(?<op>in|notin)\s*\((?<values>[^)]*)\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Sets { get; }

    [GeneratedRegex(@"^(?<key>[^\s!=,()]+)\s*(?<op>==|=|!=|>|<)\s*(?<value>[^\s!=,()]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Equality { get; }

    [GeneratedRegex(@"^!?\s*[^\s!=,()]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Existence { get; }

    /// <summary>A test for a selector's text.</summary>
    public static Func<JsonNode, bool> Labels(string? selector)
    {
        if (string.IsNullOrWhiteSpace(selector)) return _ => true;
        var tests = new List<Func<JsonObject, bool>>();
        foreach (var part in Split(selector))
        {
            if (Sets.Match(part) is { Success: true } set)
            {
                var (key, values) = (set.Groups["key"].Value, set.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries));
                if (set.Groups["op"].Value == "in") tests.Add(l => l[key].AsText() is { } v && values.Contains(v));
                else tests.Add(l => l[key].AsText() is not { } v || !values.Contains(v));
            }
            else if (Equality.Match(part) is { Success: true } equal)
            {
                var (key, value) = (equal.Groups["key"].Value, equal.Groups["value"].Value);
                if (equal.Groups["op"].Value == "!=") tests.Add(l => l[key].AsText() != value);
                else tests.Add(l => l[key].AsText() == value);
            }
            else if (Existence.IsMatch(part))
            {
                var isAbsence = part[0] == '!';
                var key = part.TrimStart('!').Trim();
                tests.Add(l => l.ContainsKey(key) != isAbsence);
            }
            else
            {
                throw KubeFault.BadRequest($"unable to parse requirement: found '{part}', expected: ',' or 'end of string'");
            }
        }
        return o => o.At("metadata", "labels") is var labels && tests.TrueForAll(t => t(labels as JsonObject ?? []));
    }

    /// <summary>A test for spec.selector of an object (matchLabels and matchExpressions); an empty selector takes all.</summary>
    public static Func<JsonNode, bool> Labels(JsonNode? selector) => o =>
    {
        var labels = o.At("metadata", "labels") as JsonObject ?? [];
        return (selector.Get("matchLabels") as JsonObject ?? []).All(m => labels[m.Key].AsText() == m.Value.AsText())
            && selector.Items("matchExpressions").All(e => Holds(e, labels[e.Text("key")].AsText()));
    };

    /// <summary>A selector as text, for status.selector of a scale.</summary>
    public static string Write(JsonNode? selector) =>
        string.Join(',', (selector.Get("matchLabels") as JsonObject ?? []).Select(m => $"{m.Key}={m.Value.AsText()}")
            .Concat(selector.Items("matchExpressions").Select(e => e.Text("operator") switch
            {
                "In" => $"{e.Text("key")} in ({string.Join(',', e.Texts("values"))})",
                "NotIn" => $"{e.Text("key")} notin ({string.Join(',', e.Texts("values"))})",
                "Exists" => e.Text("key"),
                _ => "!" + e.Text("key"),
            })).Order(StringComparer.Ordinal));

    /// <summary>A test for a field selector.</summary>
    public static Func<JsonNode, bool> Fields(ResourceType type, string? selector)
    {
        if (string.IsNullOrWhiteSpace(selector)) return _ => true;
        var tests = new List<Func<JsonNode, bool>>();
        foreach (var part in selector.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Equality.Match(part) is not { Success: true } equal)
                throw KubeFault.BadRequest($"invalid selector: '{selector}'; can't understand '{part}'");
            var (key, value) = (equal.Groups["key"].Value, equal.Groups["value"].Value);
            if (!IsKnown(type, key))
                throw KubeFault.BadRequest(
                    $"Unable to find "
                        + $"\"{type.ApiVersion.Replace("v1", type.Group.Length == 0 ? "/v1, Resource=" : "v1, Resource=", StringComparison.Ordinal)}{type.Plural}\" that match label selector \"\", field selector \"{selector}\": field label not supported: {key}");
            var path = key.Split('.');
            var isWanted = equal.Groups["op"].Value != "!=";
            tests.Add(o => (Read(o, path) == value) == isWanted);
        }
        return o => tests.TrueForAll(t => t(o));
    }

    private static string Read(JsonNode obj, string[] path) => obj.At(path) switch
    {
        JsonValue v when v.AsText() is { } text => text,
        { } other => other.ToJsonString(),
        null when path is ["spec", "unschedulable"] => "false",
        null => "",
    };

    private static bool IsKnown(ResourceType type, string key) =>
        key is "metadata.name" || (key == "metadata.namespace" && type.IsNamespaced) || type.Kind switch
        {
            "Pod" =>
                key is "spec.nodeName" or "spec.restartPolicy" or "spec.schedulerName" or "spec.serviceAccountName" or "spec.hostNetwork"
                    or "status.phase" or "status.podIP" or "status.nominatedNodeName",
            "Event" =>
                key.StartsWith("involvedObject.", StringComparison.Ordinal)
                    || key is "reason" or "type" or "reportingComponent" or "source",
            "Secret" => key == "type",
            "Namespace" => key == "status.phase",
            "Node" => key == "spec.unschedulable",
            "ReplicaSet" => key == "status.replicas",
            "Job" => key == "status.successful",
            "Service" => key is "spec.clusterIP" or "spec.type",
            _ => false,
        };

    private static bool Holds(JsonObject expression, string? value) => expression.Text("operator") switch
    {
        "In" => value is not null && expression.Texts("values").Contains(value),
        "NotIn" => value is null || !expression.Texts("values").Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };

    // Commas inside of parentheses part values, not requirements.
    private static IEnumerable<string> Split(string selector)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= selector.Length; i++)
        {
            if (i < selector.Length && selector[i] == '(') depth++;
            if (i < selector.Length && selector[i] == ')') depth--;
            if (i < selector.Length && (selector[i] != ',' || depth > 0)) continue;
            if (selector[start..i].Trim() is { Length: > 0 } part) yield return part;
            start = i + 1;
        }
    }
}
