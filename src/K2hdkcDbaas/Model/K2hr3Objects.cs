namespace K2hdkcDbaas.Model;

/// <summary>A K2HR3 resource: text and keys that roles may read.</summary>
/// <param name="Name">Its name in the tenant, such as <c>demo/server</c>.</param>
/// <param name="Text">Its text: a template, or what it expands to; null for none.</param>
/// <param name="Keys">Its keys with their values.</param>
/// <param name="Aliases">The full names of resources that it takes more from.</param>
/// <param name="Expanded">Whether the text is expanded and the keys hold the parents', too.</param>
public sealed record K2hr3Resource(string Name, string? Text, IReadOnlyDictionary<string, object?> Keys, IReadOnlyList<string> Aliases, bool Expanded)
{
    /// <summary>Its object as JSON, when it has one in place of a text; null for none.</summary>
    public string? Data { get; init; }

    /// <summary>The service that lends it; null for the tenant's own.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A K2HR3 policy: what roles that have it may do with which resources.</summary>
/// <param name="Name">Its name in the tenant.</param>
/// <param name="Effect"><c>allow</c> or <c>deny</c>.</param>
/// <param name="Actions">The full names of actions.</param>
/// <param name="Resources">The full names of resources.</param>
/// <param name="Aliases">The full names of policies that it takes more from.</param>
public sealed record K2hr3Policy(
    string Name, string? Effect, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources, IReadOnlyList<string> Aliases)
{
    /// <summary>The service that it came with; null for the tenant's own.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A K2HR3 role: hosts, and the policies that count for them.</summary>
/// <param name="Name">Its name in the tenant, such as <c>demo/server</c>.</param>
/// <param name="Policies">The full names of its own policies; parents' count as well.</param>
/// <param name="Aliases">The full names of roles that it takes more from.</param>
/// <param name="Hosts">Its hosts.</param>
public sealed record K2hr3Role(string Name, IReadOnlyList<string> Policies, IReadOnlyList<string> Aliases, IReadOnlyList<K2hr3RoleHost> Hosts)
{
    /// <summary>The service that it came with; null for the tenant's own.</summary>
    public string? Service { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A host of a K2HR3 role.</summary>
/// <param name="Role">The role's name.</param>
/// <param name="HostName">Its address or name.</param>
/// <param name="Port">Its port; 0 for any.</param>
/// <param name="Cuk">Its custom unique key, the server's id on OpenStack; empty for none.</param>
/// <param name="Extra">How it was registered; empty by hand.</param>
/// <param name="Tag">The guest's full host name; empty for none.</param>
/// <param name="InboundIp">The address it is called by from inside; empty for none.</param>
/// <param name="OutboundIp">The address it calls from; empty for none.</param>
public sealed record K2hr3RoleHost(
    string Role, string HostName, int Port, string Cuk, string Extra, string Tag, string InboundIp, string OutboundIp)
{
    /// <inheritdoc/>
    public override string ToString() => HostName;
}

/// <summary>A K2HR3 role token, with which a host enters its role. Shows its secret only when asked for plain text.</summary>
/// <param name="Role">The role's name.</param>
/// <param name="Token">The token: a SecureString, or a string when plain text was asked for.</param>
/// <param name="Created">When it was made, in UTC; null when K2HR3 does not say.</param>
/// <param name="Expires">When it ends, in UTC; null when K2HR3 does not say.</param>
/// <param name="User">Who made it; null when a host did.</param>
public sealed record K2hr3RoleToken(string Role, object Token, DateTimeOffset? Created, DateTimeOffset? Expires, string? User)
{
    /// <inheritdoc/>
    public override string ToString() => $"role token of {Role}";
}

/// <summary>What Nova is given for a node that enters a role by itself. It leads to the role token, so it is a secret.</summary>
/// <param name="Role">The role's name.</param>
/// <param name="Value">cloud-init's include, or the whole user data: a SecureString, or a string when plain text was asked for.</param>
/// <param name="Expires">When the token in it ends, in UTC.</param>
public sealed record K2hr3UserData(string Role, object Value, DateTimeOffset? Expires)
{
    /// <inheritdoc/>
    public override string ToString() => $"user data of {Role}";
}

/// <summary>A K2HR3 service: resources that its owner lends to other tenants.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Verify">Where its resources come from: an address to ask, or the resources as JSON.</param>
/// <param name="Tenants">The full names of the tenants that may take it up.</param>
public sealed record K2hr3Service(string Name, string? Verify, IReadOnlyList<string> Tenants)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A K2HR3 tenant: the namespace of resources, policies and roles; with OpenStack behind K2HR3, a project.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="Id">Its id.</param>
/// <param name="Description">Its description.</param>
/// <param name="IsLocal">Whether K2HR3 keeps it itself, rather than having it from the cloud.</param>
/// <param name="Users">Its users; only of a local tenant.</param>
public sealed record K2hr3Tenant(string Name, string? DisplayName, string? Id, string? Description, bool IsLocal, IReadOnlyList<string> Users)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
