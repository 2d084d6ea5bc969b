using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>/v3/users/{id}/application_credentials.</summary>
internal sealed class CredentialRoutes(SandboxState state)
{
    private const string Path = "/v3/users/{user}/application_credentials";

    private IdentityStore Identity => state.Identity;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, CreateAsync);
        routes.MapGet(Path, context =>
        {
            var owner = Owner(context, "list_application_credentials");
            var name = context.Request.Query["name"].ToString();
            JsonArray items;
            lock (state.Gate)
                items = JsonHttp.ToArray(Identity.Credentials.Where(c => c.User.Id == owner && (name.Length == 0 || c.Name == name)),
                    c => Describe(c, context));
            return context.WriteJsonAsync(200,
                KeystoneJson.List("application_credentials",
                    items, context.BaseUrl() + context.Request.Path + context.Request.QueryString));
        });
        routes.MapGet(Path + "/{id}", context =>
        {
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    new JsonObject { ["application_credential"] = Describe(Find(context, "get_application_credential"), context) });
        });
        routes.MapDelete(Path + "/{id}", context =>
        {
            lock (state.Gate)
            {
                RefuseRestricted(context.Caller(state));
                var credential = Find(context, "delete_application_credential");
                Identity.Credentials.Remove(credential);
                Identity.RevokeWhere(t => t.Credential == credential);
            }
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
    }

    private async Task CreateAsync(HttpContext context)
    {
        var caller = context.Caller(state);
        RefuseRestricted(caller);
        Owner(context, "create_application_credential");
        if ((await context.ReadJsonAsync().ConfigureAwait(false)).Get("application_credential") is not JsonObject given)
            throw new ApiFault(400, "'application_credential' is a required property");
        var name = given.Get("name").AsText()
            ?? throw new ApiFault(400,
                "'name' is a required property\n\nFailed validating 'required' in schema:\n    {'required': ['name'], 'type': 'object'}");
        if (caller.Project is not { } project) throw new ApiFault(400, "The request must be project scoped.");
        DateTimeOffset? expires = null;
        if (given.Get("expires_at").AsText() is { } end)
        {
            expires = DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
                ? parsed
                : throw new ApiFault(400, "The application credential expires_at is not a valid time.");
            if (expires <= state.Now) throw new ApiFault(400, "The 'expires_at' must not be before now. " + TokenRoutes.Malformed);
        }
        ApplicationCredential credential;
        string secret = given.Get("secret").AsText() ?? IdentityStore.Base64Url(RandomNumberGenerator.GetBytes(64));
        lock (state.Gate)
        {
            if (Identity.Credentials.Exists(c => c.User == caller.User && c.Name == name))
                throw new ApiFault(409,
                    $"Conflict occurred attempting to store application_credential - Duplicate entry found with name {name}.");
            credential = new ApplicationCredential(IdentityStore.NewId(), name, given.Get("description").AsText(), caller.User, project,
                ChosenRoles(given.Get("roles") as JsonArray, caller),
                secret, expires, given.Get("unrestricted") is JsonValue v && v.TryGetValue(out bool free) ? free : null);
            Identity.Credentials.Add(credential);
        }
        var body = Describe(credential, context);
        body.Insert(body.IndexOf("links"), "secret", secret);
        await context.WriteJsonAsync(201, new JsonObject { ["application_credential"] = body }).ConfigureAwait(false);
    }

    private static List<Role> ChosenRoles(JsonArray? wanted, Token caller) => wanted is null
        ? [.. caller.Roles]
        : [.. wanted.Select(w => caller.Roles.FirstOrDefault(r => r.Id == w.Get("id").AsText() || r.Name == w.Get("name").AsText())
            ?? throw new ApiFault(400, "Invalid application credential: Cannot create an application credential with unassigned role"))];

    private static void RefuseRestricted(Token caller)
    {
        if (caller.Credential is { Unrestricted: not true })
            throw new ApiFault(403,
                "You are not authorized to perform the requested action: Using method 'application_credential' is not allowed for managing "
                    + "additional application credentials..");
    }

    private string Owner(HttpContext context, string rule)
    {
        var caller = context.Caller(state);
        var owner = context.Route("user");
        KeystoneAccess.Allow(caller.User.Id == owner || (caller.IsAdmin && !rule.StartsWith("create", StringComparison.Ordinal)), rule);
        return owner;
    }

    private ApplicationCredential Find(HttpContext context, string rule)
    {
        var owner = Owner(context, rule);
        var id = context.Route("id");
        return Identity.Credentials.Find(c => c.Id == id && c.User.Id == owner)
            ?? throw new ApiFault(404, $"Could not find Application Credential: {id}.");
    }

    private static JsonObject Describe(ApplicationCredential credential, HttpContext context) => new()
    {
        ["id"] = credential.Id,
        ["name"] = credential.Name,
        ["description"] = credential.Description,
        ["user_id"] = credential.User.Id,
        ["project_id"] = credential.Project.Id,
        ["system"] = null,
        ["expires_at"] = credential.ExpiresAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        ["unrestricted"] = credential.Unrestricted,
        ["roles"] = JsonHttp.ToArray(credential.Roles, r => new JsonObject
        {
            ["id"] = r.Id,
            ["name"] = r.Name,
            ["domain_id"] = null,
            ["description"] = null,
            ["options"] = new JsonObject { ["immutable"] = true },
        }),
        ["links"] = new JsonObject { ["self"] = $"{context.BaseUrl()}/v3/application_credentials/{credential.Id}" },
    };
}
