using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Kubernetes.Store;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Patches;

/// <summary>metadata.managedFields: who set which field, and how.</summary>
internal static class ManagedFields
{
    /// <summary>The fields of one manager.</summary>
    internal sealed class Entry
    {
        public required string Manager { get; init; }

        /// <summary>Apply or Update.</summary>
        public required string Operation { get; init; }

        public required string ApiVersion { get; init; }

        public required string Subresource { get; init; }

        public required string Time { get; set; }

        public required FieldSet Fields { get; init; }

        public bool Is(string manager, string operation, string subresource) =>
            Manager == manager && Operation == operation && Subresource == subresource;
    }

    public static List<Entry> Read(JsonObject obj) =>
    [
        .. obj.Items("metadata", "managedFields").Select(e => new Entry
        {
            Manager = e.Text("manager"),
            Operation = e.Text("operation"),
            ApiVersion = e.Text("apiVersion"),
            Subresource = e.Text("subresource"),
            Time = e.Text("time"),
            Fields = FieldSet.Read(e["fieldsV1"]),
        }),
    ];

    public static void Write(JsonObject obj, IReadOnlyList<Entry> entries)
    {
        var kept = entries.Where(e => !e.Fields.IsEmpty).ToList();
        if (kept.Count == 0)
        {
            obj.Meta().Remove("managedFields");
            return;
        }
        obj.Meta()["managedFields"] = JsonHttp.ToArray(kept.OrderBy(e => e.Operation, StringComparer.Ordinal), e =>
        {
            var entry = new JsonObject
            {
                ["manager"] = e.Manager,
                ["operation"] = e.Operation,
                ["apiVersion"] = e.ApiVersion,
                ["time"] = e.Time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = e.Fields.Write()
            };
            if (e.Subresource.Length > 0) entry["subresource"] = e.Subresource;
            return entry;
        });
    }

    /// <summary>Notes an apply: the manager has what it asked for, and nothing else any more.</summary>
    public static void NoteApply(ResourceType type, JsonObject obj, JsonObject wanted, string manager, string subresource, string time,
        JsonObject? before)
    {
        var entries = Read(obj);
        entries.RemoveAll(e => e.Is(manager, "Apply", subresource));
        var fields = FieldSet.OfObject(wanted, type.Kind);
        var earlier = before is null ? null : Read(before).Find(e => e.Is(manager, "Apply", subresource));
        var isSame = earlier is not null && KubeJson.Same(earlier.Fields.Write(), fields.Write());
        entries.Add(new Entry
        {
            Manager = manager,
            Operation = "Apply",
            ApiVersion = type.ApiVersion,
            Subresource = subresource,
            Time = isSame ? earlier!.Time : time,
            Fields = fields
        });
        Write(obj, entries);
    }

    /// <summary>Notes a create, an update or a patch: what it changed is the manager's and no one else's.</summary>
    public static void NoteUpdate(ResourceType type, JsonObject? before, JsonObject after, string manager, string subresource, string time)
    {
        if (type == ResourceTypes.Events && before is not null) return;
        var (changed, removed) = FieldSet.Compare(before, after, type.Kind);
        // A client that empties the list starts it anew.
        var entries = before is not null && after.At("metadata", "managedFields") is not JsonArray { Count: > 0 }
            && before.At("metadata", "managedFields") is not null
            ? Read(before) : Read(after);
        if (changed.IsEmpty && removed.IsEmpty)
        {
            Write(after, entries);
            return;
        }
        var own = entries.Find(e => e.Is(manager, "Update", subresource));
        foreach (var entry in entries)
        {
            if (entry != own) entry.Fields.Remove(changed, below: false);
            entry.Fields.Remove(removed, below: true);
        }
        if (!changed.IsEmpty)
        {
            if (own is null)
            {
                own = new Entry
                {
                    Manager = manager,
                    Operation = "Update",
                    ApiVersion = type.ApiVersion,
                    Subresource = subresource,
                    Time = time,
                    Fields = new FieldSet()
                };
                entries.Add(own);
            }
            own.Fields.Add(changed);
            own.Time = time;
        }
        Write(after, entries);
    }
}
