using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Keystone;

/// <summary>Users and projects, as far as clients read them.</summary>
internal sealed class DirectoryRoutes(SandboxState state)
{
    private IdentityStore Identity => state.Identity;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v3/users/{id}/projects", context =>
        {
            var user = User(context, "list_user_projects");
            var projects = JsonHttp.ToArray(Identity.ProjectsOf(user), p => KeystoneJson.Project(p, context.BaseUrl()));
            return context.WriteJsonAsync(200, KeystoneJson.List("projects", projects, $"{context.BaseUrl()}/v3/users/{user.Id}/projects"));
        });
        routes.MapGet("/v3/users/{id}", context =>
            context.WriteJsonAsync(200, new JsonObject { ["user"] = KeystoneJson.User(User(context, "get_user"), context.BaseUrl()) }));
        routes.MapGet("/v3/users", context =>
        {
            KeystoneAccess.Allow(context.Caller(state).IsAdmin, "list_users");
            var users = JsonHttp.ToArray(Identity.Users.Where(u => Matches(context, u.Name)), u => KeystoneJson.User(u, context.BaseUrl()));
            return context.WriteJsonAsync(200, KeystoneJson.List("users", users, context.BaseUrl() + "/v3/users"));
        });
        routes.MapGet("/v3/projects", context =>
        {
            KeystoneAccess.Allow(context.Caller(state).IsAdmin, "list_projects");
            var projects = JsonHttp.ToArray(Identity.Projects.Where(p => Matches(context, p.Name)),
                p => KeystoneJson.Project(p, context.BaseUrl()));
            return context.WriteJsonAsync(200, KeystoneJson.List("projects", projects, context.BaseUrl() + "/v3/projects"));
        });
        routes.MapGet("/v3/projects/{id}", context =>
        {
            var caller = context.Caller(state);
            var id = context.Route("id");
            var project = Identity.Projects.Find(p => p.Id == id);
            KeystoneAccess.Allow(caller.IsAdmin || caller.Project?.Id == id, "get_project");
            if (project is null) throw new ApiFault(404, $"Could not find project: {id}.");
            return context.WriteJsonAsync(200, new JsonObject { ["project"] = KeystoneJson.Project(project, context.BaseUrl()) });
        });
        // Making users and projects is an operator's work that the sandbox leaves to its own start; only the refusals are here.
        routes.MapPost("/v3/users", context =>
        {
            KeystoneAccess.Allow(context.Caller(state).IsAdmin, "create_user");
            throw new ApiFault(403, "You are not authorized to perform the requested action: identity:create_user.");
        });
        routes.MapPost("/v3/projects", CreateProjectAsync);
    }

    private async Task CreateProjectAsync(HttpContext context)
    {
        KeystoneAccess.Allow(context.Caller(state).IsAdmin, "create_project");
        var name = (await context.ReadJsonAsync().ConfigureAwait(false)).Get("project").Get("name").AsText()
            ?? throw new ApiFault(400, "'name' is a required property");
        Project project;
        lock (state.Gate)
        {
            if (Identity.Projects.Find(p => p.Name == name) is { } taken)
                throw new ApiFault(409,
                    $"Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name "
                        + $"or same id in the same domain: name is {name}, project id {taken.Id}.");
            Identity.Projects.Add(project = new Project(IdentityStore.NewId(), name, Identity.DefaultDomain));
        }
        await context.WriteJsonAsync(201, new JsonObject { ["project"] = KeystoneJson.Project(project, context.BaseUrl()) }).ConfigureAwait(
            false);
    }

    private User User(HttpContext context, string rule)
    {
        var caller = context.Caller(state);
        var id = context.Route("id");
        KeystoneAccess.Allow(caller.IsAdmin || caller.User.Id == id, rule);
        return Identity.Users.Find(u => u.Id == id) ?? throw new ApiFault(404, $"Could not find user: {id}.");
    }

    private static bool Matches(HttpContext context, string name) =>
        context.Request.Query["name"].ToString() is { Length: 0 } || context.Request.Query["name"] == name;
}
