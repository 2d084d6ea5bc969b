using System.Text.Json;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>/configurations.</summary>
internal sealed class ConfigurationRoutes(SandboxState state, DatabaseLife life)
{
    private DatabaseStore Store => state.Databases;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/configurations", context =>
        {
            var (_, project) = context.Enter(state);
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    TroveHttp.List(context, "configurations", Store.Configurations.Where(c => c.ProjectId == project), c => c.Id,
                        c => Describe(c, full: false)));
        });
        routes.MapPost("/configurations", CreateAsync);
        routes.MapGet("/configurations/{id}", context =>
        {
            lock (state.Gate) return context.WriteJsonAsync(200,
                new JsonObject { ["configuration"] = Describe(Find(context), full: true) });
        });
        routes.MapPut("/configurations/{id}", context => ChangeAsync(context, replace: true));
        routes.MapPatch("/configurations/{id}", context => ChangeAsync(context, replace: false));
        routes.MapDelete("/configurations/{id}", context =>
        {
            lock (state.Gate)
            {
                var group = Find(context);
                if (Store.Instances.Exists(i => i.Configuration == group))
                    throw new ApiFault(400,
                        "A configuration group cannot be deleted if it is associated with one or more non-terminated instances. Detach the "
                            + "configuration group from all non-terminated instances and please try again.");
                Store.Configurations.Remove(group);
            }
            TroveHttp.Accepted(context);
            return Task.CompletedTask;
        });
        routes.MapGet("/configurations/{id}/instances", context =>
        {
            lock (state.Gate)
            {
                var group = Find(context);
                return context.WriteJsonAsync(200,
                    TroveHttp.List(context, "instances", Store.Instances.Where(i => i.Configuration == group), i => i.Id,
                        i => new JsonObject { ["id"] = i.Id, ["name"] = i.Name }));
            }
        });
    }

    /// <summary>A project's group by its id, or a 404.</summary>
    public static ConfigurationGroup Find(SandboxState state, Token token, string project, string? id,
        string text = "Configuration group with ID {0} could not be found.") =>
        state.Databases.Configurations.Find(c => c.Id == id && (token.IsAdmin || c.ProjectId == project))
        ?? throw new ApiFault(404, text.Replace("{0}", id, StringComparison.Ordinal));

    private ConfigurationGroup Find(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        return Find(state, token, project, context.Route("id"));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (_, project) = context.Enter(state);
        var given = await TroveHttp.ReadAsync(context, "configuration").ConfigureAwait(false);
        TroveSchema.Required(given, "configuration", "name", "values");
        TroveSchema.Name(given["name"], "configuration['name']");
        JsonObject answer;
        lock (state.Gate)
        {
            var datastore = Store.Datastore(given["datastore"].Get("type").AsText(), given["datastore"].Get("version").AsText());
            var group = new ConfigurationGroup(project, datastore, state.Now)
            {
                Name = PythonText.Str(given["name"]),
                Description = given["description"].AsText(),
                Values = Values(given["values"], datastore),
            };
            Store.Configurations.Add(group);
            answer = Describe(group, full: true);
        }
        await context.WriteJsonAsync(200, new JsonObject { ["configuration"] = answer }).ConfigureAwait(false);
    }

    // PUT replaces all values, PATCH adds to them. Instances that have the group get the new values and want a restart.
    private async Task ChangeAsync(HttpContext context, bool replace)
    {
        context.Enter(state);
        var given = await TroveHttp.ReadAsync(context, "configuration").ConfigureAwait(false);
        lock (state.Gate)
        {
            var group = Find(context);
            if (replace && given["name"].AsText() is { } name) group.Name = name;
            if (replace && given.ContainsKey("description")) group.Description = given["description"].AsText();
            // A PUT that names no values leaves none: it replaces the group as a whole.
            if (replace) group.Values = given.ContainsKey("values") ? Values(given["values"], group.Datastore) : [];
            else if (given.ContainsKey("values"))
            {
                var values = Values(given["values"], group.Datastore);
                foreach (var (key, value) in values) group.Values[key] = value?.DeepClone();
            }
            group.Updated = state.Now;
            foreach (var instance in Store.Instances.Where(i => i.Configuration == group))
                life.Configure(instance, group, wantsRestart: instance.Cluster is null);
        }
        if (replace)
        {
            TroveHttp.Accepted(context);
            return;
        }
        context.Response.StatusCode = 200;
        context.Response.ContentType = "application/json";
    }

    private static JsonObject Values(JsonNode? node, Datastore datastore)
    {
        if (node is not JsonObject given)
            throw new ApiFault(400, $"Validation error: configuration['values'] {PythonText.Repr(node)} is not of type 'object'");
        foreach (var (name, value) in given)
        {
            var rule = (datastore.Name == "k2hdkc" ? DatabaseStore.Parameters : []).FirstOrDefault(p => p.Name == name)
                ?? throw new ApiFault(422,
                    $"The configuration parameter {name} is not supported for this datastore: {datastore.Name} {datastore.Version}.");
            // A number as text is no integer here, unlike a volume's size; true and false are, as in Python.
            if (rule.Type == "integer" && value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False) continue;
            if (rule.Type == "integer" ? value.AsInt() is null : value?.GetValueKind() != JsonValueKind.String)
                throw new ApiFault(422, $"The value provided for the configuration parameter {name} is not of type {rule.Type}.");
            if (value.AsInt() > rule.Max)
                throw new ApiFault(422,
                    $"The value for the configuration parameter {name} is greater than the maximum allowed: {rule.Max}");
            if (value.AsInt() < rule.Min)
                throw new ApiFault(422, $"The value for the configuration parameter {name} is less than the minimum allowed: {rule.Min}");
        }
        return (JsonObject)given.DeepClone();
    }

    private JsonObject Describe(ConfigurationGroup group, bool full)
    {
        var body = new JsonObject { ["id"] = group.Id, ["name"] = group.Name, ["description"] = group.Description };
        if (full) body["values"] = group.Values.DeepClone();
        body["created"] = TroveHttp.Time(group.Created);
        body["updated"] = TroveHttp.Time(group.Updated);
        if (full) body["instance_count"] = Store.Instances.Count(i => i.Configuration == group);
        body["datastore_name"] = group.Datastore.Name;
        body["datastore_version_id"] = group.Datastore.VersionId;
        body["datastore_version_name"] = group.Datastore.Version;
        if (full) body["datastore_version_number"] = group.Datastore.Version;
        return body;
    }
}
