using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>A place for servers.</summary>
/// <param name="ZoneName">Its name.</param>
public sealed record AvailabilityZone([property: JsonPropertyName("zoneName")] string ZoneName)
{
    /// <summary>Whether it takes servers.</summary>
    [JsonPropertyName("zoneState")]
    public ZoneState? ZoneState { get; init; }
}

/// <summary>Whether a zone takes servers.</summary>
/// <param name="Available">True when it does.</param>
public sealed record ZoneState(bool Available);

/// <summary>Nova's availability zones (/v2.1/os-availability-zone).</summary>
public sealed class AvailabilityZonesClient
{
    private readonly ServiceEndpoint _nova;

    internal AvailabilityZonesClient(ServiceEndpoint nova) => _nova = nova;

    /// <summary>The zones that the project sees.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<AvailabilityZone>> ListAsync(CancellationToken cancellationToken) =>
        (await _nova.GetAsync("/os-availability-zone", ComputeJson.Default.ZonesReply, cancellationToken).ConfigureAwait(false)).AvailabilityZoneInfo;
}
