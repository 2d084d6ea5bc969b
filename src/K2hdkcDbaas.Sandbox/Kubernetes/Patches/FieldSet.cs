using System.Text;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Patches;

/// <summary>
/// A set of fields of an object, as managedFields' FieldsV1 writes it: f: for members, k: for items by key, v: for items by value.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>Whether the field at this place itself belongs to the set; the fields below it do not follow from it.</summary>
    public bool IsMember { get; private set; }

    public bool IsEmpty => !IsMember && _children.Count == 0;

    /// <summary>The fields that an object sets; identity and server-side metadata are no one's.</summary>
    public static FieldSet OfObject(JsonObject obj, string kind)
    {
        var set = Of(obj, new FieldType(FieldKind.Object, kind, FieldKind.Free, [], false, false, false, false));
        set.DropServersOwn();
        return set;
    }

    /// <summary>The fields that differ between two versions of an object.</summary>
    public static (FieldSet Changed, FieldSet Removed) Compare(JsonObject? before, JsonObject after, string kind)
    {
        var (changed, removed) = (new FieldSet(), new FieldSet());
        Compare(before, after, new FieldType(FieldKind.Object, kind, FieldKind.Free, [], false, false, false, false), changed, removed);
        changed.DropServersOwn();
        removed.DropServersOwn();
        return (changed, removed);
    }

    public static FieldSet Read(JsonNode? fields)
    {
        var set = new FieldSet();
        if (fields is not JsonObject members) return set;
        foreach (var (name, inner) in members)
        {
            if (name == ".") set.IsMember = true;
            else set._children[name] = Read(inner);
        }
        if (members.Count == 0) set.IsMember = true;
        return set;
    }

    public JsonObject Write()
    {
        var fields = new JsonObject();
        if (_children.Count > 0 && IsMember) fields["."] = new JsonObject();
        foreach (var (name, inner) in _children) fields[name] = inner.Write();
        return fields;
    }

    public void Add(FieldSet other)
    {
        IsMember |= other.IsMember;
        foreach (var (name, inner) in other._children)
        {
            if (!_children.TryGetValue(name, out var own)) _children[name] = own = new FieldSet();
            own.Add(inner);
        }
    }

    /// <summary>Takes out the members of the other set; with <paramref name="below"/> also all that is below them.</summary>
    public void Remove(FieldSet other, bool below)
    {
        if (other.IsMember)
        {
            IsMember = false;
            if (below) _children.Clear();
        }
        foreach (var (name, inner) in other._children)
        {
            if (!_children.TryGetValue(name, out var own)) continue;
            own.Remove(inner, below);
            if (own.IsEmpty) _children.Remove(name);
        }
    }

    public bool Contains(IReadOnlyList<string> path)
    {
        var at = this;
        foreach (var step in path)
        {
            if (!at._children.TryGetValue(step, out at!)) return false;
        }
        return at.IsMember || at._children.Count > 0;
    }

    /// <summary>Paths of all members, deeper ones first.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths() => Paths([]);

    public void Include(IEnumerable<string> path)
    {
        var at = this;
        foreach (var step in path)
        {
            if (!at._children.TryGetValue(step, out var next)) at._children[step] = next = new FieldSet();
            at = next;
        }
        at.IsMember = true;
    }

    /// <summary>.spec.template.spec.containers[name="a"].image</summary>
    public static string Show(IEnumerable<string> path)
    {
        var text = new StringBuilder();
        foreach (var step in path)
        {
            if (step[0] == 'f') text.Append('.').Append(step, 2, step.Length - 2);
            else if (step[0] == 'v') text.Append('[').Append('=').Append(step, 2, step.Length - 2).Append(']');
            else text.Append('[')
                .AppendJoin(',', ((JsonObject)JsonNode.Parse(step[2..])!).Select(k => $"{k.Key}={k.Value?.ToJsonString()}")).Append(']');
        }
        return text.ToString();
    }

    /// <summary>How an item of a keyed list is named.</summary>
    public static string KeyOf(JsonNode? item, IReadOnlyList<string> keys)
    {
        var key = new JsonObject();
        foreach (var name in keys.Order(StringComparer.Ordinal))
            key[name] = item.Get(name)?.DeepClone() ?? (name == "protocol" ? "TCP" : null);
        return "k:" + key.ToJsonString();
    }

    public static string ValueOf(JsonNode? item) => "v:" + (item?.ToJsonString() ?? "null");

    private IEnumerable<IReadOnlyList<string>> Paths(IReadOnlyList<string> here)
    {
        foreach (var (name, inner) in _children)
        {
            foreach (var path in inner.Paths([.. here, name])) yield return path;
        }
        if (IsMember) yield return here;
    }

    private void DropServersOwn()
    {
        _children.Remove("f:apiVersion");
        _children.Remove("f:kind");
        if (!_children.TryGetValue("f:metadata", out var meta)) return;
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation",
            "managedFields", "selfLink",
            "deletionTimestamp", "deletionGracePeriodSeconds"]) meta._children.Remove("f:" + name);
        if (meta._children.Count == 0) _children.Remove("f:metadata");
    }

    private static FieldSet Of(JsonNode? value, FieldType type)
    {
        var set = new FieldSet();
        switch (value)
        {
            case JsonObject members when !type.IsAtomic && type.Kind is FieldKind.Object or FieldKind.Map:
                foreach (var (name, inner) in members) set._children["f:" + name] = Of(inner, MemberType(type, name));
                set.IsMember = members.Count == 0;
                break;
            case JsonArray items when type.IsKeyed:
                foreach (var item in items)
                {
                    var inner = Of(item, ItemType(type));
                    inner.IsMember = true;
                    set._children[KeyOf(item, type.Keys)] = inner;
                }
                set.IsMember = items.Count == 0;
                break;
            case JsonArray items when type.IsSet:
                foreach (var item in items) set._children[ValueOf(item)] = new FieldSet { IsMember = true };
                set.IsMember = items.Count == 0;
                break;
            default:
                set.IsMember = true;
                break;
        }
        return set;
    }

    private static void Compare(JsonNode? before, JsonNode? after, FieldType type, FieldSet changed, FieldSet removed)
    {
        if (KubeJson.Same(before, after)) return;
        if (after is null)
        {
            removed.IsMember = true;
            return;
        }
        var isWhole = type.IsAtomic || before is null
            || !((after is JsonObject && before is JsonObject && type.Kind is FieldKind.Object or FieldKind.Map)
                || (after is JsonArray && before is JsonArray && (type.IsKeyed || type.IsSet)));
        if (isWhole)
        {
            changed.Add(Of(after, type));
            return;
        }
        var (old, now) = (Steps(before, type), Steps(after, type));
        foreach (var (step, value) in now)
        {
            var (inner, gone) = (new FieldSet(), new FieldSet());
            var of = type.Kind == FieldKind.List ? ItemType(type) : MemberType(type, step[2..]);
            if (!old.TryGetValue(step, out var previous))
            {
                inner.Add(Of(value, of));
                if (type.Kind == FieldKind.List) inner.IsMember = true;
            }
            else
            {
                Compare(previous, value, of, inner, gone);
            }
            if (!inner.IsEmpty) changed._children[step] = inner;
            if (!gone.IsEmpty) removed._children[step] = gone;
        }
        foreach (var step in old.Keys.Where(s => !now.ContainsKey(s))) removed._children[step] = new FieldSet { IsMember = true };
    }

    private static Dictionary<string, JsonNode?> Steps(JsonNode? value, FieldType type)
    {
        var steps = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        if (value is JsonObject members)
        {
            foreach (var (name, inner) in members) steps["f:" + name] = inner;
        }
        else
        {
            foreach (var item in (JsonArray)value!) steps[type.IsSet ? ValueOf(item) : KeyOf(item, type.Keys)] = item;
        }
        return steps;
    }

    /// <summary>Type of a member of an object or map.</summary>
    public static FieldType MemberType(FieldType type, string name) => type.Kind == FieldKind.Map
        ? new FieldType(type.Item, null, FieldKind.Free, [], false, type.Item == FieldKind.Free, false, false)
        : Schema.Field(type.Type, name);

    /// <summary>Type of an item of a list.</summary>
    public static FieldType ItemType(FieldType type) =>
        new(type.Item, type.Type, FieldKind.Free, [], false, type.Item == FieldKind.Free, false, false);
}
