using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Nova;

/// <summary>/flavors, and Nova's short proxy of /images.</summary>
internal sealed class FlavorRoutes(SandboxState state)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/flavors", context => List(context, detail: false));
        routes.MapGet("/flavors/detail", context => List(context, detail: true));
        routes.MapGet("/flavors/{id}", context =>
        {
            context.Enter(state);
            lock (state.Gate) return context.WriteJsonAsync(200, new JsonObject { ["flavor"] = Full(context, Find(context)) });
        });
        routes.MapGet("/flavors/{id}/os-extra_specs", context =>
        {
            context.Enter(state);
            lock (state.Gate) Find(context);
            return context.WriteJsonAsync(200, new JsonObject { ["extra_specs"] = new JsonObject() });
        });
        routes.MapPost("/flavors", CreateAsync);
        routes.MapDelete("/flavors/{id}", context =>
        {
            var (token, _) = context.Enter(state);
            NovaHttp.Policy(token.IsAdmin, "os-flavor-manage:delete");
            lock (state.Gate) state.Compute.Flavors.Remove(Find(context));
            context.Response.StatusCode = 202;
            return Task.CompletedTask;
        });
    }

    private Flavor Find(HttpContext context)
    {
        var id = context.Route("id");
        return state.Compute.Flavors.Find(f => f.Id == id) ?? throw new ApiFault(404, $"Flavor {id} could not be found.");
    }

    private Task List(HttpContext context, bool detail)
    {
        context.Enter(state);
        var query = context.Request.Query;
        lock (state.Gate)
        {
            var flavors = state.Compute.Flavors.Where(f => AtLeast("minRam", f.Ram) && AtLeast("minDisk", f.Disk));
            var (page, more) = NovaHttp.Page(context, flavors, f => f.Id);
            var answer = new JsonObject
            {
                ["flavors"] = JsonHttp.ToArray(page, f => detail
                    ? Full(context, f)
                    : new JsonObject { ["id"] = f.Id, ["name"] = f.Name, ["links"] = NovaHttp.Links(context, "flavors", f.Id) }),
            };
            if (more) answer["flavors_links"] = NovaHttp.NextLink(context, page[^1].Id);
            return context.WriteJsonAsync(200, answer);
        }

        bool AtLeast(string name, int value) => query[name].ToString() is not { Length: > 0 } text
            || (int.TryParse(text, out var least) ? value >= least : throw new ApiFault(400, $"Invalid {name} filter [{text}]"));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        var body = await NovaHttp.ReadAsync(context, "flavor").ConfigureAwait(false);
        NovaHttp.Policy(token.IsAdmin, "os-flavor-manage:create");
        foreach (var name in new[] { "name", "ram", "vcpus", "disk" })
        {
            if (!body.ContainsKey(name)) throw NovaHttp.Schema("flavor", body, $"'{name}' is a required property");
        }
        Flavor flavor;
        lock (state.Gate)
        {
            flavor = new Flavor(body["id"].AsText() is { } id && id != "auto" ? id : Guid.NewGuid().ToString(),
                PythonText.Str(body["name"]), Number("ram", 1), Number("vcpus", 1), Number("disk", 0));
            if (state.Compute.Flavors.Exists(f => f.Name == flavor.Name))
                throw new ApiFault(409, $"Flavor with name {flavor.Name} already exists.");
            if (state.Compute.Flavors.Exists(f => f.Id == flavor.Id))
                throw new ApiFault(409, $"Flavor with ID {flavor.Id} already exists.");
            state.Compute.Flavors.Add(flavor);
        }
        await context.WriteJsonAsync(200, new JsonObject { ["flavor"] = Full(context, flavor) }).ConfigureAwait(false);

        int Number(string name, int least) => body[name].AsInt(lenient: true) is { } number && number >= least
            ? number
            : throw NovaHttp.Schema(name, body[name], $"{PythonText.Repr(body[name])} is less than the minimum of {least}");
    }

    private static JsonObject Full(HttpContext context, Flavor flavor)
    {
        var version = context.Version();
        var body = new JsonObject
        {
            ["id"] = flavor.Id,
            ["name"] = flavor.Name,
            ["ram"] = flavor.Ram,
            ["disk"] = flavor.Disk,
            ["swap"] = version >= 75 ? 0 : "",
            ["OS-FLV-EXT-DATA:ephemeral"] = 0,
            ["OS-FLV-DISABLED:disabled"] = false,
            ["vcpus"] = flavor.Vcpus,
            ["os-flavor-access:is_public"] = true,
            ["rxtx_factor"] = JsonNode.Parse("1.0"),
            ["links"] = NovaHttp.Links(context, "flavors", flavor.Id),
        };
        if (version >= 55) body["description"] = null;
        if (version >= 61) body["extra_specs"] = new JsonObject();
        return body;
    }
}
