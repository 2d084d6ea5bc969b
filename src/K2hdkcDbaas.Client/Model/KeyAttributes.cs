using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Model;

/// <summary>The attributes of a key.</summary>
/// <param name="All">All of them, as stored.</param>
public sealed record KeyAttributes(IReadOnlyList<KeyAttribute> All)
{
    /// <summary>No attributes.</summary>
    public static readonly KeyAttributes None = new([]);

    /// <summary>When the value was written; null when not noted.</summary>
    public DateTimeOffset? Modified => Time(AttributeNames.Modified);

    /// <summary>When the value ends; null for never.</summary>
    public DateTimeOffset? Expires => Time(AttributeNames.Expires);

    /// <summary>Whether the value is encrypted.</summary>
    public bool IsEncrypted => All.Any(a => a.Is(AttributeNames.EncryptedPbkdf2) || a.Is(AttributeNames.EncryptedMd5));

    /// <summary>Id of this version, where the servers keep history; else null.</summary>
    public string? UniqueId => Text(AttributeNames.UniqueId);

    /// <summary>Id of the version before, where the servers keep history; else null.</summary>
    public string? ParentUniqueId => Text(AttributeNames.ParentUniqueId);

    private DateTimeOffset? Time(string name)
    {
        foreach (var attribute in All)
            if (attribute.Is(name) && attribute.TryGetTime(out var time)) return time;
        return null;
    }

    private string? Text(string name)
    {
        foreach (var attribute in All)
            if (attribute.Is(name)) return StoredText.Decode(attribute.Value.Span);
        return null;
    }
}
