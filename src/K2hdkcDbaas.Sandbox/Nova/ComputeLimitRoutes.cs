using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>Limits, quotas, availability zones and server groups.</summary>
internal sealed class ComputeLimitRoutes(SandboxState state)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/limits", Limits);
        routes.MapGet("/os-quota-sets/{project}", context =>
        {
            var (token, own) = context.Enter(state);
            var project = context.Route("project");
            NovaHttp.Policy(token.IsAdmin || project == own, "os-quota-sets:show");
            return context.WriteJsonAsync(200, new JsonObject { ["quota_set"] = Quotas(context, project, withId: true) });
        });
        routes.MapPut("/os-quota-sets/{project}", SetQuotasAsync);
        routes.MapDelete("/os-quota-sets/{project}", context =>
        {
            var (token, _) = context.Enter(state);
            NovaHttp.Policy(token.IsAdmin, "os-quota-sets:delete");
            lock (state.Gate) state.Compute.ResetQuotas(context.Route("project"));
            context.Response.StatusCode = 202;
            return Task.CompletedTask;
        });
        routes.MapGet("/os-availability-zone", context =>
        {
            context.Enter(state);
            return context.WriteJsonAsync(200, new JsonObject
            {
                ["availabilityZoneInfo"] = new JsonArray(new JsonObject
                {
                    ["zoneName"] = "nova",
                    ["zoneState"] = new JsonObject { ["available"] = true },
                    ["hosts"] = null,
                }),
            });
        });
        routes.MapGet("/os-server-groups", context =>
        {
            var (_, project) = context.Enter(state);
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    new JsonObject
                    {
                        ["server_groups"] =
                        JsonHttp.ToArray(state.Compute.Groups.Where(g => g.ProjectId == project), g => Describe(context, g))
                    });
        });
        routes.MapPost("/os-server-groups", CreateGroupAsync);
        routes.MapGet("/os-server-groups/{id}", context =>
        {
            lock (state.Gate) return context.WriteJsonAsync(200, new JsonObject { ["server_group"] = Describe(context, Find(context)) });
        });
        routes.MapDelete("/os-server-groups/{id}", context =>
        {
            lock (state.Gate) state.Compute.Groups.Remove(Find(context));
            context.Response.StatusCode = 204;
            context.Response.ContentType = "application/json";
            return Task.CompletedTask;
        });
    }

    private Task Limits(HttpContext context)
    {
        var (_, project) = context.Enter(state);
        var version = context.Version();
        lock (state.Gate)
        {
            var quotas = state.Compute.Quotas(project);
            var body = new JsonObject
            {
                ["maxTotalInstances"] = quotas["instances"],
                ["maxTotalCores"] = quotas["cores"],
                ["maxTotalRAMSize"] = quotas["ram"],
                ["maxServerMeta"] = quotas["metadata_items"],
                ["maxImageMeta"] = quotas["metadata_items"],
                ["maxPersonality"] = quotas["injected_files"],
                ["maxPersonalitySize"] = quotas["injected_file_content_bytes"],
                ["maxTotalKeypairs"] = quotas["key_pairs"],
                ["maxServerGroups"] = quotas["server_groups"],
                ["maxServerGroupMembers"] = quotas["server_group_members"],
                ["maxTotalFloatingIps"] = quotas["floating_ips"],
                ["maxSecurityGroups"] = quotas["security_groups"],
                ["maxSecurityGroupRules"] = quotas["security_group_rules"],
                ["totalRAMUsed"] = state.Compute.Used(project, "ram"),
                ["totalCoresUsed"] = state.Compute.Used(project, "cores"),
                ["totalInstancesUsed"] = state.Compute.Used(project, "instances"),
                ["totalFloatingIpsUsed"] = 0,
                ["totalSecurityGroupsUsed"] = 0,
                ["totalServerGroupsUsed"] = state.Compute.Groups.Count(g => g.ProjectId == project),
            };
            if (version >= 36)
            {
                foreach (var name in new[] { "maxTotalFloatingIps", "maxSecurityGroups", "maxSecurityGroupRules", "totalFloatingIpsUsed",
                    "totalSecurityGroupsUsed" }) body.Remove(name);
            }
            if (version >= 39) body.Remove("maxImageMeta");
            if (version >= 57)
            {
                body.Remove("maxPersonality");
                body.Remove("maxPersonalitySize");
            }
            return context.WriteJsonAsync(200,
                new JsonObject { ["limits"] = new JsonObject { ["rate"] = new JsonArray(), ["absolute"] = body } });
        }
    }

    private async Task SetQuotasAsync(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        NovaHttp.Policy(token.IsAdmin, "os-quota-sets:update");
        var given = await NovaHttp.ReadAsync(context, "quota_set").ConfigureAwait(false);
        var project = context.Route("project");
        lock (state.Gate)
        {
            var quotas = state.Compute.Quotas(project);
            foreach (var (name, value) in given)
            {
                if (name == "force") continue;
                if (!quotas.ContainsKey(name))
                    throw NovaHttp.Schema("quota_set", given, $"Additional properties are not allowed ('{name}' was unexpected)");
                quotas[name] = value.AsInt(lenient: true) is >= -1 and var limit
                    ? limit
                    : throw NovaHttp.Schema(name, value, $"{PythonText.Repr(value)} is less than the minimum of -1");
            }
        }
        await context.WriteJsonAsync(200, new JsonObject { ["quota_set"] = Quotas(context, project, withId: false) }).ConfigureAwait(false);
    }

    private JsonObject Quotas(HttpContext context, string project, bool withId)
    {
        var body = new JsonObject();
        if (withId) body["id"] = project;
        lock (state.Gate)
        {
            foreach (var (name, limit) in state.Compute.Quotas(project)) body[name] = limit;
        }
        // What other services hold went in 2.36, injected files in 2.57.
        foreach (var name in body.Select(m => m.Key).ToList())
        {
            if ((context.Version() >= 36
                && (name.EndsWith("_ips", StringComparison.Ordinal) || name.StartsWith("security_group", StringComparison.Ordinal)))
                || (context.Version() >= 57 && name.StartsWith("injected_", StringComparison.Ordinal))) body.Remove(name);
        }
        return body;
    }

    private async Task CreateGroupAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var given = await NovaHttp.ReadAsync(context, "server_group").ConfigureAwait(false);
        var name = given["name"].AsText() ?? throw NovaHttp.Schema("server_group", given, "'name' is a required property");
        // One policy in "policy" from 2.64, a list of one before.
        var policy = context.Version() >= 64 ? given["policy"].AsText() : (given["policies"] as JsonArray)?[0].AsText();
        if (policy is not ("anti-affinity" or "affinity" or "soft-anti-affinity" or "soft-affinity"))
            throw NovaHttp.Schema("server_group", given, $"'{(context.Version() >= 64 ? "policy" : "policies")}' is a required property");
        ServerGroup group;
        lock (state.Gate)
        {
            if (state.Compute.Quotas(project)["server_groups"] is >= 0 and var limit
                && state.Compute.Groups.Count(g => g.ProjectId == project) >= limit)
                throw new ApiFault(403, "Quota exceeded, too many server groups.");
            state.Compute.Groups.Add(group = new ServerGroup(Guid.NewGuid().ToString(), name, policy, project, token.User.Id));
        }
        await context.WriteJsonAsync(200, new JsonObject { ["server_group"] = Describe(context, group) }).ConfigureAwait(false);
    }

    private ServerGroup Find(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var id = context.Route("id");
        return state.Compute.Groups.Find(g => g.Id == id && (token.IsAdmin || g.ProjectId == project))
            ?? throw new ApiFault(404, $"Instance group {id} could not be found.");
    }

    private JsonObject Describe(HttpContext context, ServerGroup group)
    {
        var version = context.Version();
        var body = new JsonObject { ["id"] = group.Id, ["name"] = group.Name };
        if (version >= 64)
        {
            body["policy"] = group.Policy;
            body["rules"] = new JsonObject();
        }
        else
        {
            body["policies"] = new JsonArray(group.Policy);
            body["metadata"] = new JsonObject();
        }
        body["members"] = JsonHttp.Strings(state.Compute.Servers.Where(s => s.GroupId == group.Id).Select(s => s.Id));
        if (version >= 13)
        {
            body["project_id"] = group.ProjectId;
            body["user_id"] = group.UserId;
        }
        return body;
    }
}
