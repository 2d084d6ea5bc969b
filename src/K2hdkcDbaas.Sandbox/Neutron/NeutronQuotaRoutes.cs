using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Neutron;

/// <summary>/v2.0/quotas and /v2.0/extensions.</summary>
internal sealed class NeutronQuotaRoutes(SandboxState state)
{
    private static readonly (string Alias, string Name, string Description)[] Extensions =
    [
        ("agent", "agent", "The agent management extension."),
        ("availability_zone", "Availability Zone", "The availability zone extension."),
        ("external-net", "Neutron external network", "Adds external network attribute to network resource."),
        ("pagination", "Pagination support", "Extension that indicates that pagination is enabled."),
        ("port-security", "Port Security", "Provides port security"),
        ("project-id", "project_id field enabled", "Extension that indicates that project_id field is enabled."),
        ("quotas", "Quota management support", "Expose functions for quotas management per tenant"),
        ("security-group", "security-group", "The security groups extension."),
        ("sorting", "Sorting support", "Extension that indicates that sorting is enabled."),
        ("standard-attr-revisions", "Resource revision numbers", "This extension will display the revision number of neutron resources."),
        ("standard-attr-timestamp", "Resource timestamps",
            "Adds created_at and updated_at fields to all Neutron resources that have Neutron standard attributes."),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2.0/extensions", context =>
        {
            context.Member(state);
            return context.WriteJsonAsync(200, new JsonObject { ["extensions"] = JsonHttp.ToArray(Extensions, Describe) });
        });
        routes.MapGet("/v2.0/extensions/{alias}", context =>
        {
            context.Member(state);
            var alias = context.Route("alias");
            var found = Array.Find(Extensions, e => e.Alias == alias);
            return found.Alias is null
                ? TokenCheck.WriteWebObAsync(context, 404, "The resource could not be found.",
                    $"Extension with alias {alias} does not exist")
                : context.WriteJsonAsync(200, new JsonObject { ["extension"] = Describe(found) });
        });
        routes.MapGet("/v2.0/quotas/{project}", context =>
        {
            Project(context);
            return AnswerAsync(context);
        });
        routes.MapPut("/v2.0/quotas/{project}", SetAsync);
        routes.MapDelete("/v2.0/quotas/{project}", context =>
        {
            lock (state.Gate) state.Network.ResetQuotas(Project(context, adminOnly: true));
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
    }

    private async Task SetAsync(HttpContext context)
    {
        var project = Project(context, adminOnly: true);
        var given = (await context.ReadJsonAsync().ConfigureAwait(false)).Get("quota") as JsonObject
            ?? throw new ApiFault(400, "Resource body required");
        lock (state.Gate)
        {
            var quotas = state.Network.Quotas(project);
            foreach (var (name, value) in given)
            {
                if (!quotas.ContainsKey(name)) throw new ApiFault(400, $"Unrecognized attribute(s) '{name}'");
                quotas[name] = value.AsInt(lenient: true)
                    ?? throw new ApiFault(400, $"Invalid input for {name}. Reason: '{value?.ToJsonString()}' is not an integer.");
            }
        }
        await AnswerAsync(context).ConfigureAwait(false);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var body = new JsonObject();
        lock (state.Gate)
        {
            foreach (var (name, limit) in state.Network.Quotas(context.Route("project"))) body[name] = limit;
        }
        return context.WriteJsonAsync(200, new JsonObject { ["quota"] = body });
    }

    private string Project(HttpContext context, bool adminOnly = false)
    {
        var (token, own) = context.Member(state);
        var wanted = context.Route("project");
        if (!token.IsAdmin && (adminOnly || wanted != own))
            throw new ApiFault(403,
                $"rule:{(context.Request.Method == "DELETE" ? "delete" : context.Request.Method == "PUT" ? "update" : "get")}_quota is "
                    + $"disallowed by policy");
        return wanted;
    }

    private static JsonObject Describe((string Alias, string Name, string Description) e) => new()
    {
        ["name"] = e.Name,
        ["alias"] = e.Alias,
        ["description"] = e.Description,
        ["updated"] = "2016-01-01T10:00:00-00:00",
        ["links"] = new JsonArray(),
    };
}
