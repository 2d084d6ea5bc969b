using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Keystone;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(AuthRequest))]
[JsonSerializable(typeof(IdentityVersionReply))]
[JsonSerializable(typeof(ProjectsReply))]
internal sealed partial class IdentityJson : JsonSerializerContext;
