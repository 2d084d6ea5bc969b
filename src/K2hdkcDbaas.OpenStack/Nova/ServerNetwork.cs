using System.Text.Json.Serialization;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>Where a new server is plugged in: a network or a port.</summary>
public sealed record ServerNetwork
{
    /// <summary>The network's id.</summary>
    [JsonPropertyName("uuid")]
    public string? NetworkId { get; init; }

    /// <summary>The port's id.</summary>
    [JsonPropertyName("port")]
    public string? PortId { get; init; }

    /// <summary>The address wanted on the network.</summary>
    public string? FixedIp { get; init; }
}
