using System.Security.Cryptography;

namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>Keystone's users, projects, application credentials and tokens. Callers hold <see cref="SandboxState.Gate"/>,
/// except for <see cref="FindToken"/>, which takes it itself.</summary>
internal sealed class IdentityStore
{
    private readonly SandboxState _state;
    private readonly Dictionary<string, Token> _tokens = new(StringComparer.Ordinal);

    public IdentityStore(SandboxState state)
    {
        _state = state;
        var (admin, member, reader) = (AddRole("admin"), AddRole("member"), AddRole("reader"));
        var (adminProject, demo, alt) = (AddProject("admin"), AddProject("demo"), AddProject("alt"));
        AddProject("service");
        AddUser("admin", (adminProject, [admin, reader, member]));
        AddUser("demo", (demo, [reader, member]));
        AddUser("alt", (alt, [reader, member]));
        AddUser("demo-reader", (demo, [reader]));
    }

    public Domain DefaultDomain { get; } = new("default", "Default");

    public List<Role> Roles { get; } = [];

    public List<Project> Projects { get; } = [];

    public List<User> Users { get; } = [];

    public List<ApplicationCredential> Credentials { get; } = [];

    /// <summary>32 hexadecimal digits, the form of Keystone's ids.</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>The token if it was issued here, is not revoked and has not ended; else null.</summary>
    public Token? FindToken(string? id)
    {
        lock (_state.Gate)
        {
            if (id is null || !_tokens.TryGetValue(id, out var token)) return null;
            if (token.ExpiresAt > _state.Now && token.User.Enabled) return token;
            _tokens.Remove(id);
            return null;
        }
    }

    public Project? FindProject(string idOrName) => Projects.Find(p => p.Id == idOrName || p.Name == idOrName);

    /// <summary>Projects in which the user has a role, in the order they were made.</summary>
    public IEnumerable<Project> ProjectsOf(User user) => Projects.Where(p => p.Enabled && user.Roles.ContainsKey(p.Id));

    /// <summary>Issues a token. A token made from another one ends with it and carries its audit id behind its own.</summary>
    public Token Issue(User user, Project? project, IReadOnlyList<Role> roles, IReadOnlyList<string> methods, Token? from = null,
        ApplicationCredential? credential = null)
    {
        var now = new DateTimeOffset(_state.Now.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var expires = from?.ExpiresAt ?? now + _state.Options.TokenLifetime;
        var audit = Base64Url(RandomNumberGenerator.GetBytes(16));
        var token = new Token("gAAAAAB" + Base64Url(RandomNumberGenerator.GetBytes(132)), user, project, roles, methods,
            from is null ? [audit] : [audit, from.AuditIds[^1]], now, expires, credential);
        _tokens[token.Id] = token;
        return token;
    }

    public void Revoke(Token token) => _tokens.Remove(token.Id);

    /// <summary>Ends every token of a credential or a user, as Keystone does when either goes or changes.</summary>
    public void RevokeWhere(Func<Token, bool> ends)
    {
        foreach (var token in _tokens.Values.Where(ends).ToList()) _tokens.Remove(token.Id);
    }

    internal static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private Role AddRole(string name)
    {
        var role = new Role(NewId(), name);
        Roles.Add(role);
        return role;
    }

    private Project AddProject(string name)
    {
        var project = new Project(NewId(), name, DefaultDomain);
        Projects.Add(project);
        return project;
    }

    private void AddUser(string name, params (Project Project, List<Role> Roles)[] roles)
    {
        var user = new User(NewId(), name, DefaultDomain, _state.Options.Password);
        foreach (var (project, granted) in roles) user.Roles[project.Id] = granted;
        Users.Add(user);
    }
}
