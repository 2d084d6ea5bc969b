using System.Text.Json.Nodes;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>/backups and /backup_strategies.</summary>
internal sealed class BackupRoutes(SandboxState state, DatabaseLife life)
{
    private DatabaseStore Store => state.Databases;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/backups", context =>
        {
            var (_, project) = context.Enter(state);
            var query = context.Request.Query;
            // Here a marker has to exist; what happens else is a 500.
            if (query["marker"].ToString() is { Length: > 0 } marker && !Store.Backups.Exists(b => b.Id == marker))
                throw new ApiFault(500, "");
            lock (state.Gate)
                return context.WriteJsonAsync(200, TroveHttp.List(context, "backups",
                    Store.Backups.Where(
                        b => b.ProjectId == project && Wanted("instance_id", b.InstanceId) && Wanted("datastore", b.Datastore.Name)),
                    b => b.Id, b => TroveJson.Backup(b, state)));

            bool Wanted(string name, string value) => query[name].ToString() is { Length: 0 } || query[name] == value;
        });
        routes.MapPost("/backups", CreateAsync);
        routes.MapGet("/backups/{id}", context =>
        {
            lock (state.Gate) return context.WriteJsonAsync(200, new JsonObject { ["backup"] = TroveJson.Backup(Find(context), state) });
        });
        routes.MapDelete("/backups/{id}", context =>
        {
            lock (state.Gate)
            {
                var backup = Find(context);
                if (backup.Status is "NEW" or "BUILDING")
                    throw new ApiFault(422, $"Backup {backup.Id} cannot be deleted because it is running.");
                life.Delete(backup);
            }
            TroveHttp.Accepted(context);
            return Task.CompletedTask;
        });
        routes.MapGet("/backup_strategies", context =>
        {
            var (_, project) = context.Enter(state);
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    new JsonObject
                    {
                        ["backup_strategies"] =
                        JsonHttp.ToArray(Store.Strategies.Where(s => s.ProjectId == project), Describe)
                    });
        });
        routes.MapPost("/backup_strategies", SetStrategyAsync);
        routes.MapDelete("/backup_strategies", context =>
        {
            var (_, project) = context.Enter(state);
            var instance = context.Request.Query["instance_id"].ToString();
            lock (state.Gate) Store.Strategies.RemoveAll(s => s.ProjectId == project && s.InstanceId == instance);
            TroveHttp.Accepted(context);
            return Task.CompletedTask;
        });
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var given = await TroveHttp.ReadAsync(context, "backup").ConfigureAwait(false);
        TroveSchema.Required(given, "backup", "name");
        var name = TroveSchema.Name(given["name"], "backup['name']");
        if (given.TryGetPropertyValue("description", out var description)) TroveSchema.Name(description, "backup['description']");
        if (!given.ContainsKey("instance")) throw new ApiFault(400, "instance is missing.");
        TroveSchema.Id(given["instance"], "backup['instance']");
        JsonObject answer;
        lock (state.Gate)
        {
            var instance = InstanceRoutes.Find(state, token, project, given["instance"].AsText()?.Split('/')[^1]);
            InstanceRoutes.NeedReady(instance);
            if (instance.Cluster is not null) throw new ApiFault(501, "Operation not supported for instances that are part of a cluster.");
            var parent = given["parent_id"].AsText();
            if (parent is not null && !Store.Backups.Exists(b => b.Id == parent && b.ProjectId == project))
                throw TroveHttp.NoResource(parent);
            Store.Charge(project, ("backups", 1));
            var container = given["swift_container"].AsText()
                ?? Store.Strategies.Find(s => s.ProjectId == project && s.InstanceId == instance.Id)?.Container
                ?? Store.Strategies.Find(s => s.ProjectId == project && s.InstanceId.Length == 0)?.Container
                ?? "database_backups";
            var backup = new Backup(instance, state.Now)
            {
                Name = name,
                Description = given["description"].AsText(),
                ParentId = parent,
                Container = container
            };
            answer = TroveJson.Backup(backup, state);
            life.Take(backup, instance);
        }
        await context.WriteJsonAsync(202, new JsonObject { ["backup"] = answer }).ConfigureAwait(false);
    }

    private async Task SetStrategyAsync(HttpContext context)
    {
        var (_, project) = context.Enter(state);
        var given = await TroveHttp.ReadAsync(context, "backup_strategy").ConfigureAwait(false);
        var container = given["swift_container"].AsText()
            ?? throw TroveSchema.Fault("backup_strategy 'swift_container' is a required property");
        var strategy = new BackupStrategy(project, given["instance_id"].AsText() ?? "", container);
        lock (state.Gate)
        {
            Store.Strategies.RemoveAll(s => s.ProjectId == project && s.InstanceId == strategy.InstanceId);
            Store.Strategies.Add(strategy);
        }
        await context.WriteJsonAsync(202, new JsonObject { ["backup_strategy"] = Describe(strategy) }).ConfigureAwait(false);
    }

    private static JsonObject Describe(BackupStrategy strategy) => new()
    {
        ["project_id"] = strategy.ProjectId,
        ["instance_id"] = strategy.InstanceId,
        ["backend"] = "swift",
        ["swift_container"] = strategy.Container,
    };

    private Backup Find(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var id = context.Route("id");
        return Store.Backups.Find(b => b.Id == id && (token.IsAdmin || b.ProjectId == project)) ?? throw TroveHttp.NoResource(id);
    }
}
