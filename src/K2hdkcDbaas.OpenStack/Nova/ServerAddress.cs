using System.Text.Json.Serialization;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>One address of a server.</summary>
/// <param name="Addr">The address.</param>
/// <param name="Version">4 or 6.</param>
public sealed record ServerAddress(string Addr, int Version)
{
    /// <summary><c>fixed</c> or <c>floating</c>.</summary>
    [JsonPropertyName("OS-EXT-IPS:type")]
    public string? Type { get; init; }
}
