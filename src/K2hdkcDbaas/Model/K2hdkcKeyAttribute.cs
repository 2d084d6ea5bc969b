using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Model;

namespace K2hdkcDbaas.Model;

/// <summary>What the servers keep about a key beside its value.</summary>
public sealed class K2hdkcKeyAttribute : IKeyBearer
{
    internal K2hdkcKeyAttribute(KeyReference key, KeyAttributes attributes)
    {
        (Key, IsBare) = (key.Value, key.IsBare);
        Modified = attributes.Modified;
        Expires = attributes.Expires;
        IsEncrypted = attributes.IsEncrypted;
        UniqueId = attributes.UniqueId;
        ParentUniqueId = attributes.ParentUniqueId;
        // One may be stored twice; the last counts.
        var all = new Dictionary<string, byte[]>();
        foreach (var attribute in attributes.All) all[attribute.DisplayName] = attribute.Value.ToArray();
        All = all;
    }

    /// <summary>The key.</summary>
    public object Key { get; }

    /// <summary>Whether the key is text stored without the usual trailing NUL.</summary>
    public bool IsBare { get; }

    /// <summary>When the value was written; null when the servers do not note it.</summary>
    public DateTimeOffset? Modified { get; }

    /// <summary>When the value ends; null for never.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>Whether the value is encrypted.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Id of this version, where the servers keep history.</summary>
    public string? UniqueId { get; }

    /// <summary>Id of the version before, where the servers keep history.</summary>
    public string? ParentUniqueId { get; }

    /// <summary>All attributes by name, as stored.</summary>
    public IReadOnlyDictionary<string, byte[]> All { get; }

    KeyReference? IKeyBearer.Reference => KeyReference.Of(Key, IsBare);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", All.Keys);
}
