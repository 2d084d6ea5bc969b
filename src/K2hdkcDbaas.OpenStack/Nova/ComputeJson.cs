using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Nova;

internal sealed record ComputeVersionReply(ComputeVersionBody Version);

internal sealed record ComputeVersionBody(string Version);

internal sealed record ServerReply(Server Server);

internal sealed record ServersReply(IReadOnlyList<Server> Servers)
{
    public IReadOnlyList<LinkBody>? ServersLinks { get; init; }
}

internal sealed record CreatedServerReply(CreatedServer Server);

internal sealed record NewServerRequest(NewServerBody Server)
{
    [JsonPropertyName("os:scheduler_hints")]
    public IReadOnlyDictionary<string, JsonElement>? SchedulerHints { get; init; }
}

internal sealed record NewServerBody
{
    public required string Name { get; init; }
    [JsonPropertyName("imageRef")]
    public string? ImageRef { get; init; }
    [JsonPropertyName("flavorRef")]
    public required string FlavorRef { get; init; }
    public required IReadOnlyList<ServerNetwork> Networks { get; init; }
    public IReadOnlyList<NamedReference>? SecurityGroups { get; init; }
    public string? KeyName { get; init; }
    public string? AvailabilityZone { get; init; }
    public string? UserData { get; init; }
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
    [JsonPropertyName("block_device_mapping_v2")]
    public IReadOnlyList<JsonElement>? BlockDeviceMappingV2 { get; init; }
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

internal sealed record CreateImageRequest([property: JsonPropertyName("createImage")] CreateImageBody CreateImage);

internal sealed record CreateImageBody(string Name, IReadOnlyDictionary<string, string> Metadata);

internal sealed record ConsoleReply
{
    public string? Output { get; init; }
}

internal sealed record FlavorsReply(IReadOnlyList<Flavor> Flavors)
{
    public IReadOnlyList<LinkBody>? FlavorsLinks { get; init; }
}

internal sealed record FlavorReply(Flavor Flavor);

internal sealed record KeyPairsReply(IReadOnlyList<KeyPairReply> Keypairs);

internal sealed record KeyPairReply(KeyPair Keypair);

internal sealed record ZonesReply([property: JsonPropertyName("availabilityZoneInfo")] IReadOnlyList<AvailabilityZone> AvailabilityZoneInfo);

internal sealed record ComputeLimitsReply(ComputeLimitsBody Limits);

internal sealed record ComputeLimitsBody(ComputeLimits Absolute);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ComputeVersionReply))]
[JsonSerializable(typeof(ServerReply))]
[JsonSerializable(typeof(ServersReply))]
[JsonSerializable(typeof(CreatedServerReply))]
[JsonSerializable(typeof(NewServerRequest))]
[JsonSerializable(typeof(CreateImageRequest))]
[JsonSerializable(typeof(ConsoleReply))]
[JsonSerializable(typeof(FlavorsReply))]
[JsonSerializable(typeof(FlavorReply))]
[JsonSerializable(typeof(KeyPairsReply))]
[JsonSerializable(typeof(KeyPairReply))]
[JsonSerializable(typeof(ZonesReply))]
[JsonSerializable(typeof(ComputeLimitsReply))]
internal sealed partial class ComputeJson : JsonSerializerContext;
