namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>A Keystone domain.</summary>
internal sealed record Domain(string Id, string Name);

/// <summary>A role; the sandbox knows Keystone's usual three.</summary>
internal sealed record Role(string Id, string Name);

/// <summary>A project.</summary>
internal sealed record Project(string Id, string Name, Domain Domain)
{
    public bool Enabled { get; init; } = true;
}

/// <summary>A user with the roles it has, by project id.</summary>
internal sealed class User(string id, string name, Domain domain, string password)
{
    public string Id { get; } = id;

    public string Name { get; } = name;

    public Domain Domain { get; } = domain;

    public string Password { get; set; } = password;

    public bool Enabled { get; set; } = true;

    public Dictionary<string, List<Role>> Roles { get; } = new(StringComparer.Ordinal);
}

/// <summary>A secret that stands for a user in one project.</summary>
internal sealed record ApplicationCredential(
    string Id, string Name, string? Description, User User, Project Project, IReadOnlyList<Role> Roles, string Secret,
    DateTimeOffset? ExpiresAt, bool? Unrestricted);

/// <summary>A token that was issued: who, where, how and until when.</summary>
internal sealed record Token(
    string Id, User User, Project? Project, IReadOnlyList<Role> Roles, IReadOnlyList<string> Methods, IReadOnlyList<string> AuditIds,
    DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, ApplicationCredential? Credential)
{
    public bool IsAdmin => Roles.Any(r => r.Name == "admin");
}
