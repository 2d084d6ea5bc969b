using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>A virtual machine, as Nova 2.1 shows it.</summary>
public sealed record Server
{
    /// <summary>Its id; also the <c>cuk</c> of its K2HDKC node.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>BUILD, ACTIVE, SHUTOFF, ERROR, DELETED and so on.</summary>
    public required string Status { get; init; }

    /// <summary>What Nova is doing with it; null for nothing.</summary>
    [JsonPropertyName("OS-EXT-STS:task_state")]
    public string? TaskState { get; init; }

    /// <summary>Why it is in ERROR; null otherwise.</summary>
    public ServerFault? Fault { get; init; }

    /// <summary>Its addresses by network name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ServerAddress>> Addresses { get; init; } =
        new Dictionary<string, IReadOnlyList<ServerAddress>>();

    /// <summary>Its metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Its image's id; null when it was booted from a volume.</summary>
    [JsonPropertyName("image")]
    [JsonConverter(typeof(ReferenceConverter))]
    public string? ImageId { get; init; }

    /// <summary>Its flavor's id (the flavor's name from microversion 2.47).</summary>
    [JsonPropertyName("flavor")]
    [JsonConverter(typeof(ReferenceConverter))]
    public string? FlavorId { get; init; }

    /// <summary>Its key pair's name.</summary>
    public string? KeyName { get; init; }

    /// <summary>Its availability zone; empty until it is placed.</summary>
    [JsonPropertyName("OS-EXT-AZ:availability_zone")]
    public string? AvailabilityZone { get; init; }

    /// <summary>Its security groups, once for each port; absent while it has none.</summary>
    public IReadOnlyList<NamedReference>? SecurityGroups { get; init; }

    /// <summary>The id of its project.</summary>
    public string? TenantId { get; init; }

    /// <summary>The id of the user that made it.</summary>
    public string? UserId { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>All its addresses, in Nova's order.</summary>
    [JsonIgnore]
    public IEnumerable<string> IPAddresses => Addresses.Values.SelectMany(a => a).Select(a => a.Addr);
}
