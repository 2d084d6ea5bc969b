using System.Text.Json.Serialization;
using Refit;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>A place for servers.</summary>
/// <param name="ZoneName">Its name.</param>
public sealed record AvailabilityZone([property: JsonPropertyName("zoneName")] string ZoneName)
{
    /// <summary>Whether it takes servers.</summary>
    [JsonPropertyName("zoneState")]
    public ZoneState? ZoneState { get; init; }
}

/// <summary>Nova's availability zones (Compute API reference, "Availability zones").</summary>
internal interface IAvailabilityZones
{
    /// <summary>The zones that the project sees.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/os-availability-zone")]
    Task<IReadOnlyList<AvailabilityZone>> ListAsync(CancellationToken cancellationToken);
}
