using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack.Configuration;

namespace K2hdkcDbaas.OpenStack.Keystone;

/// <summary>Makes the bodies of POST /v3/auth/tokens.</summary>
internal static class KeystoneRequests
{
    public static AuthBody LogIn(CloudCredential credential, ProjectScope? scope) => credential switch
    {
        PasswordCredential p => new(new IdentityBody(["password"]) { Password = new PasswordBody(User(p)) }) { Scope = Scope(scope) },
        // Bound to its project: Keystone refuses a request that brings a scope along.
        ApplicationCredential a => new(new IdentityBody(["application_credential"]) { ApplicationCredential = Body(a) }),
        TokenCredential t => Exchange(t, scope),
        _ => throw new ArgumentOutOfRangeException(nameof(credential)),
    };

    public static AuthBody Exchange(TokenCredential given, ProjectScope? scope) =>
        new(new IdentityBody(["token"]) { Token = new IdBody(given.Token) }) { Scope = Scope(scope) };

    /// <summary>Whether a token is for the project asked for; any token fits when none is.</summary>
    public static bool Fits(KeystoneToken token, ProjectScope? scope) =>
        scope is null
        || (scope.ProjectId is { } id ? token.ProjectId == id
            : token.ProjectName == scope.ProjectName && (scope.DomainName is null || token.ProjectDomain == scope.DomainName)
                && (scope.DomainId is null || token.ProjectDomainId == scope.DomainId));

    private static ScopeBody? Scope(ProjectScope? scope)
    {
        if (scope is null) return null;
        if (scope.ProjectId is { } id) return new ScopeBody(new ScopeProjectBody { Id = id });
        if (scope.ProjectName is not { } name) throw Incomplete("a project's name or id");
        return new ScopeBody(new ScopeProjectBody { Name = name, Domain = Domain(scope.DomainId, scope.DomainName) });
    }

    private static UserBody User(PasswordCredential p) =>
        p.UserId is { } id ? new UserBody { Id = id, Password = p.Password }
        : new UserBody
        {
            Name = p.UserName ?? throw Incomplete("a user's name or id"),
            Domain = Domain(p.DomainId, p.DomainName),
            Password = p.Password
        };

    private static AppCredBody Body(ApplicationCredential a)
    {
        if (a.Id is { } id) return new AppCredBody { Id = id, Secret = a.Secret };
        if (a.Name is not { } name) throw Incomplete("the application credential's id or name");
        var user = a.UserId is { } userId ? new UserBody { Id = userId }
            : new UserBody
            {
                Name = a.UserName ?? throw Incomplete("the user of an application credential given by name"),
                Domain = Domain(a.DomainId, a.DomainName)
            };
        return new AppCredBody { Name = name, Secret = a.Secret, User = user };
    }

    // Where none is named, the openstack client takes the domain that every Keystone has.
    private static DomainBody Domain(string? id, string? name) =>
        id is null && name is not null ? new DomainBody { Name = name } : new DomainBody { Id = id ?? "default" };

    private static DbaasException Incomplete(string what) =>
        new(ErrorKind.InvalidInput, "CredentialIncomplete", $"To log in to Keystone, {what} is missing.",
            "Give it as a parameter, in clouds.yaml, or as an OS_* variable.");
}
