using System.Globalization;
using System.Text.Json;

namespace K2hdkcDbaas.OpenStack.Nova;

/// <summary>A server to be made.</summary>
public sealed record NewServer
{
    // From Nova's "REST API Version History": what POST /servers takes since which minor version.
    private static readonly Dictionary<string, int> Newer = new()
    {
        ["description"] = 19,
        ["tags"] = 52,
        ["trusted_image_certificates"] = 63,
        ["host"] = 74,
        ["hypervisor_hostname"] = 74,
        ["hostname"] = 90,
    };

    private static readonly Dictionary<string, int> NewerOfDisks = new() { ["tag"] = 42, ["volume_type"] = 67 };

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The id of its flavor.</summary>
    public required string FlavorId { get; init; }

    /// <summary>The id of its image; null when a block device mapping boots it.</summary>
    public string? ImageId { get; init; }

    /// <summary>Its networks or ports; at least one, since Nova's own choice fails where there are several.</summary>
    public required IReadOnlyList<ServerNetwork> Networks { get; init; }

    /// <summary>Its user data as plain text; sent as base64. May hold a secret.</summary>
    public string? UserData { get; init; }

    /// <summary>The names of its security groups; null leaves it to the project's default.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>Its key pair's name.</summary>
    public string? KeyName { get; init; }

    /// <summary>Its availability zone.</summary>
    public string? AvailabilityZone { get; init; }

    /// <summary>Its metadata.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Its block device mapping, each entry as Nova's <c>block_device_mapping_v2</c> has it.</summary>
    public IReadOnlyList<JsonElement>? BlockDeviceMapping { get; init; }

    /// <summary>More members of Nova's <c>server</c>, as they are.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Properties { get; init; }

    /// <summary>More members beside <c>server</c>, such as <c>os:scheduler_hints</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement>? SchedulerHints { get; init; }

    /// <summary>The lowest microversion that knows all that is asked for here; null for 2.1.</summary>
    public string? Microversion
    {
        get
        {
            var minor = (Properties?.Keys ?? []).Select(k => Newer.GetValueOrDefault(k))
                .Concat((BlockDeviceMapping ?? []).Where(d => d.ValueKind == JsonValueKind.Object).SelectMany(d => d.EnumerateObject())
                    .Select(m => NewerOfDisks.GetValueOrDefault(m.Name)))
                .DefaultIfEmpty().Max();
            return minor == 0 ? null : "2." + minor.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Prints without the user data.</summary>
    public override string ToString() => $"server {Name} (flavor {FlavorId}, image {ImageId ?? "none"})";
}
