using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Keystone;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(IdentityVersionReply))]
[JsonSerializable(typeof(CatalogBody))]
[JsonSerializable(typeof(EndpointBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(AuthBody))]
[JsonSerializable(typeof(IReadOnlyList<Project>))]
internal sealed partial class IdentityJson : JsonSerializerContext
{
    /// <summary>Keystone's bodies.</summary>
    public static RestJson Bodies => field ??= new(Default, new Dictionary<Type, string>
    {
        [typeof(TokenBody)] = "token",
        [typeof(AuthBody)] = "auth",
        [typeof(IReadOnlyList<Project>)] = "projects",
    });
}
