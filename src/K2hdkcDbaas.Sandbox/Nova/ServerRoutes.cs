using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Glance;
using K2hdkcDbaas.Sandbox.Keystone;
using K2hdkcDbaas.Sandbox.Neutron;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>/servers: create, list, show, rename, delete.</summary>
internal sealed class ServerRoutes(SandboxState state, ServerLife life)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/servers", CreateAsync);
        routes.MapGet("/servers", context => List(context, detail: false));
        routes.MapGet("/servers/detail", context => List(context, detail: true));
        routes.MapGet("/servers/{id}", context =>
        {
            var (token, _) = context.Enter(state);
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    new JsonObject { ["server"] = ServerJson.Full(context, Find(context, state, token), token.IsAdmin, show: true) });
        });
        routes.MapPut("/servers/{id}", RenameAsync);
        routes.MapDelete("/servers/{id}", context =>
        {
            var (token, _) = context.Enter(state);
            lock (state.Gate)
            {
                var server = Find(context, state, token);
                life.Record(server, "delete", context);
                life.Delete(server);
            }
            context.Response.StatusCode = 204;
            context.Response.ContentType = "application/json";
            return Task.CompletedTask;
        });
    }

    /// <summary>The server of the route, or the 404 that also hides other projects' servers.</summary>
    public static Server Find(HttpContext context, SandboxState state, Token token)
    {
        var id = context.Route("id");
        return state.Compute.Servers.Find(s => s.Id == id && (token.IsAdmin || s.ProjectId == token.Project?.Id))
            ?? throw new ApiFault(404, $"Instance {id} could not be found.");
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var version = context.Version();
        var body = await NovaHttp.ReadAsync(context, "server").ConfigureAwait(false);
        var request = ServerRequest.Parse(body, version);
        JsonObject answer;
        lock (state.Gate)
        {
            var made = Create(context, token, project, request);
            answer = new JsonObject
            {
                ["id"] = made.Id,
                ["links"] = NovaHttp.Links(context, "servers", made.Id),
                ["OS-DCF:diskConfig"] = "MANUAL",
                ["security_groups"] =
                    JsonHttp.ToArray(request.Groups.Count > 0 || body["security_groups"] is not null ? request.Groups : ["default"],
                        g => new JsonObject { ["name"] = g }),
                ["adminPass"] = IdentityStore.NewId()[..12],
            };
        }
        context.Response.Headers.Location = $"{context.BaseUrl()}/v2.1/servers/{answer["id"]}";
        await context.WriteJsonAsync(202, new JsonObject { ["server"] = answer }).ConfigureAwait(false);
    }

    // In Nova's order: counts, zone, image, flavor, key, networks, groups, quotas.
    private Server Create(HttpContext context, Token token, string project, ServerRequest request)
    {
        if (request.MinCount > request.MaxCount) throw new ApiFault(400, "min_count must be <= max_count");
        if (request.Zone is { } zone)
        {
            if (zone.Contains(':', StringComparison.Ordinal)) NovaHttp.Policy(token.IsAdmin, "servers:create:forced_host");
            if (zone.Split(':')[0] != "nova") throw new ApiFault(400, "The requested availability zone is not available");
        }
        var fromVolume =
            request.BlockDevices.Find(
                b => b["destination_type"].AsText() == "volume" || b["source_type"].AsText() is "volume" or "snapshot");
        var image = BootImage(token, request, fromVolume);
        var flavor = state.Compute.Flavors.Find(f => f.Id == request.FlavorRef)
            ?? throw new ApiFault(400, $"Flavor {request.FlavorRef} could not be found.");
        if (image is not null)
        {
            if (flavor.Ram < image.MinRam) throw new ApiFault(400, "Flavor's memory is too small for requested image.");
            if (fromVolume is null && flavor.Disk < image.MinDisk)
                throw new ApiFault(400,
                    $"Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is {(long)flavor.Disk << 30} "
                        + $"bytes, minimum size is {(long)image.MinDisk << 30} bytes.");
        }
        if (request.KeyName is { } key && !state.Compute.KeyPairs.Exists(k => k.Name == key && k.UserId == token.User.Id))
            throw new ApiFault(400, "Invalid key_name provided.");
        if (request.Metadata.Count > state.Compute.Quotas(project)["metadata_items"])
            throw new ApiFault(403, $"Maximum number of metadata items exceeds {state.Compute.Quotas(project)["metadata_items"]}");
        var wanted = Networks(token, project, request);
        var groups = Groups(project, request.Groups);
        var serverGroup = ServerGroup(context, project);
        state.Compute.Charge(project, flavor, request.MaxCount);
        var ports = wanted.Count(w => w.Port is null) * request.MaxCount;
        if (state.Network.Quotas(project)["port"] is >= 0 and var limit
            && state.Network.Ports.Count(p => p.ProjectId == project) + ports > limit)
            throw new ApiFault(403, "Maximum number of ports exceeded");

        Server? first = null;
        for (var i = 1; i <= request.MaxCount; i++)
        {
            var server = new Server(project, token.User, flavor, state.Now)
            {
                Name = request.MaxCount > 1 ? $"{request.Name}-{i}" : request.Name,
                Description = request.MaxCount > 1 && request.Description == request.Name ? $"{request.Name}-{i}" : request.Description,
                ImageId = fromVolume is null ? image?.Id : null,
                ImageProperties = new Dictionary<string, string>(image?.Properties ?? []),
                KeyName = request.KeyName,
                UserData = request.UserData,
                Zone = request.Zone?.Split(':')[0],
                GroupId = serverGroup,
                Metadata = new Dictionary<string, string>(request.Metadata, StringComparer.Ordinal),
                Volumes = fromVolume is null
                    ? []
                    : [fromVolume["source_type"].AsText() == "volume" ? fromVolume["uuid"].AsText()! : Guid.NewGuid().ToString()],
                Tags = [.. request.Tags],
                Number = state.Compute.NextNumber(),
            };
            life.Record(server, "create", context);
            life.Build(server, wanted, groups, image?.Snapshot ?? default);
            first ??= server;
        }
        return first!;
    }

    private Image? BootImage(Token token, ServerRequest request, JsonObject? fromVolume)
    {
        if (fromVolume?["source_type"].AsText() is "volume" && !Guid.TryParse(fromVolume["uuid"].AsText(), out _))
            throw new ApiFault(400, $"Block Device Mapping is Invalid: failed to get volume {PythonText.Str(fromVolume["uuid"])}.");
        var wanted = string.IsNullOrEmpty(request.ImageRef)
            ? request.BlockDevices.Find(b => b["source_type"].AsText() == "image")?["uuid"].AsText()
            : request.ImageRef;
        if (wanted is null) return fromVolume is null ? throw new ApiFault(400, "Missing imageRef attribute") : null;
        if (!Guid.TryParse(wanted, out _))
            throw NovaHttp.Schema("imageRef", wanted, $"'{wanted}' is not valid under any of the given schemas");
        var image = state.Images.Find(token, wanted) ?? throw new ApiFault(400, "Can not find requested image");
        return image.Status == "active" ? image : throw new ApiFault(400, $"Image {image.Id} is not active.");
    }

    private List<(Network? Network, Port? Port, string? Address)> Networks(Token token, string project, ServerRequest request)
    {
        if (request.Networks is null)
        {
            var usable = state.Network.ForServers(project).ToList();
            if (usable.Count > 1) throw new ApiFault(409, "Multiple possible networks found, use a Network ID to be more specific.");
            return [.. usable.Select(n => ((Network?)n, (Port?)null, (string?)null))];
        }
        return [.. request.Networks.Select(wanted =>
        {
            if (wanted["port"].AsText() is { } portId)
            {
                var port = state.Network.Ports.Find(p => p.Id == portId && p.ProjectId == project)
                    ?? throw new ApiFault(400, $"Port id {portId} could not be found.");
                if (port.DeviceId.Length > 0) throw new ApiFault(409, $"Port {portId} is still in use.");
                return (null, port, null);
            }
            var id = wanted["uuid"].AsText();
            var network = state.Network.Visible(token).FirstOrDefault(n => n.Id == id)
                ?? throw new ApiFault(400, $"Network {id} could not be found.");
            if (network.Subnets.Count == 0)
                throw new ApiFault(400, $"Network {network.Id} requires a subnet in order to boot instances on.");
            return ((Network?)network, (Port?)null, wanted["fixed_ip"].AsText());
        })];
    }

    private List<SecurityGroup> Groups(string project, List<string> names)
    {
        var standard = state.Network.DefaultGroup(project);
        if (names.Count == 0) return [standard];
        return [.. names.Distinct().Select(name =>
        {
            var found = state.Network.Groups.Where(g => g.ProjectId == project && (g.Id == name || g.Name == name)).ToList();
            return found.Count switch
            {
                1 => found[0],
                0 => throw new ApiFault(400, $"Unable to find security_group with name or id '{name}'"),
                _ => found.Find(g => g.Id == name)
                    ?? throw new ApiFault(409, $"Multiple security groups found matching '{name}'. Use an ID to be more specific."),
            };
        })];
    }

    // Hints are beside "server" in the body; it was read whole and kept by then.
    private string? ServerGroup(HttpContext context, string project)
    {
        if (context.Items[JsonHttp.BodyKey] is not JsonObject body) return null;
        var hints = body["os:scheduler_hints"] ?? body["OS-SCH-HNT:scheduler_hints"];
        if (hints.Get("group").AsText() is not { } id) return null;
        return state.Compute.Groups.Exists(g => g.Id == id && g.ProjectId == project)
            ? id
            : throw new ApiFault(400, $"Instance group {id} could not be found.");
    }

    private async Task RenameAsync(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        var body = await NovaHttp.ReadAsync(context, "server").ConfigureAwait(false);
        JsonObject answer;
        var strange = body.Select(m => m.Key)
            .FirstOrDefault(k => k is not ("name" or "accessIPv4" or "accessIPv6" or "OS-DCF:diskConfig" or "description" or "hostname"));
        if (strange is not null)
            throw NovaHttp.Schema("server", body, $"Additional properties are not allowed ('{strange}' was unexpected)");
        lock (state.Gate)
        {
            var server = Find(context, state, token);
            if (body.ContainsKey("name"))
            {
                var name = body["name"].AsText()
                    ?? throw NovaHttp.Schema("name", body["name"], $"{PythonText.Repr(body["name"])} is not of type 'string'");
                if (name.Length is 0 or > 255)
                    throw NovaHttp.Schema("name", name, name.Length == 0 ? "'' is too short" : $"'{name}' is too long");
                server.Name = name;
            }
            server.Updated = state.Now;
            answer = ServerJson.Renamed(context, server);
        }
        await context.WriteJsonAsync(200, new JsonObject { ["server"] = answer }).ConfigureAwait(false);
    }

    private Task List(HttpContext context, bool detail)
    {
        var (token, project) = context.Enter(state);
        var query = context.Request.Query;
        var everywhere = query.ContainsKey("all_tenants") && query["all_tenants"].ToString() is not ("0" or "False" or "false");
        if (everywhere) NovaHttp.Policy(token.IsAdmin, $"servers:{(detail ? "detail" : "index")}:get_all_tenants");
        if (query["status"].ToString().Equals("DELETED", StringComparison.OrdinalIgnoreCase) && !token.IsAdmin)
            throw new ApiFault(403, "Only administrators may list deleted instances");
        lock (state.Gate)
        {
            var servers = state.Compute.Servers.Where(s => everywhere || s.ProjectId == project);
            if (query["name"].ToString() is { Length: > 0 } name)
            {
                var pattern = NovaHttp.Pattern("name", name);
                servers = servers.Where(s => pattern.IsMatch(s.Name));
            }
            if (query["ip"].ToString() is { Length: > 0 } ip)
            {
                var pattern = NovaHttp.Pattern("ip", ip);
                servers = servers.Where(s => s.Ports.Exists(p => p.Address is not null && pattern.IsMatch(p.Address)));
            }
            if (query["status"].Count > 0)
                servers = servers.Where(s => query["status"].Any(v => s.Status.Equals(v, StringComparison.OrdinalIgnoreCase)));
            if (query["image"].ToString() is { Length: > 0 } image) servers = servers.Where(s => s.ImageId == image);
            if (query["flavor"].ToString() is { Length: > 0 } flavor) servers = servers.Where(s => s.Flavor.Id == flavor);
            if (query["uuid"].Count > 0) servers = servers.Where(s => query["uuid"].Contains(s.Id));
            var (page, more) = NovaHttp.Page(context, servers.OrderByDescending(s => s.Number), s => s.Id);
            var answer = new JsonObject
            {
                ["servers"] = JsonHttp.ToArray(page,
                    s => detail ? ServerJson.Full(context, s, token.IsAdmin, show: false) : ServerJson.Brief(context, s)),
            };
            if (more) answer["servers_links"] = NovaHttp.NextLink(context, page[^1].Id);
            return context.WriteJsonAsync(200, answer);
        }
    }
}
