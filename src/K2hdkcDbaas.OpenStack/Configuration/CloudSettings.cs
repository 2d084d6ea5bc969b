using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.OpenStack.Configuration;

/// <summary>All that is needed to speak to one cloud, from wherever it was read. Prints without secrets.</summary>
public sealed record CloudSettings
{
    /// <summary>The cloud's name in clouds.yaml, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Keystone's address: its root or its /v3, with or without a trailing slash.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>Who logs in.</summary>
    public required CloudCredential Credential { get; init; }

    /// <summary>The project to work in; null for what the credential itself is bound to.</summary>
    public ProjectScope? Scope { get; init; }

    /// <summary>The region; null when the catalog has only one.</summary>
    public string? Region { get; init; }

    /// <summary>Which endpoints of the catalog: <c>public</c>, <c>internal</c> or <c>admin</c>.</summary>
    public string Interface { get; init; } = "public";

    /// <summary>Addresses to use instead of the catalog's, by service type (<c>compute</c>, <c>image</c>, <c>network</c>, <c>database</c>, <c>identity</c>).</summary>
    public IReadOnlyDictionary<string, Uri> EndpointOverrides { get; init; } = new Dictionary<string, Uri>();

    /// <summary>Time-outs, bounds and certificates.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>The cloud's own texts in clouds.yaml, by key (not those of <c>auth</c>), and those below its <c>k2hdkc</c> as
    /// <c>k2hdkc.KEY</c>; for settings that OpenStack does not know.</summary>
    public IReadOnlyDictionary<string, string> Extras { get; init; } = new Dictionary<string, string>();

    /// <summary>What the caller should know of its file though it can be used, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>The project a token is for.</summary>
public sealed record ProjectScope
{
    /// <summary>The project's id; needs no domain.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project's name; needs a domain.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The id of the project's domain.</summary>
    public string? DomainId { get; init; }

    /// <summary>The name of the project's domain.</summary>
    public string? DomainName { get; init; }
}

/// <summary>Who logs in to Keystone. Prints without secrets.</summary>
public abstract record CloudCredential
{
    /// <summary>What kind it is, for people.</summary>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public override string ToString() => Kind;
}

/// <summary>A user's name or id, and password.</summary>
public sealed record PasswordCredential : CloudCredential
{
    /// <inheritdoc/>
    public override string Kind => "password";

    /// <summary>The user's id; needs no domain.</summary>
    public string? UserId { get; init; }

    /// <summary>The user's name; needs a domain.</summary>
    public string? UserName { get; init; }

    /// <summary>The id of the user's domain.</summary>
    public string? DomainId { get; init; }

    /// <summary>The name of the user's domain.</summary>
    public string? DomainName { get; init; }

    /// <summary>The password.</summary>
    public required string Password { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"password of {UserName ?? UserId}";
}

/// <summary>An application credential: bound to one user and project.</summary>
public sealed record ApplicationCredential : CloudCredential
{
    /// <inheritdoc/>
    public override string Kind => "application credential";

    /// <summary>Its id; needs no user.</summary>
    public string? Id { get; init; }

    /// <summary>Its name; needs the user.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the user it belongs to.</summary>
    public string? UserId { get; init; }

    /// <summary>The name of the user it belongs to; needs a domain.</summary>
    public string? UserName { get; init; }

    /// <summary>The id of that user's domain.</summary>
    public string? DomainId { get; init; }

    /// <summary>The name of that user's domain.</summary>
    public string? DomainName { get; init; }

    /// <summary>Its secret.</summary>
    public required string Secret { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"application credential {Name ?? Id}";
}

/// <summary>A Keystone token that someone else got. Ends with it; it is exchanged for a scoped one when a scope is given.</summary>
public sealed record TokenCredential : CloudCredential
{
    /// <inheritdoc/>
    public override string Kind => "token";

    /// <summary>The token.</summary>
    public required string Token { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Kind;
}
