using System.Text.Json;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A resource that a service lends.</summary>
/// <param name="Name">Its name.</param>
public sealed record AcrResource(string Name)
{
    /// <summary><c>string</c> or <c>object</c>.</summary>
    public string? Type { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public JsonElement? Expire { get; init; }

    /// <summary>Its content.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Its keys.</summary>
    public JsonElement? Keys { get; init; }
}
