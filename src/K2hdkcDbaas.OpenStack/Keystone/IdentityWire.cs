using System.Text.Json.Serialization;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Keystone;

// The shapes of Keystone's v3 JSON that we read and write (POST /v3/auth/tokens).

internal sealed record TokenBody
{
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? IssuedAt { get; init; }
    public required NamedBody User { get; init; }
    public NamedBody? Project { get; init; }
    public IReadOnlyList<NamedBody>? Roles { get; init; }
    public IReadOnlyList<string>? Methods { get; init; }
    public NamedBody? ApplicationCredential { get; init; }
    [JsonConverter(typeof(SkippingListConverter<CatalogBody>))]
    public IReadOnlyList<CatalogBody>? Catalog { get; init; }
}

internal sealed record NamedBody(string Id, string Name)
{
    public DomainBody? Domain { get; init; }
}

internal sealed record DomainBody
{
    public string? Id { get; init; }
    public string? Name { get; init; }
}

internal sealed record CatalogBody
{
    public string? Type { get; init; }
    public string? Name { get; init; }
    [JsonConverter(typeof(SkippingListConverter<EndpointBody>))]
    public IReadOnlyList<EndpointBody>? Endpoints { get; init; }
}

internal sealed record EndpointBody
{
    public string? Interface { get; init; }
    public string? Url { get; init; }
    public string? RegionId { get; init; }
    public string? Region { get; init; }
}

internal sealed record AuthBody(IdentityBody Identity)
{
    public ScopeBody? Scope { get; init; }
}

internal sealed record IdentityBody(IReadOnlyList<string> Methods)
{
    public PasswordBody? Password { get; init; }
    public IdBody? Token { get; init; }
    public AppCredBody? ApplicationCredential { get; init; }
}

internal sealed record PasswordBody(UserBody User);

internal sealed record UserBody
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public DomainBody? Domain { get; init; }
    public string? Password { get; init; }
}

internal sealed record IdBody(string Id);

internal sealed record AppCredBody
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public required string Secret { get; init; }
    public UserBody? User { get; init; }
}

internal sealed record ScopeBody(ScopeProjectBody Project);

internal sealed record ScopeProjectBody
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public DomainBody? Domain { get; init; }
}

internal sealed record IdentityVersionReply
{
    public IdentityVersionBody? Version { get; init; }
    public IdentityVersionsBody? Versions { get; init; }
}

internal sealed record IdentityVersionsBody(IReadOnlyList<IdentityVersionBody> Values);

internal sealed record IdentityVersionBody(string Id);

/// <summary>A project of the logged-in user.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, as Keystone has it (K2HR3 lower-cases it).</param>
public sealed record Project(string Id, string Name)
{
    /// <summary>The id of its domain.</summary>
    public string? DomainId { get; init; }

    /// <summary>Its description.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it may be used.</summary>
    public bool Enabled { get; init; } = true;
}
