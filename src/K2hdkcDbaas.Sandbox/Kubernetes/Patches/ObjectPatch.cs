using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Patches;

/// <summary>JSON patch (RFC 6902), JSON merge patch (RFC 7386) and Kubernetes' strategic merge patch.</summary>
internal static class ObjectPatch
{
    /// <summary>RFC 7386.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var whole = target is JsonObject o ? o.Copy() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null) whole.Remove(name);
            else whole[name] = Merge(whole[name], value);
        }
        return whole;
    }

    /// <summary>RFC 6902.</summary>
    public static JsonObject Json(JsonObject target, JsonArray operations)
    {
        JsonNode root = target.Copy();
        foreach (var operation in operations)
        {
            var path = operation.Text("path");
            switch (operation.Text("op"))
            {
                case "add":
                    Set(ref root, path, operation.Get("value")?.DeepClone(), replace: false);
                    break;
                case "replace":
                    _ = Take(root, path, remove: false);
                    Set(ref root, path, operation.Get("value")?.DeepClone(), replace: true);
                    break;
                case "remove":
                    Take(root, path, remove: true);
                    break;
                case "move":
                    Set(ref root, path, Take(root, operation.Text("from"), remove: true)?.DeepClone(), replace: false);
                    break;
                case "copy":
                    Set(ref root, path, Take(root, operation.Text("from"), remove: false)?.DeepClone(), replace: false);
                    break;
                case "test":
                    if (!KubeJson.Same(Take(root, path, remove: false), operation.Get("value")))
                        throw new KubeFault(422, "Invalid",
                            $"the server rejected our request due to an error in our request: testing value {path} failed");
                    break;
                default:
                    throw KubeFault.BadRequest($"Unexpected kind: {operation.Text("op")}");
            }
        }
        return root as JsonObject ?? throw KubeFault.BadRequest("the patch leaves no object");
    }

    /// <summary>Strategic merge by the fields' merge keys.</summary>
    public static JsonObject Strategic(JsonObject target, JsonObject patch, string kind) =>
        Strategic(target, patch, new FieldType(FieldKind.Object, kind, FieldKind.Free, [], false, false, false, false)) ?? [];

    private static JsonObject? Strategic(JsonObject? target, JsonObject patch, FieldType type)
    {
        switch (patch["$patch"].AsText())
        {
            case "delete":
                return null;
            case "replace":
                var only = patch.Copy();
                only.Remove("$patch");
                return only;
        }
        var whole = target?.Copy() ?? [];
        if (patch["$retainKeys"] is JsonArray retained)
        {
            foreach (var name in whole.Select(m => m.Key).Except(retained.Select(r => r.AsText() ?? "")).ToList()) whole.Remove(name);
        }
        foreach (var (name, value) in patch)
        {
            if (name is "$patch" or "$retainKeys" || name.StartsWith("$setElementOrder/", StringComparison.Ordinal)) continue;
            if (name.StartsWith("$deleteFromPrimitiveList/", StringComparison.Ordinal))
            {
                if (whole[name[25..]] is JsonArray list)
                    whole[name[25..]] =
                        new JsonArray([.. list.Where(i => !((JsonArray)value!).Any(v => KubeJson.Same(v, i))).Select(i => i?.DeepClone())]);
                continue;
            }
            var of = FieldSet.MemberType(type, name);
            switch (value)
            {
                case null:
                    whole.Remove(name);
                    break;
                case JsonObject inner when of.Kind is FieldKind.Object or FieldKind.Map || inner.ContainsKey("$patch"):
                    if (Strategic(whole[name] as JsonObject, inner, of) is { } kept) whole[name] = kept;
                    else whole.Remove(name);
                    break;
                case JsonObject inner:
                    whole[name] = Merge(whole[name], inner);
                    break;
                case JsonArray items when of.IsKeyed:
                    whole[name] = Keyed(whole[name] as JsonArray ?? [], items, patch["$setElementOrder/" + name] as JsonArray, of);
                    break;
                case JsonArray items when of.IsSet:
                    var set = whole[name] as JsonArray ?? [];
                    whole[name] = new JsonArray(
                        [.. set.Concat(items.Where(i => !set.Any(s => KubeJson.Same(s, i)))).Select(i => i?.DeepClone())]);
                    break;
                default:
                    whole[name] = value.DeepClone();
                    break;
            }
        }
        // An order alone, without items, also orders what is there.
        foreach (var (name, order) in patch.Where(m => m.Key.StartsWith("$setElementOrder/", StringComparison.Ordinal)))
        {
            var of = FieldSet.MemberType(type, name[17..]);
            if (of.IsKeyed && !patch.ContainsKey(name[17..]) && whole[name[17..]] is JsonArray list)
                whole[name[17..]] = Keyed(list, [], order as JsonArray, of);
        }
        return whole;
    }

    private static JsonArray Keyed(JsonArray target, JsonArray patch, JsonArray? order, FieldType type)
    {
        var key = type.Keys[0];
        var item = FieldSet.ItemType(type);
        if (patch.Any(p => p.Text("$patch") == "replace"))
            return new JsonArray([.. patch.Where(p => p.Text("$patch") != "replace").Select(p => p?.DeepClone())]);
        var list = target.Select(t => t?.DeepClone()).ToList();
        foreach (var change in patch.OfType<JsonObject>())
        {
            if (change[key] is not { } wanted)
                throw KubeFault.BadRequest($"map: {change.ToJsonString()} does not contain declared merge key: {key}");
            var at = list.FindIndex(i => KubeJson.Same(i.Get(key), wanted));
            if (change.Text("$patch") == "delete")
            {
                if (at >= 0) list.RemoveAt(at);
            }
            else if (at < 0)
            {
                list.Add(Strategic(null, change, item));
            }
            else
            {
                list[at] = Strategic(list[at] as JsonObject, change, item);
            }
        }
        if (order is null) return new JsonArray([.. list]);
        int Rank(JsonNode? of) => order.Select(o => o.Get(key)).ToList().FindIndex(k => KubeJson.Same(k, of.Get(key)));
        var ranked = list.Where(i => Rank(i) >= 0).OrderBy(Rank).ToList();
        return new JsonArray([.. ranked.Concat(list.Where(i => Rank(i) < 0))]);
    }

    private static string[] Steps(string path) =>
        path.Length == 0
            ? []
            : [.. path[1..].Split('/')
                .Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static JsonNode? Walk(JsonNode root, string[] steps)
    {
        JsonNode? at = root;
        foreach (var step in steps)
        {
            at = at switch
            {
                JsonObject o when o.TryGetPropertyValue(step, out var inner) => inner,
                JsonArray a when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < a.Count => a[i],
                _ => throw Missing(steps),
            };
        }
        return at;
    }

    private static KubeFault Missing(string[] steps) =>
        new(422, "Invalid",
            $"the server rejected our request due to an error in our request: error in path /{string.Join('/', steps)}: missing value");

    private static JsonNode? Take(JsonNode root, string path, bool remove)
    {
        var steps = Steps(path);
        var value = Walk(root, steps);
        if (!remove || steps.Length == 0) return value;
        var parent = Walk(root, steps[..^1]);
        if (parent is JsonObject o) o.Remove(steps[^1]);
        else ((JsonArray)parent!).RemoveAt(int.Parse(steps[^1], CultureInfo.InvariantCulture));
        return value;
    }

    private static void Set(ref JsonNode root, string path, JsonNode? value, bool replace)
    {
        var steps = Steps(path);
        if (steps.Length == 0)
        {
            root = value ?? new JsonObject();
            return;
        }
        switch (Walk(root, steps[..^1]))
        {
            case JsonObject o:
                o[steps[^1]] = value;
                break;
            case JsonArray a when steps[^1] == "-":
                a.Add(value);
                break;
            case JsonArray a
                when int.TryParse(steps[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var i)
                    && (replace ? i < a.Count : i <= a.Count):
                if (replace) a[i] = value;
                else a.Insert(i, value);
                break;
            default:
                throw Missing(steps);
        }
    }
}
