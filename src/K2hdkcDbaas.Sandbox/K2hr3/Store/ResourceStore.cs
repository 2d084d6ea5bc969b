using K2hdkcDbaas.Templates;


namespace K2hdkcDbaas.Sandbox.K2hr3.Store;

/// <summary>What a request wants to change of a resource; null leaves a part as it is.</summary>
internal sealed record ResourceChange(string Type, object? Data, TemplateMap? Keys, List<string>? Aliases);

/// <summary>A resource as it is read: with its parents and aliases, or on its own.</summary>
internal sealed class ResourceView
{
    public string? Text { get; set; }

    public object? Object { get; set; }

    public TemplateMap? Keys { get; set; }

    public List<string>? Aliases { get; set; }

    public DateTimeOffset? Expires { get; set; }
}

/// <summary>Resources: text or objects with keys, which inherit from the resources above them.</summary>
internal sealed class ResourceStore(K2hr3Store store, TimeProvider clock, K2hr3Version version)
{
    /// <summary>Makes or changes a resource and, without content, those above it.</summary>
    public void Set(string full, ResourceChange change)
    {
        var record = Make(full);
        record.IsOwn = true;
        if (change.Data is not null)
        {
            var isObject = change.Type == "object" && change.Data is not "";
            record.Type = isObject ? "object" : "string";
            record.Data = isObject ? TemplateJson.Write(change.Data) : (string)change.Data;
        }

        record.Keys = change.Keys ?? record.Keys;
        if (change.Aliases is not null)
        {
            // The newer release forgets to count down when all aliases go at once (k2hr3_api src/lib/k2hr3dkc.ts): what they named stays
            // held.
            if (change.Aliases.Count > 0 || version == K2hr3Version.V1)
            {
                store.Refer(record.Aliases, change.Aliases);
            }

            record.Aliases = change.Aliases.Count == 0 ? null : change.Aliases;
        }
    }

    /// <summary>Sets until when a resource is valid (those of services).</summary>
    public void SetExpiry(string full, DateTimeOffset expires) => Make(full).Expires = expires;

    /// <summary>Reads a resource; null when there is none, or one of those above it has never been given data.</summary>
    public ResourceView? Read(string full, bool expand)
    {
        var view = new ResourceView();
        return Gather(full, view, expand, expand, new HashSet<string>(StringComparer.Ordinal)) ? view : null;
    }

    /// <summary>Whether the resource, one above it or an alias has data of the type, or that key.</summary>
    public bool Has(string full, string type, string? key) => Has(full, type, key, true, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>Removes all of a resource; false when something still names it.</summary>
    public bool Remove(string full)
    {
        if (!store.Resources.TryGetValue(full, out var record))
        {
            return true;
        }

        if (record.References > 0)
        {
            return false;
        }

        store.Refer(record.Aliases, null);
        if (HasChildren(full))
        {
            store.Resources[full] = new ResourceRecord { IsListed = true };
        }
        else
        {
            store.Resources.Remove(full);
        }

        return true;
    }

    /// <summary>Removes a part of a resource.</summary>
    /// <param name="full">Its name.</param>
    /// <param name="part">anytype, string, object, keys, aliases or expire.</param>
    /// <param name="names">Keys or aliases to remove; null for all.</param>
    public void RemovePart(string full, string part, IReadOnlyCollection<string>? names)
    {
        var record = store.Resources.GetValueOrDefault(full);
        switch (part)
        {
            case "anytype":
                // The real service sets a value here, also where no resource is.
                record ??= store.Resources[full] = new ResourceRecord();
                (record.Type, record.Data) = ("string", "");
                break;
            case "string" or "object" when record?.Type == part:
                (record.Type, record.Data) = ("string", "");
                break;
            case "keys" when record?.Keys is { Count: > 0 } keys:
                foreach (var name in names ?? [.. keys.Keys])
                {
                    keys.Remove(name);
                }

                break;
            case "aliases" when record?.Aliases is { } aliases:
                var left = names is null ? [] : aliases.Except(names).ToList();
                store.Refer(aliases, left);
                record.Aliases = left.Count == 0 ? null : left;
                break;
            case "expire" when record is not null:
                record.Expires = null;
                break;
            default:
                break;
        }
    }

    private ResourceRecord Make(string full)
    {
        if (store.Resources.TryGetValue(full, out var record) && record.IsListed)
        {
            return record;
        }

        if (Yrn.Parent(full) is { } parent)
        {
            Make(parent);
        }

        record ??= store.Resources[full] = new ResourceRecord();
        record.IsListed = true;
        return record;
    }

    private bool HasChildren(string full) => store.Resources.Keys.Any(name => name.StartsWith(full + "/", StringComparison.Ordinal));

    private bool Gather(string full, ResourceView view, bool expand, bool withParents, HashSet<string> seen)
    {
        if (!seen.Add(full))
        {
            return true;
        }

        var record = store.Resources.GetValueOrDefault(full);
        if (record?.Expires is { } expires)
        {
            if (expires <= clock.GetUtcNow())
            {
                return false;
            }

            view.Expires = expires;
        }

        if (withParents && Yrn.Parent(full) is { } parent && !Gather(parent, view, expand, true, seen))
        {
            return false;
        }

        if (!expand)
        {
            view.Aliases = record?.Aliases ?? [];
        }
        else if (record?.Aliases?.TrueForAll(alias => Gather(alias, view, true, false, seen)) == false)
        {
            return false;
        }

        MergeKeys(full, record?.Keys, view);
        if (record?.Type is null)
        {
            return false;
        }

        if (record.Type == "string")
        {
            view.Text += record.Data;
        }
        else
        {
            var value = TemplateJson.TryParse(record.Data, out var parsed) && parsed is not (double or bool)
                && (parsed is not string || version == K2hr3Version.V1) ? parsed : null;
            view.Object = view.Object is TemplateMap above && value is TemplateMap own ? Merge(above, own) : value;
        }

        return true;
    }

    private static void MergeKeys(string full, TemplateMap? keys, ResourceView view)
    {
        if (keys is null)
        {
            return;
        }

        var own = TemplateJson.Copy(keys);
        foreach (var (name, value) in keys)
        {
            own[$"{full}/keys/{name}"] = value;
        }

        view.Keys = view.Keys is null ? own : Merge(view.Keys, own);
    }

    private static TemplateMap Merge(TemplateMap above, TemplateMap own)
    {
        foreach (var (name, value) in own)
        {
            above[name] = value;
        }

        return above;
    }

    private bool Has(string full, string type, string? key, bool withParents, HashSet<string> seen)
    {
        if (!seen.Add(full))
        {
            return false;
        }

        if (withParents && Yrn.Parent(full) is { } parent && Has(parent, type, key, true, seen))
        {
            return true;
        }

        if (!store.Resources.TryGetValue(full, out var record))
        {
            return false;
        }

        return record.Aliases?.Exists(alias => Has(alias, type, key, false, seen)) == true
            || (type == "keys"
                ? record.Keys is not null && record.Keys.TryGetValue(key!, out var value) && value is not null
                : record.Type == type);
    }
}
