using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>Datastores, versions, parameters, flavors, limits and quotas.</summary>
internal sealed class DatastoreRoutes(SandboxState state)
{
    private DatabaseStore Store => state.Databases;

    public void Map(IEndpointRouteBuilder routes)
    {
        Read(routes, "/datastores", c => new JsonObject { ["datastores"] = JsonHttp.ToArray(Store.Datastores, d => Describe(c, d)) });
        Read(routes, "/datastores/{datastore}",
            c => new JsonObject { ["datastore"] = Describe(c, Store.Datastore(c.Route("datastore"), null)) });
        Read(routes, "/datastores/{datastore}/versions",
            c => new JsonObject { ["versions"] = new JsonArray(Version(c, Store.Datastore(c.Route("datastore"), null))) });
        Read(routes, "/datastores/{datastore}/versions/{version}", c => new JsonObject { ["version"] = Version(c, Found(c)) });
        Read(routes, "/datastores/versions/{version}", c => new JsonObject { ["version"] = Version(c, ByVersion(c)) });
        Read(routes, "/datastores/{datastore}/versions/{version}/parameters", c => Parameters(Found(c)));
        Read(routes, "/datastores/{datastore}/versions/{version}/parameters/{name}", c => Parameter(Found(c), c.Route("name")));
        Read(routes, "/datastores/versions/{version}/parameters", c => Parameters(ByVersion(c)));
        Read(routes, "/flavors",
            c => new JsonObject { ["flavors"] = JsonHttp.ToArray(state.Compute.Flavors, f => TroveJson.Flavor(c, f)) });
        Read(routes, "/flavors/{id}", c => new JsonObject
        {
            ["flavor"] = TroveJson.Flavor(
                c, state.Compute.Flavors.Find(f => f.Id == c.Route("id")) ?? throw TroveHttp.NoResource(c.Route("id"))),
        });
        Read(routes, "/limits", c => Limits(c.Enter(state).ProjectId));
        Read(routes, "/modules", _ => new JsonObject { ["modules"] = new JsonArray() });
        Read(routes, "/mgmt/quotas/{tenant}", c =>
        {
            // One's own quotas anybody may read; others' an administrator.
            var (token, own) = c.Enter(state);
            if (!token.IsAdmin && c.Route("tenant") != own)
                throw new ApiFault(403, $"Operation not allowed for tenant {own}.", TroveHttp.Policy);
            return Quotas(c.Route("tenant"));
        });
        routes.MapPut("/mgmt/quotas/{tenant}", SetQuotasAsync);
        routes.MapMethods("/mgmt/{**rest}", ["GET", "POST", "PUT", "PATCH", "DELETE"], context =>
        {
            var (token, _) = context.Enter(state);
            throw token.IsAdmin ? new ApiFault(404, "") : new ApiFault(401, "User does not have admin privileges.");
        });
    }

    private void Read(IEndpointRouteBuilder routes, string path, Func<HttpContext, JsonObject> describe) => routes.MapGet(path, context =>
    {
        context.Enter(state);
        lock (state.Gate) return context.WriteJsonAsync(200, describe(context));
    });

    private Datastore Found(HttpContext context) => Store.Datastore(context.Route("datastore"), context.Route("version"));

    private Datastore ByVersion(HttpContext context)
    {
        var version = context.Route("version");
        return Store.Datastores.Find(d => d.VersionId == version)
            ?? throw new ApiFault(400, $"Datastore version '{version}' cannot be found.");
    }

    private static JsonObject Describe(HttpContext context, Datastore datastore) => new()
    {
        ["id"] = datastore.Id,
        ["name"] = datastore.Name,
        ["links"] = TroveHttp.Links(context, "datastores/" + datastore.Id),
        ["versions"] = new JsonArray(Version(context, datastore, inside: true)),
        ["default_version"] = datastore.VersionId,
    };

    private static JsonObject Version(HttpContext context, Datastore datastore, bool inside = false)
    {
        var body = new JsonObject
        {
            ["id"] = datastore.VersionId,
            ["name"] = datastore.Version,
            ["version"] = datastore.Version,
            ["links"] = TroveHttp.Links(context, "datastores/versions/" + datastore.VersionId),
        };
        if (!inside) body["datastore"] = datastore.Id;
        return body;
    }

    private static JsonObject Parameters(Datastore datastore) => new()
    {
        ["configuration-parameters"] =
            JsonHttp.ToArray(datastore.Name == "k2hdkc" ? DatabaseStore.Parameters : [], p => Describe(datastore, p)),
    };

    private static JsonObject Parameter(Datastore datastore, string name) =>
        Describe(datastore, (datastore.Name == "k2hdkc" ? DatabaseStore.Parameters : []).FirstOrDefault(p => p.Name == name)
            ?? throw TroveHttp.NoResource(name));

    private static JsonObject Describe(Datastore datastore, Parameter parameter)
    {
        var body = new JsonObject
        {
            ["name"] = parameter.Name,
            ["datastore_version_id"] = datastore.VersionId,
            ["restart_required"] = true,
            ["type"] = parameter.Type,
        };
        if (parameter.Max is { } max) body["max"] = max;
        if (parameter.Min is { } min) body["min"] = min;
        return body;
    }

    private JsonObject Limits(string project)
    {
        var quotas = Store.Quotas(project);
        var limits = new JsonArray(new JsonObject
        {
            ["verb"] = "ABSOLUTE",
            ["max_instances"] = quotas["instances"],
            ["max_ram"] = quotas["ram"],
            ["max_backups"] = quotas["backups"],
            ["max_volumes"] = quotas["volumes"],
        });
        foreach (var verb in new[] { "POST", "PUT", "DELETE", "GET", "POST" })
        {
            limits.Add(new JsonObject
            {
                ["nextAvailable"] = state.Now.Seconds(),
                ["remaining"] = 10000,
                ["unit"] = "MINUTE",
                ["value"] = 10000,
                ["verb"] = verb,
                ["uri"] = "*",
                ["regex"] = ".*",
            });
        }
        return new JsonObject { ["limits"] = limits };
    }

    private JsonObject Quotas(string project) => new()
    {
        ["quotas"] = JsonHttp.ToArray(Store.Quotas(project), q => new JsonObject
        {
            ["resource"] = q.Key,
            ["in_use"] = Store.Used(project, q.Key),
            ["reserved"] = 0,
            ["limit"] = q.Value,
        }),
    };

    private async Task SetQuotasAsync(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        if (!token.IsAdmin) throw new ApiFault(401, "User does not have admin privileges.");
        var given = await TroveHttp.ReadAsync(context, "quotas").ConfigureAwait(false);
        var project = context.Route("tenant");
        var answer = new JsonObject();
        lock (state.Gate)
        {
            var quotas = Store.Quotas(project);
            foreach (var (name, value) in given)
            {
                if (!quotas.ContainsKey(name)) throw new ApiFault(404, $"Quota resource unknown: {name}.");
                answer[name] = quotas[name] = value.AsInt(lenient: true)
                    ?? throw new ApiFault(400, $"Validation error: quotas['{name}'] {PythonText.Repr(value)} is not of type 'integer'");
            }
        }
        await context.WriteJsonAsync(200, new JsonObject { ["quotas"] = answer }).ConfigureAwait(false);
    }
}
