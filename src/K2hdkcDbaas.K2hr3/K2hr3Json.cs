using System.Text.Json;
using System.Text.Json.Serialization;

namespace K2hdkcDbaas.K2hr3;

// The shapes of K2HR3's JSON (k2hr3_api src/routes). Every success says "result": true.

/// <summary>What every answer of K2HR3 has.</summary>
public abstract record K2hr3Reply
{
    /// <summary>Whether it was a success.</summary>
    public required bool Result { get; init; }
}

internal sealed record BaseReply : K2hr3Reply;

/// <summary>Who a K2HR3 user token is for.</summary>
public sealed record UserTokenInfo : K2hr3Reply
{
    /// <summary>Whether the token is for one tenant.</summary>
    public required bool Scoped { get; init; }

    /// <summary>The user's name, lower-cased.</summary>
    public string? User { get; init; }

    /// <summary>The user's tenants; the one of the token when it is scoped.</summary>
    public IReadOnlyList<Tenant> Tenants { get; init; } = [];
}

internal sealed record TokenRequest(TokenAuth Auth);

internal sealed record TokenAuth
{
    public string? TenantName { get; init; }
    public PasswordBody? PasswordCredentials { get; init; }
}

internal sealed record PasswordBody(string Username, string Password);

internal sealed record TokenReply(string Token) : K2hr3Reply;

internal sealed record VersionReply(IReadOnlyList<string> Version);

internal sealed record ResourceRequest(ResourceBody Resource);

internal sealed record ResourceBody(string Name)
{
    public string? Type { get; init; }
    public JsonElement? Data { get; init; }
    public JsonElement? Keys { get; init; }
    public IReadOnlyList<string>? Alias { get; init; }
}

internal sealed record ResourceReply(Resource Resource) : K2hr3Reply;

internal sealed record ResourceTextReply(string? Resource) : K2hr3Reply;

internal sealed record PolicyRequest(Policy Policy);

internal sealed record PolicyReply(Policy Policy) : K2hr3Reply;

internal sealed record RoleRequest(RoleBody Role);

internal sealed record RoleBody(string Name)
{
    public IReadOnlyList<string>? Policies { get; init; }
    public IReadOnlyList<string>? Alias { get; init; }
}

internal sealed record RoleReply(RoleReplyBody Role) : K2hr3Reply;

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

internal sealed record HostsRequest(IReadOnlyList<HostBody> Host);

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

internal sealed record RoleTokenListReply(JsonElement Tokens) : K2hr3Reply;

internal sealed record RoleTokenBody
{
    public DateTimeOffset? Date { get; init; }
    public DateTimeOffset? Expire { get; init; }
    public string? User { get; init; }
    public string? Registerpath { get; init; }
}

internal sealed record ListReply(IReadOnlyList<NameTree> Children) : K2hr3Reply;

internal sealed record ServiceBody
{
    public string? Name { get; init; }
    public string? Tenant { get; init; }
    [JsonPropertyName("clear_tenant")]
    public bool? ClearTenant { get; init; }
    public JsonElement? Verify { get; init; }
}

internal sealed record ServiceReply(Service Service) : K2hr3Reply;

internal sealed record TenantNameBody
{
    public string? Tenant { get; init; }
}

internal sealed record AcrTokenReply(AcrTokenInfo Tokeninfo) : K2hr3Reply;

internal sealed record AcrResourcesReply(IReadOnlyList<AcrResource> Resources) : K2hr3Reply;

internal sealed record TenantsReply(IReadOnlyList<Tenant> Tenants) : K2hr3Reply;

internal sealed record TenantReply(Tenant Tenant) : K2hr3Reply;

internal sealed record TenantRequest(TenantBody Tenant);

internal sealed record TenantBody
{
    public string? Name { get; init; }
    public string? Id { get; init; }
    public string? Display { get; init; }
    public string? Desc { get; init; }
    public IReadOnlyList<string>? Users { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BaseReply))]
[JsonSerializable(typeof(UserTokenInfo))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(VersionReply))]
[JsonSerializable(typeof(ResourceRequest))]
[JsonSerializable(typeof(ResourceReply))]
[JsonSerializable(typeof(ResourceTextReply))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(PolicyReply))]
[JsonSerializable(typeof(RoleRequest))]
[JsonSerializable(typeof(RoleReply))]
[JsonSerializable(typeof(HostsRequest))]
[JsonSerializable(typeof(RoleTokenReply))]
[JsonSerializable(typeof(RoleTokenListReply))]
[JsonSerializable(typeof(RoleTokenBody))]
[JsonSerializable(typeof(ListReply))]
[JsonSerializable(typeof(ServiceBody))]
[JsonSerializable(typeof(ServiceReply))]
[JsonSerializable(typeof(TenantNameBody))]
[JsonSerializable(typeof(AcrTokenReply))]
[JsonSerializable(typeof(AcrResourcesReply))]
[JsonSerializable(typeof(TenantsReply))]
[JsonSerializable(typeof(TenantReply))]
[JsonSerializable(typeof(TenantRequest))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
internal sealed partial class K2hr3Json : JsonSerializerContext;
