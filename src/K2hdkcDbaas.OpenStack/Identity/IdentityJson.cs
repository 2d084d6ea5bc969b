using System.Text.Json.Serialization;

namespace K2hdkcDbaas.OpenStack;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(AuthRequest))]
[JsonSerializable(typeof(IdentityVersionReply))]
[JsonSerializable(typeof(ProjectsReply))]
internal sealed partial class IdentityJson : JsonSerializerContext;
