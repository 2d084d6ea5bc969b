using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>/v3/auth: logging in by password, token or application credential; validating and revoking.</summary>
internal sealed class TokenRoutes(SandboxState state)
{
    /// <summary>What Keystone adds to its own 400 texts.</summary>
    public const string Malformed =
        "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in "
            + "error.";

    private IdentityStore Identity => state.Identity;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v3/auth/tokens", LogInAsync);
        routes.MapMethods("/v3/auth/tokens", ["GET", "HEAD"], ValidateAsync);
        routes.MapDelete("/v3/auth/tokens", RevokeAsync);
        routes.MapGet("/v3/auth/catalog", context =>
        {
            var token = context.Caller(state);
            if (token.Project is null)
                throw new ApiFault(403, "You are not authorized to perform the requested action: identity:get_auth_catalog.");
            return context.WriteJsonAsync(200, new JsonObject
            {
                ["catalog"] = KeystoneJson.Catalog(state, token.Project.Id),
                ["links"] = new JsonObject { ["self"] = context.BaseUrl() + "/v3/auth/catalog" },
            });
        });
        routes.MapGet("/v3/auth/projects", context =>
        {
            var token = context.Caller(state);
            var projects = JsonHttp.ToArray(Identity.ProjectsOf(token.User), p => KeystoneJson.Project(p, context.BaseUrl()));
            return context.WriteJsonAsync(200, KeystoneJson.List("projects", projects, context.BaseUrl() + "/v3/auth/projects"));
        });
        routes.MapGet("/v3/auth/domains", context =>
        {
            context.Caller(state);
            return context.WriteJsonAsync(200, KeystoneJson.List("domains", [], context.BaseUrl() + "/v3/auth/domains"));
        });
    }

    private async Task LogInAsync(HttpContext context)
    {
        var body = await context.ReadJsonAsync().ConfigureAwait(false);
        if (body is not JsonObject) throw new ApiFault(400, "Expecting to find valid JSON in request body. " + Malformed);
        var auth = Required(body, "auth", "");
        var identity = Required(auth, "identity", "['auth']");
        var methods = Required(identity, "methods", "['auth']['identity']") is JsonArray list
            ? list.Select(m => m.AsText() ?? "").ToList()
            : throw Invalid("methods", "is not of type 'array'");
        Token token;
        lock (state.Gate) token = Authenticate(identity, methods, auth.Get("scope"));
        context.Response.Headers["X-Subject-Token"] = token.Id;
        await context.WriteJsonAsync(201, KeystoneJson.Token(token, state, WantsCatalog(context))).ConfigureAwait(false);
    }

    private Token Authenticate(JsonNode identity, List<string> methods, JsonNode? scope)
    {
        User? user = null;
        Token? from = null;
        ApplicationCredential? credential = null;
        foreach (var method in methods)
        {
            var found = method switch
            {
                "password" => ByPassword(identity.Get("password").Get("user")),
                "token" => (from = Known(identity.Get("token").Get("id").AsText())).User,
                "application_credential" => (credential = ByCredential(identity.Get("application_credential"))).User,
                _ => throw new ApiFault(identity.Get(method) is null ? 400 : 401,
                    identity.Get(method) is null ? $"Expecting to find {method} in identity. {Malformed}" : ""),
            };
            user = found is not null && (user is null || user == found) ? found : throw new ApiFault(401, "");
        }
        if (user is null) throw new ApiFault(401, "");
        List<string> used = [.. (from?.Methods ?? []).Union(methods)];

        if (credential is not null)
        {
            if (scope is not null) throw new ApiFault(401, "Application credentials cannot request a scope.");
            return Identity.Issue(user, credential.Project, credential.Roles, used, credential: credential);
        }
        // A token of an application credential can be traded for no other scope than its own.
        if (from?.Credential is { } own)
            return Identity.Issue(user, own.Project, own.Roles, used, from, own);
        if (scope is null || scope.AsText() == "unscoped" || scope.Get("unscoped") is not null)
            return Identity.Issue(user, null, [], used, from);
        if (scope.Get("project") is not { } wanted) throw new ApiFault(401, "");
        var project = FindProject(wanted);
        if (project is not { Enabled: true } || !user.Roles.TryGetValue(project.Id, out var roles)) throw new ApiFault(401, "");
        return Identity.Issue(user, project, roles, used, from);
    }

    private User ByPassword(JsonNode? given)
    {
        var user = FindUser(given);
        if (user is not { Enabled: true } || !Same(user.Password, given.Get("password").AsText())) throw new ApiFault(401, "");
        return user;
    }

    private ApplicationCredential ByCredential(JsonNode? given)
    {
        ApplicationCredential? credential;
        if (given.Get("id").AsText() is { } id)
        {
            credential = Identity.Credentials.Find(c => c.Id == id)
                ?? throw new ApiFault(404, $"Could not find Application Credential: {id}.");
        }
        else
        {
            var name = given.Get("name").AsText();
            var owner = FindUser(given.Get("user")) ?? throw new ApiFault(401, "");
            credential = Identity.Credentials.Find(c => c.Name == name && c.User == owner)
                ?? throw new ApiFault(401, "");
        }
        if (!Same(credential.Secret, given.Get("secret").AsText()) || credential.ExpiresAt <= state.Now) throw new ApiFault(401, "");
        return credential;
    }

    private User? FindUser(JsonNode? given)
    {
        if (given.Get("id").AsText() is { } id) return Identity.Users.Find(u => u.Id == id);
        var name = given.Get("name").AsText();
        return IsDefaultDomain(given.Get("domain")) ? Identity.Users.Find(u => u.Name == name) : null;
    }

    private Project? FindProject(JsonNode given)
    {
        if (given.Get("id").AsText() is { } id) return Identity.Projects.Find(p => p.Id == id);
        var name = given.Get("name").AsText();
        return IsDefaultDomain(given.Get("domain")) ? Identity.Projects.Find(p => p.Name == name) : null;
    }

    private bool IsDefaultDomain(JsonNode? domain) =>
        domain.Get("id").AsText() == Identity.DefaultDomain.Id || domain.Get("name").AsText() == Identity.DefaultDomain.Name;

    private Task ValidateAsync(HttpContext context)
    {
        var caller = context.Caller(state);
        var subject = Subject(context);
        KeystoneAccess.Allow(caller.IsAdmin || caller.User == subject.User, "validate_token");
        context.Response.Headers["X-Subject-Token"] = subject.Id;
        return context.WriteJsonAsync(200, KeystoneJson.Token(subject, state, WantsCatalog(context)));
    }

    private Task RevokeAsync(HttpContext context)
    {
        var caller = context.Caller(state);
        var subject = Subject(context);
        KeystoneAccess.Allow(caller.IsAdmin || caller.User == subject.User, "revoke_token");
        lock (state.Gate) Identity.Revoke(subject);
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Token Subject(HttpContext context)
    {
        return Known(context.Request.Headers["X-Subject-Token"].ToString());
    }

    private Token Known(string? id) => Identity.FindToken(id)
        ?? throw new ApiFault(
            404, id?.StartsWith("gAAAA", StringComparison.Ordinal) == true
                ? "Failed to validate token"
                : "Could not recognize Fernet token");

    private static bool WantsCatalog(HttpContext context) => !context.Request.Query.ContainsKey("nocatalog");

    private static bool Same(string expected, string? given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given ?? ""));

    private static JsonNode Required(JsonNode node, string name, string where) => node.TryGet(name, out var value)
        ? value
        : throw new ApiFault(400,
            $"'{name}' is a required property\n\nFailed validating 'required' in schema:\n    {{'required': ['{name}'], 'type': "
                + $"'object'}}\n\nOn instance{where}:\n    {node.ToJsonString()}");

    private static ApiFault Invalid(string name, string text) => new(400, $"'{name}' {text}");
}
