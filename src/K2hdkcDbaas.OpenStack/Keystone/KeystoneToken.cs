namespace K2hdkcDbaas.OpenStack.Keystone;

/// <summary>A login at Keystone: who, for which project, until when, and where the services are. Prints without the token.</summary>
public sealed class KeystoneToken
{
    internal KeystoneToken(string value, TokenBody body, DateTimeOffset received)
    {
        Value = value;
        ExpiresAt = body.ExpiresAt;
        ReceivedAt = received;
        UserId = body.User.Id;
        UserName = body.User.Name;
        ProjectId = body.Project?.Id;
        ProjectName = body.Project?.Name;
        ProjectDomain = body.Project?.Domain?.Name;
        ProjectDomainId = body.Project?.Domain?.Id;
        // By Keystone's clock alone, so that ours may differ.
        Lifetime = body.ExpiresAt - (body.IssuedAt ?? received);
        Roles = [.. (body.Roles ?? []).Select(r => r.Name)];
        IsFromApplicationCredential = body.ApplicationCredential is not null || (body.Methods ?? []).Contains("application_credential");
        Catalog = new ServiceCatalog(body.Catalog ?? []);
    }

    /// <summary>The token itself; a secret.</summary>
    public string Value { get; }

    /// <summary>When it ends, by Keystone's clock.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>When it was received, by our clock.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The user's id.</summary>
    public string UserId { get; }

    /// <summary>The user's name.</summary>
    public string UserName { get; }

    /// <summary>The project's id; null for an unscoped token.</summary>
    public string? ProjectId { get; }

    /// <summary>The project's name; null for an unscoped token.</summary>
    public string? ProjectName { get; }

    /// <summary>The name of the project's domain.</summary>
    public string? ProjectDomain { get; }

    /// <summary>The id of the project's domain.</summary>
    public string? ProjectDomainId { get; }

    /// <summary>From receipt to its end.</summary>
    internal TimeSpan Lifetime { get; }

    /// <summary>The names of the user's roles in the project.</summary>
    public IReadOnlyList<string> Roles { get; }

    /// <summary>Whether an application credential made it; K2HR3 cannot take such a token.</summary>
    public bool IsFromApplicationCredential { get; }

    /// <summary>Where the services are.</summary>
    public ServiceCatalog Catalog { get; }

    /// <summary>Who and until when, without the token.</summary>
    public override string ToString() => $"{UserName}@{ProjectName ?? "(no project)"} until {ExpiresAt:u}";
}
