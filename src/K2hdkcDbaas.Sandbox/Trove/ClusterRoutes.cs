using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>/clusters: create, list, show, act, delete.</summary>
internal sealed class ClusterRoutes(SandboxState state, DatabaseLife life)
{
    private DatabaseStore Store => state.Databases;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/clusters", context =>
        {
            var (_, project) = context.Enter(state);
            lock (state.Gate)
                return context.WriteJsonAsync(200,
                    TroveHttp.List(context, "clusters", Store.Clusters.Where(c => c.ProjectId == project), c => c.Id,
                        c => TroveJson.Cluster(context, state, c, full: false)));
        });
        routes.MapPost("/clusters", CreateAsync);
        routes.MapGet("/clusters/{id}", context =>
        {
            lock (state.Gate) return context.WriteJsonAsync(200,
                new JsonObject { ["cluster"] = TroveJson.Cluster(context, state, Find(context), full: true) });
        });
        routes.MapGet("/clusters/{id}/instances/{instance}", context =>
        {
            lock (state.Gate)
            {
                var cluster = Find(context);
                var member = Store.Members(cluster).FirstOrDefault(m => m.Id == context.Route("instance"))
                    ?? throw TroveHttp.NoResource(context.Route("instance"));
                return context.WriteJsonAsync(200,
                    new JsonObject { ["instance"] = TroveJson.Instance(context, state, member, InstanceView.Shown) });
            }
        });
        routes.MapPost("/clusters/{id}", ActAsync);
        routes.MapDelete("/clusters/{id}", context =>
        {
            lock (state.Gate)
            {
                var cluster = Find(context);
                if (cluster.MissingConfiguration is not null) life.Begin(cluster, ClusterTask.Deleting);
                Usable(cluster);
                if (cluster.Task != ClusterTask.Deleting)
                {
                    NeedIdle(cluster);
                    life.DeleteAll(cluster);
                }
            }
            TroveHttp.Accepted(context);
            return Task.CompletedTask;
        });
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var given = await TroveHttp.ReadAsync(context, "cluster").ConfigureAwait(false);
        TroveSchema.Required(given, "cluster", "name", "datastore", "instances");
        TroveSchema.Name(given["name"], "cluster['name']");
        if (given["datastore"] is JsonObject named) TroveSchema.Required(named, "cluster['datastore']", "type", "version");
        var instances = given["instances"] as JsonArray
            ?? throw new ApiFault(400,
                $"Validation error: cluster['instances'] {PythonText.Repr(given["instances"])} is not of type 'array'");
        JsonObject answer;
        lock (state.Gate)
        {
            var datastore = Store.Datastore(given["datastore"].Get("type").AsText(), given["datastore"].Get("version").AsText());
            if (!datastore.Clusters) throw new ApiFault(501, $"Clusters not supported for {datastore.Name}-{datastore.Version}.");
            var cluster = new Cluster(project, datastore, state.Now)
            {
                Name = PythonText.Str(given["name"]),
                Locality = given["locality"].AsText()
            };
            // The row is written before the rest is checked, and stays when a check fails: Trove 18 leaves it in BUILDING for good.
            Store.Clusters.Add(cluster);
            if (given["configuration"].AsText() is { } group)
            {
                cluster.MissingConfiguration = group;
                cluster.Configuration = ConfigurationRoutes.Find(state, token, project, group);
                cluster.MissingConfiguration = null;
            }
            var members = Members(instances, cluster, token);
            life.Build(members, () => life.EndLater(cluster, ClusterTask.Building));
            answer = TroveJson.Cluster(context, state, cluster, full: false);
        }
        await context.WriteJsonAsync(200, new JsonObject { ["cluster"] = answer }).ConfigureAwait(false);
    }

    private List<Instance> Members(JsonArray wanted, Cluster cluster, Token token, Action? begin = null)
    {
        const string Unlike = "The flavor for each instance in a cluster must be the same.";
        if (wanted.Count == 0 && cluster.Task == ClusterTask.None) return [];
        var machines = wanted.Select(
            w => MachineRequest.Read(w, state, token, "A volume size is required for each instance in the cluster.", "Gb")).ToList();
        if (machines.Select(m => m.MissingNetwork).OfType<string>().FirstOrDefault() is { } missing)
            throw new ApiFault(400, $"Network Resource {missing} cannot be found.");
        if (machines.Select(m => m.Flavor).Distinct().Count() != 1) throw new ApiFault(400, Unlike);
        if (machines.Select(m => m.Network).Distinct().Count() != 1)
            throw new ApiFault(400, "The network for each instance in a cluster must be the same.");
        begin?.Invoke();
        // Its own numbers go on after how many there are, whatever their names.
        var next = Store.Members(cluster).Count() + 1;
        Store.Charge(cluster.ProjectId, ("instances", machines.Count), ("volumes", machines.Sum(m => m.VolumeSize)));
        return [.. machines.Select(m => new Instance(cluster.ProjectId, token.User, cluster.Datastore, m.Flavor, state.Now)
        {
            Name = m.Name ?? $"{cluster.Name}-member-{next++}",
            VolumeSize = m.VolumeSize,
            Network = m.Network,
            Configuration = cluster.Configuration,
            Cluster = cluster,
            Public = false,
        })];
    }

    private async Task ActAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var body = await TroveHttp.ReadAsync(context).ConfigureAwait(false);
        JsonObject answer;
        lock (state.Gate)
        {
            var cluster = Usable(Find(context));
            if (body.Count == 0) throw new ApiFault(500, "");
            var (action, argument) = body.Count == 1
                ? body.First()
                : throw new ApiFault(400, "Action request should have exactly one action specified in body");
            Check(action, argument);
            Act(cluster, action, argument, token, project);
            answer = TroveJson.Cluster(context, state, cluster, full: false);
        }
        await context.WriteJsonAsync(202, new JsonObject { ["cluster"] = answer }).ConfigureAwait(false);
    }

    // The form of an action is checked before the cluster's task.
    private static void Check(string action, JsonNode? argument)
    {
        switch (action)
        {
            case "grow" or "shrink":
                TroveSchema.Type<JsonArray>(argument, action, "array");
                if (action == "grow") break;
                foreach (var (item, index) in ((JsonArray)argument!).Select((item, index) => (item, index)))
                {
                    TroveSchema.Type<JsonObject>(item, $"shrink[{index}]", "object");
                    TroveSchema.Required((JsonObject)item!, $"shrink[{index}]", "id");
                }
                break;
            case "upgrade" when argument is JsonObject upgrade:
                TroveSchema.Required(upgrade, "upgrade", "datastore_version");
                break;
            case "configuration_attach" when argument.Get("configuration_id") is null:
                // Trove 18 does not check this one.
                throw new ApiFault(500, "");
        }
    }

    private void Act(Cluster cluster, string action, JsonNode? argument, Token token, string project)
    {
        switch (action)
        {
            case "reset-status":
                if (!token.IsAdmin) throw new ApiFault(403, "Policy doesn't allow cluster:reset-status to be performed.", TroveHttp.Policy);
                life.Begin(cluster, ClusterTask.None);
                break;
            case "grow":
                NeedIdle(cluster);
                // The task is set before the quota is looked at, and stays when that is full.
                life.Grow(cluster, Members((JsonArray)argument!, cluster, token, () => life.Begin(cluster, ClusterTask.Growing)));
                break;
            case "shrink":
                NeedIdle(cluster);
                var ids = ((JsonArray)argument!).Select(i => PythonText.Str(i.Get("id"))).ToList();
                if (Store.Members(cluster).All(m => ids.Contains(m.Id)))
                    throw new ApiFault(400, "Cluster must have at least one instance remaining after the shrink.");
                life.Shrink(cluster, ids);
                break;
            case "restart":
                NeedIdle(cluster);
                life.Restart(cluster);
                break;
            case "upgrade":
                NeedIdle(cluster);
                throw new ApiFault(400, "Action upgrade not supported");
            case "configuration_attach":
                NeedIdle(cluster);
                cluster.Configuration = ConfigurationRoutes.Find(state, token, project, argument.Get("configuration_id").AsText());
                Configure(cluster);
                break;
            case "configuration_detach":
                NeedIdle(cluster);
                cluster.Configuration = null;
                Configure(cluster);
                break;
            default:
                throw new ApiFault(400, $"Action {action} not supported");
        }
    }

    private void Configure(Cluster cluster)
    {
        foreach (var member in Store.Members(cluster)) life.Configure(member, cluster.Configuration, wantsRestart: false);
        cluster.Updated = state.Now;
    }

    private Cluster Find(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var id = context.Route("id");
        return Store.Clusters.Find(c => c.Id == id && (token.IsAdmin || c.ProjectId == project))
            ?? throw new ApiFault(404, $"Cluster '{id}' cannot be found.");
    }

    // A row that names a group which is not there can be looked at and nothing else, not even by an administrator.
    private static Cluster Usable(Cluster cluster) => cluster.MissingConfiguration is null
        ? cluster
        : throw new ApiFault(404, "InstanceServiceStatus Not Found");

    private static void NeedIdle(Cluster cluster)
    {
        if (cluster.Task != ClusterTask.None)
            throw new ApiFault(422,
                $"This action cannot be performed on the cluster while the current cluster task is '{cluster.Task.Name}'.");
    }
}
