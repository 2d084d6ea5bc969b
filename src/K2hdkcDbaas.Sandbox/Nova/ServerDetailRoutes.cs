using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>What hangs on a server: metadata, addresses, interfaces, security groups, volumes.</summary>
internal sealed class ServerDetailRoutes(SandboxState state)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        Read(routes, "ips", (_, s) => new JsonObject { ["addresses"] = ServerJson.Addresses(s, withMac: false) });
        Read(routes, "os-interface", (_, s) => new JsonObject
        {
            ["interfaceAttachments"] = JsonHttp.ToArray(s.Ports, p => new JsonObject
            {
                ["net_id"] = p.Network.Id,
                ["port_id"] = p.Id,
                ["mac_addr"] = p.Mac,
                ["port_state"] = p.Status,
                ["fixed_ips"] = p.FixedIps,
            }),
        });
        Read(routes, "os-security-groups", (_, s) => new JsonObject
        {
            ["security_groups"] = JsonHttp.ToArray(s.Ports.SelectMany(p => p.Groups).Distinct(), g => new JsonObject
            {
                ["id"] = g.Id,
                ["description"] = g.Description,
                ["name"] = g.Name,
                ["tenant_id"] = g.ProjectId,
                ["rules"] = JsonHttp.ToArray(g.Rules.Where(r => r.Direction == "ingress"), r => new JsonObject
                {
                    ["id"] = r.Id,
                    ["parent_group_id"] = g.Id,
                    ["ip_protocol"] = r.Protocol,
                    ["from_port"] = r.PortMin,
                    ["to_port"] = r.PortMax,
                    ["group"] = r.RemoteGroup is { } id
                        ? new JsonObject { ["name"] = state.Network.Groups.Find(o => o.Id == id)?.Name, ["tenant_id"] = g.ProjectId }
                        : [],
                    ["ip_range"] = r.RemotePrefix is { } cidr ? new JsonObject { ["cidr"] = cidr } : [],
                }),
            }),
        });
        Read(routes, "os-volume_attachments", (_, s) => new JsonObject
        {
            ["volumeAttachments"] =
                JsonHttp.ToArray(s.Volumes,
                    v => new JsonObject { ["id"] = v, ["serverId"] = s.Id, ["volumeId"] = v, ["device"] = "/dev/sda" }),
        });
        Read(routes, "metadata", (_, s) => new JsonObject { ["metadata"] = All(s) });
        Read(routes, "metadata/{key}", (context, s) => s.Metadata.TryGetValue(context.Route("key"), out var value)
            ? new JsonObject { ["meta"] = new JsonObject { [context.Route("key")] = value } }
            : throw NoItem());
        routes.MapPost("/servers/{id}/metadata", context => SetAsync(context, replace: false));
        routes.MapPut("/servers/{id}/metadata", context => SetAsync(context, replace: true));
        routes.MapPut("/servers/{id}/metadata/{key}", SetOneAsync);
        routes.MapDelete("/servers/{id}/metadata/{key}", context =>
        {
            var (token, _) = context.Enter(state);
            lock (state.Gate)
            {
                if (!ServerRoutes.Find(context, state, token).Metadata.Remove(context.Route("key"))) throw NoItem();
            }
            context.Response.StatusCode = 204;
            context.Response.ContentType = "application/json";
            return Task.CompletedTask;
        });
    }

    private void Read(IEndpointRouteBuilder routes, string what, Func<HttpContext, Server, JsonObject> describe) =>
        routes.MapGet("/servers/{id}/" + what, context =>
        {
            var (token, _) = context.Enter(state);
            lock (state.Gate) return context.WriteJsonAsync(200, describe(context, ServerRoutes.Find(context, state, token)));
        });

    private async Task SetAsync(HttpContext context, bool replace)
    {
        var (token, _) = context.Enter(state);
        var given = ServerRequest.MetadataOf(await NovaHttp.ReadAsync(context, "metadata").ConfigureAwait(false));
        JsonObject answer;
        lock (state.Gate)
        {
            var server = ServerRoutes.Find(context, state, token);
            if (replace) server.Metadata.Clear();
            Merge(server, given);
            answer = All(server);
        }
        await context.WriteJsonAsync(200, new JsonObject { ["metadata"] = answer }).ConfigureAwait(false);
    }

    private async Task SetOneAsync(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        var given = ServerRequest.MetadataOf(await NovaHttp.ReadAsync(context, "meta").ConfigureAwait(false));
        if (given.Count != 1 || !given.ContainsKey(context.Route("key"))) throw new ApiFault(400, "Request body and URI mismatch");
        lock (state.Gate) Merge(ServerRoutes.Find(context, state, token), given);
        await context.WriteJsonAsync(200, new JsonObject { ["meta"] = Text(given) }).ConfigureAwait(false);
    }

    private void Merge(Server server, Dictionary<string, string> given)
    {
        var limit = state.Compute.Quotas(server.ProjectId)["metadata_items"];
        if (limit >= 0 && server.Metadata.Keys.Union(given.Keys).Count() > limit)
            throw new ApiFault(403, $"Maximum number of metadata items exceeds {limit}");
        foreach (var (name, value) in given) server.Metadata[name] = value;
        server.Updated = state.Now;
    }

    private static JsonObject All(Server server) => Text(server.Metadata);

    private static JsonObject Text(Dictionary<string, string> of) => new(of.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));

    private static ApiFault NoItem() => new(404, "Metadata item was not found");
}
