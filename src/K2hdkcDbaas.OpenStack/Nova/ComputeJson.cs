using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Nova;

internal sealed record ComputeVersionBody(string Version);

internal sealed record ServersReply(IReadOnlyList<Server> Servers)
{
    public IReadOnlyList<LinkBody>? ServersLinks { get; init; }
}

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

internal sealed record CreateImageBody(string Name, IReadOnlyDictionary<string, string> Metadata);

internal sealed record ConsoleReply
{
    public string? Output { get; init; }
}

internal sealed record FlavorsReply([property: JsonConverter(typeof(SkippingListConverter<Flavor>))] IReadOnlyList<Flavor> Flavors)
{
    public IReadOnlyList<LinkBody>? FlavorsLinks { get; init; }
}

internal sealed record KeyPairReply(KeyPair Keypair);

internal sealed record ComputeLimitsBody(ComputeLimits Absolute);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ServersReply))]
[JsonSerializable(typeof(NewServerRequest))]
[JsonSerializable(typeof(ConsoleReply))]
[JsonSerializable(typeof(FlavorsReply))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ComputeVersionBody))]
[JsonSerializable(typeof(Server))]
[JsonSerializable(typeof(CreatedServer))]
[JsonSerializable(typeof(CreateImageBody))]
[JsonSerializable(typeof(Flavor))]
[JsonSerializable(typeof(KeyPair))]
[JsonSerializable(typeof(IReadOnlyList<KeyPairReply>))]
[JsonSerializable(typeof(IReadOnlyList<AvailabilityZone>))]
[JsonSerializable(typeof(ComputeLimitsBody))]
internal sealed partial class ComputeJson : JsonSerializerContext
{
    /// <summary>Nova's bodies.</summary>
    public static RestJson Bodies => field ??= new(Default, new Dictionary<Type, string>
    {
        [typeof(ComputeVersionBody)] = "version",
        [typeof(Server)] = "server",
        [typeof(CreatedServer)] = "server",
        [typeof(CreateImageBody)] = "createImage",
        [typeof(Flavor)] = "flavor",
        [typeof(KeyPair)] = "keypair",
        [typeof(IReadOnlyList<KeyPairReply>)] = "keypairs",
        [typeof(IReadOnlyList<AvailabilityZone>)] = "availabilityZoneInfo",
        [typeof(ComputeLimitsBody)] = "limits",
    });
}
