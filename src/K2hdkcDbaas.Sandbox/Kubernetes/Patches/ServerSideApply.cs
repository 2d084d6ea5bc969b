using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Api;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Patches;

/// <summary>Server-side apply: what one manager wants of an object, laid into what is there.</summary>
internal static class ServerSideApply
{
    /// <summary>The object as it is to be; managedFields as they were.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="live">What is there.</param>
    /// <param name="wanted">What the manager wants.</param>
    /// <param name="manager">Its name.</param>
    /// <param name="force">Takes fields from others instead of a conflict.</param>
    /// <param name="subresource">Subresource that the request was for; empty for the object itself.</param>
    public static JsonObject Apply(ResourceType type, JsonObject live, JsonObject wanted, string manager, bool force, string subresource)
    {
        var set = FieldSet.OfObject(wanted, type.Kind);
        var entries = ManagedFields.Read(live);
        var whole = new FieldType(FieldKind.Object, type.Kind, FieldKind.Free, [], false, false, false, false);
        var conflicts = new List<(ManagedFields.Entry Owner, IReadOnlyList<string> Path)>();
        foreach (var path in set.Paths())
        {
            var owners = entries.Where(e => !e.Is(manager, "Apply", subresource) && e.Fields.Contains(path)).ToList();
            if (owners.Count == 0 || KubeJson.Same(Find(live, path, whole), Find(wanted, path, whole)) || !IsLeaf(path, wanted, whole))
                continue;
            conflicts.AddRange(owners.Select(o => (o, path)));
        }
        if (conflicts.Count > 0 && !force) throw Conflict(type, conflicts);
        foreach (var (owner, path) in conflicts)
        {
            var taken = new FieldSet();
            taken.Include(path);
            owner.Fields.Remove(taken, below: true);
        }

        var merged = (JsonObject)Merge(live, wanted, whole)!;
        if (entries.Find(e => e.Is(manager, "Apply", subresource)) is { } previous)
        {
            foreach (var path in previous.Fields.Paths())
            {
                if (set.Contains(path) || entries.Any(e => e != previous && e.Fields.Contains(path))) continue;
                Drop(merged, path, whole);
            }
        }
        ManagedFields.Write(merged, [.. entries.Where(e => !e.Is(manager, "Apply", subresource))]);
        return merged;
    }

    private static KubeFault Conflict(ResourceType type, List<(ManagedFields.Entry Owner, IReadOnlyList<string> Path)> conflicts)
    {
        var plural = conflicts.Count == 1 ? "conflict" : "conflicts";
        var lines = conflicts.GroupBy(c => c.Owner).Select(g => (Who: Who(g.Key), Paths: g.Select(c => FieldSet.Show(c.Path)).ToList()))
            .ToList();
        var text = conflicts.Count == 1
            ? $" with {lines[0].Who}: {lines[0].Paths[0]}"
            : $"s {string.Join(" and ", lines.Select(l => $"with {l.Who}:\n{string.Join('\n', l.Paths.Select(p => "- " + p))}"))}";
        var details = new JsonObject
        {
            ["causes"] = JsonHttp.ToArray(conflicts, c => new JsonObject
            {
                ["reason"] = "FieldManagerConflict",
                ["message"] = $"conflict with {Who(c.Owner)}",
                ["field"] = FieldSet.Show(c.Path),
            }),
        };
        return new KubeFault(409, "Conflict", $"Apply failed with {conflicts.Count} {plural}: conflict{text}", details);
        string Who(ManagedFields.Entry e) =>
            $"\"{e.Manager}\"" + (e.Subresource.Length > 0 ? $" with subresource \"{e.Subresource}\"" : "") + $" using {e.ApiVersion}"
                + (e.Operation == "Update" && e.Time.Length > 0 ? $" at {e.Time}" : "");
    }

    private static bool IsLeaf(IReadOnlyList<string> path, JsonObject of, FieldType whole) =>
        path[^1][0] == 'v' || Find(of, path, whole) switch
        {
            JsonObject o => o.Count == 0 || TypeAt(path, whole).IsAtomic,
            JsonArray => path[^1][0] == 'f',
            _ => true,
        };

    private static FieldType TypeAt(IReadOnlyList<string> path, FieldType type)
    {
        foreach (var step in path) type = step[0] == 'f' ? FieldSet.MemberType(type, step[2..]) : FieldSet.ItemType(type);
        return type;
    }

    private static JsonNode? Find(JsonNode? at, IReadOnlyList<string> path, FieldType type)
    {
        foreach (var step in path)
        {
            if (step[0] == 'f')
            {
                at = at.Get(step[2..]);
                type = FieldSet.MemberType(type, step[2..]);
            }
            else
            {
                at = (at as JsonArray)?.FirstOrDefault(i => Names(i, type, step));
                type = FieldSet.ItemType(type);
            }
        }
        return at;
    }

    private static bool Names(JsonNode? item, FieldType list, string step) =>
        (step[0] == 'k' ? FieldSet.KeyOf(item, list.Keys) : FieldSet.ValueOf(item)) == step;

    private static void Drop(JsonNode root, IReadOnlyList<string> path, FieldType type)
    {
        JsonNode? at = root;
        for (var i = 0; i < path.Count; i++)
        {
            var step = path[i];
            var isLast = i == path.Count - 1;
            if (step[0] == 'f')
            {
                if (isLast) (at as JsonObject)?.Remove(step[2..]);
                at = isLast ? null : at.Get(step[2..]);
                type = FieldSet.MemberType(type, step[2..]);
            }
            else
            {
                var item = (at as JsonArray)?.FirstOrDefault(n => Names(n, type, step));
                if (isLast && item is not null) ((JsonArray)at!).Remove(item);
                at = item;
                type = FieldSet.ItemType(type);
            }
        }
    }

    private static JsonNode? Merge(JsonNode? live, JsonNode? wanted, FieldType type)
    {
        switch (wanted)
        {
            case JsonObject members when live is JsonObject there && !type.IsAtomic && type.Kind is FieldKind.Object or FieldKind.Map:
                var whole = there.Copy();
                foreach (var (name, inner) in members) whole[name] = Merge(there[name], inner, FieldSet.MemberType(type, name));
                return whole;
            case JsonArray items when live is JsonArray there && type.IsKeyed:
                var merged = new JsonArray(
                    [.. there.Select(t => items.FirstOrDefault(i => FieldSet.KeyOf(i, type.Keys) == FieldSet.KeyOf(t, type.Keys)) is { } own
                        ? Merge(t, own, FieldSet.ItemType(type)) : t?.DeepClone())]);
                foreach (var item in items.Where(i => !there.Any(t => FieldSet.KeyOf(i, type.Keys) == FieldSet.KeyOf(t, type.Keys))))
                    merged.Add(item?.DeepClone());
                return merged;
            case JsonArray items when live is JsonArray there && type.IsSet:
                return new JsonArray([.. there.Concat(items.Where(i => !there.Any(t => KubeJson.Same(t, i)))).Select(i => i?.DeepClone())]);
            default:
                return wanted?.DeepClone();
        }
    }
}
