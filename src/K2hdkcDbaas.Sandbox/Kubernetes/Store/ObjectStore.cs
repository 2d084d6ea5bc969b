using System.Globalization;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Store;

/// <summary>A change of one object.</summary>
/// <param name="Revision">Its resource version.</param>
/// <param name="Type">The object's kind.</param>
/// <param name="Object">The object after the change; of a removed one its last state, with the resource version of its removal.</param>
/// <param name="Before">The object before the change; null when it is new.</param>
/// <param name="IsRemoval">Whether it is gone.</param>
internal sealed record ObjectChange(long Revision, ResourceType Type, JsonObject Object, JsonObject? Before, bool IsRemoval);

/// <summary>
/// The objects with their history, as etcd holds them. What is stored is never changed, only replaced; so it may be read without the lock.
/// </summary>
internal sealed class ObjectStore
{
    private const int Kept = 20_000;
    private readonly Dictionary<ResourceType, SortedDictionary<string, JsonObject>> _objects =
        ResourceTypes.All.ToDictionary(t => t, _ => new SortedDictionary<string, JsonObject>(StringComparer.Ordinal));

    private readonly List<ObjectChange> _history = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _oldest;

    /// <summary>Taken for the moment of a change or a look at several objects; never over an await.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Resource version of the last change.</summary>
    public long Revision { get; private set; } = 1;

    /// <summary>Ends at the next change.</summary>
    public Task NextChange
    {
        get { lock (Gate) return _next.Task; }
    }

    public JsonObject? Find(ResourceType type, string ns, string name)
    {
        lock (Gate) return _objects[type].GetValueOrDefault(Key(type, ns, name));
    }

    /// <summary>The objects in the order of namespace and name.</summary>
    public IReadOnlyList<JsonObject> All(ResourceType type, string? ns = null)
    {
        lock (Gate) return [.. _objects[type].Values.Where(o => ns is null || o.Namespace() == ns)];
    }

    /// <summary>Stores a new object or a new state of one; the object then belongs to the store.</summary>
    public JsonObject Put(ResourceType type, JsonObject obj)
    {
        lock (Gate)
        {
            var key = Key(type, obj.Namespace(), obj.Name());
            var before = _objects[type].GetValueOrDefault(key);
            Revision++;
            obj.Meta()["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture);
            _objects[type][key] = obj;
            Note(new ObjectChange(Revision, type, obj, before, IsRemoval: false));
            return obj;
        }
    }

    public void Drop(ResourceType type, JsonObject obj)
    {
        lock (Gate)
        {
            if (!_objects[type].Remove(Key(type, obj.Namespace(), obj.Name()), out var before)) return;
            Revision++;
            var last = before.Copy();
            last.Meta()["resourceVersion"] = Revision.ToString(CultureInfo.InvariantCulture);
            Note(new ObjectChange(Revision, type, last, before, IsRemoval: true));
        }
    }

    /// <summary>The changes of a kind after a resource version; null when they are no longer known (410 Gone).</summary>
    public IReadOnlyList<ObjectChange>? Since(ResourceType type, long revision)
    {
        lock (Gate)
        {
            if (revision < _oldest) return null;
            var first = _history.Count;
            while (first > 0 && _history[first - 1].Revision > revision) first--;
            return [.. _history.Skip(first).Where(c => c.Type == type)];
        }
    }

    /// <summary>Forgets all changes up to now, as etcd's compaction does.</summary>
    public void Compact()
    {
        lock (Gate)
        {
            _history.Clear();
            _oldest = ++Revision;
            Wake();
        }
    }

    private void Note(ObjectChange change)
    {
        _history.Add(change);
        if (_history.Count > Kept)
        {
            _history.RemoveRange(0, Kept / 4);
            _oldest = _history[0].Revision - 1;
        }
        Wake();
    }

    private void Wake()
    {
        _next.TrySetResult();
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static string Key(ResourceType type, string ns, string name) => type.IsNamespaced ? ns + "/" + name : name;
}
