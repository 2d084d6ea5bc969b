using System.Text.Json;
using System.Text.Json.Serialization;

namespace K2hdkcDbaas.OpenStack.Glance;

/// <summary>A disk image in Glance.</summary>
public sealed record Image
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; Glance allows none.</summary>
    public string? Name { get; init; }

    /// <summary>queued, saving, active, killed, deleted, deactivated.</summary>
    public required string Status { get; init; }

    /// <summary>public, private, shared or community.</summary>
    public string? Visibility { get; init; }

    /// <summary>The id of the project that owns it.</summary>
    public string? Owner { get; init; }

    /// <summary>Bytes; null until it is active.</summary>
    public long? Size { get; init; }

    /// <summary>The least disk a server needs, GiB.</summary>
    public int? MinDisk { get; init; }

    /// <summary>The least memory a server needs, MiB.</summary>
    public int? MinRam { get; init; }

    /// <summary>raw, qcow2 and so on.</summary>
    public string? DiskFormat { get; init; }

    /// <summary>Whether it is safe from deletion.</summary>
    public bool Protected { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whatever else the image has, among it the properties given by users.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> More { get; set; } = [];

    /// <summary>A property given by a user; null when the image has none of that name.</summary>
    /// <param name="name">The property's name.</param>
    public string? Property(string name) =>
        More.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
