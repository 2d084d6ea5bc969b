using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A member of a cluster.</summary>
/// <param name="Id">The instance's id.</param>
/// <param name="Name">Its name.</param>
public sealed record ClusterMember(string Id, string Name)
{
    /// <summary>Its status; only when the cluster is shown alone.</summary>
    public string? Status { get; init; }

    /// <summary>Its volume; only when the cluster is shown alone.</summary>
    public DatabaseVolume? Volume { get; init; }

    /// <summary>Its flavor's id; only when the cluster is shown alone.</summary>
    [JsonPropertyName("flavor")]
    [JsonConverter(typeof(ReferenceConverter))]
    public string? FlavorId { get; init; }

    /// <summary>Its addresses; only when the cluster is shown alone.</summary>
    [JsonPropertyName("ip")]
    public IReadOnlyList<DatabaseAddress>? Addresses { get; init; }
}
