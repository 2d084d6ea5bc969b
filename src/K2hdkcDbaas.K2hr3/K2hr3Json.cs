using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

// The shapes of K2HR3's JSON (k2hr3_api src/routes). Every success says "result": true.

/// <summary>What every answer of K2HR3 has.</summary>
public abstract record K2hr3Reply
{
    /// <summary>Whether it was a success.</summary>
    public required bool Result { get; init; }
}

internal sealed record BaseReply : K2hr3Reply;

internal sealed record TokenAuth
{
    public string? TenantName { get; init; }
    public PasswordBody? PasswordCredentials { get; init; }
}

internal sealed record PasswordBody(string Username, string Password);

internal sealed record TokenReply(string Token) : K2hr3Reply;

internal sealed record VersionReply(IReadOnlyList<string> Version);

internal sealed record ResourceBody(string Name)
{
    public string? Type { get; init; }
    public JsonElement? Data { get; init; }
    public JsonElement? Keys { get; init; }
    public IReadOnlyList<string>? Alias { get; init; }
}

internal sealed record ResourceTextReply(string? Resource) : K2hr3Reply;

internal sealed record RoleBody(string Name)
{
    public IReadOnlyList<string>? Policies { get; init; }
    public IReadOnlyList<string>? Alias { get; init; }
}

internal sealed record RoleReplyBody
{
    public IReadOnlyList<string>? Policies { get; init; }
    public IReadOnlyList<string>? Aliases { get; init; }
    public RoleHostsBody? Hosts { get; init; }
}

internal sealed record RoleHostsBody
{
    public IReadOnlyList<string>? Hostnames { get; init; }
    public IReadOnlyList<string>? Ips { get; init; }
}

internal sealed record HostBody(string Host)
{
    public int Port { get; init; }
    public string? Cuk { get; init; }
    public string? Extra { get; init; }
    public string? Tag { get; init; }
    public string? Inboundip { get; init; }
    public string? Outboundip { get; init; }
}

internal sealed record RoleTokenReply(string Token, string Registerpath) : K2hr3Reply;

internal sealed record RoleTokenBody
{
    public DateTimeOffset? Date { get; init; }
    public DateTimeOffset? Expire { get; init; }
    public string? User { get; init; }
    public string? Registerpath { get; init; }
}

internal sealed record ServiceBody
{
    public string? Name { get; init; }
    public string? Tenant { get; init; }
    [JsonPropertyName("clear_tenant")]
    public bool? ClearTenant { get; init; }
    public JsonElement? Verify { get; init; }
}

internal sealed record TenantNameBody
{
    public string? Tenant { get; init; }
}

internal sealed record TenantBody
{
    public string? Name { get; init; }
    public string? Id { get; init; }
    public string? Display { get; init; }
    public string? Desc { get; init; }
    public IReadOnlyList<string>? Users { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BaseReply))]
[JsonSerializable(typeof(UserTokenInfo))]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(ResourceTextReply))]
[JsonSerializable(typeof(RoleTokenReply))]
[JsonSerializable(typeof(RoleTokenBody))]
[JsonSerializable(typeof(ServiceBody))]
[JsonSerializable(typeof(TenantNameBody))]
[JsonSerializable(typeof(TokenAuth))]
[JsonSerializable(typeof(ResourceBody))]
[JsonSerializable(typeof(Resource))]
[JsonSerializable(typeof(Policy))]
[JsonSerializable(typeof(RoleBody))]
[JsonSerializable(typeof(RoleReplyBody))]
[JsonSerializable(typeof(IReadOnlyList<HostBody>))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(IReadOnlyList<NameTree>))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(AcrTokenInfo))]
[JsonSerializable(typeof(IReadOnlyList<AcrResource>))]
[JsonSerializable(typeof(IReadOnlyList<Tenant>))]
[JsonSerializable(typeof(Tenant))]
[JsonSerializable(typeof(TenantBody))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class K2hr3Json : JsonSerializerContext
{
    /// <summary>K2HR3's bodies: every answer says <c>"result": true</c>, and has the thing itself beside it.</summary>
    public static RestJson Bodies => field ??= new(Default, new Dictionary<Type, string>
    {
        [typeof(TokenAuth)] = "auth",
        [typeof(ResourceBody)] = "resource",
        [typeof(Resource)] = "resource",
        [typeof(Policy)] = "policy",
        [typeof(RoleBody)] = "role",
        [typeof(RoleReplyBody)] = "role",
        [typeof(IReadOnlyList<HostBody>)] = "host",
        [typeof(JsonElement)] = "tokens",
        [typeof(IReadOnlyList<NameTree>)] = "children",
        [typeof(Service)] = "service",
        [typeof(AcrTokenInfo)] = "tokeninfo",
        [typeof(IReadOnlyList<AcrResource>)] = "resources",
        [typeof(IReadOnlyList<Tenant>)] = "tenants",
        [typeof(Tenant)] = "tenant",
        [typeof(TenantBody)] = "tenant",
    }, success: "result");
}
