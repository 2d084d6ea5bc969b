using System.Globalization;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Keystone;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>/instances.</summary>
internal sealed class InstanceRoutes(SandboxState state, DatabaseLife life)
{
    private DatabaseStore Store => state.Databases;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/instances", context =>
        {
            var (_, project) = context.Enter(state);
            var members = context.Request.Query["include_clustered"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
            lock (state.Gate)
                return context.WriteJsonAsync(200, TroveHttp.List(context, "instances",
                    Store.Instances.Where(i => i.ProjectId == project && (members || i.Cluster is null)), i => i.Id,
                    i => TroveJson.Instance(context, state, i, InstanceView.Listed)));
        });
        routes.MapPost("/instances", CreateAsync);
        routes.MapGet("/instances/{id}", context =>
        {
            lock (state.Gate) return context.WriteJsonAsync(200,
                new JsonObject { ["instance"] = TroveJson.Instance(context, state, Find(context), InstanceView.Shown) });
        });
        routes.MapPut("/instances/{id}", ChangeAsync);
        routes.MapPatch("/instances/{id}", ChangeAsync);
        routes.MapDelete("/instances/{id}", context =>
        {
            lock (state.Gate)
            {
                var instance = Find(context);
                if (instance.Status is "BUILD" or "RESIZE" or "REBOOT") throw NotReady(instance, $" (Status is {instance.Status}).");
                if (instance.Cluster is { } cluster && cluster.Task != ClusterTask.Deleting && cluster.Task != ClusterTask.Shrinking)
                    throw NotOfMembers();
                life.Delete(instance);
            }
            TroveHttp.Accepted(context);
            return Task.CompletedTask;
        });
        routes.MapPost("/instances/{id}/action", ActAsync);
        routes.MapGet("/instances/{id}/configuration", context =>
        {
            lock (state.Gate) Find(context);
            return context.WriteJsonAsync(200, new JsonObject { ["instance"] = new JsonObject { ["configuration"] = new JsonObject() } });
        });
        routes.MapGet("/instances/{id}/log", context =>
        {
            lock (state.Gate)
            {
                var instance = Find(context);
                if (instance.Status == "BUILD") throw NotReady(instance);
            }
            return context.WriteJsonAsync(200, new JsonObject { ["logs"] = null });
        });
        routes.MapGet("/instances/{id}/backups", context =>
        {
            lock (state.Gate)
            {
                var instance = Find(context);
                return context.WriteJsonAsync(200,
                    TroveHttp.List(context, "backups", Store.Backups.Where(b => b.InstanceId == instance.Id), b => b.Id,
                        b => TroveJson.Backup(b, state)));
            }
        });
    }

    /// <summary>An instance of the project by its id, or a 404.</summary>
    public static Instance Find(SandboxState state, Token token, string project, string? id) =>
        state.Databases.Instances.Find(i => i.Id == id && (token.IsAdmin || i.ProjectId == project))
            ?? throw TroveHttp.NoResource(id ?? "None");

    /// <summary>Refuses actions on an instance that is busy, in Trove's three wordings.</summary>
    public static void NeedReady(Instance instance)
    {
        if (instance.Ready) return;
        throw instance.Status switch
        {
            "BUILD" => NotReady(instance),
            "RESIZE" or "REBOOT" =>
                new ApiFault(422,
                    $"Instance {instance.Id} is not currently available for an action to be performed (task status was "
                        + $"{(instance.Status == "RESIZE" ? "RESIZING" : "REBOOTING")})."),
            _ => new ApiFault(422,
                $"Instance {instance.Id} is not currently available for an action to be performed (instance status was {instance.Status})."),
        };
    }

    /// <summary>What Trove does not do with single members of its clusters.</summary>
    public static ApiFault NotOfMembers() => new(501, "Operation not supported for instances that are part of a cluster.");

    private static ApiFault NotReady(Instance instance, string more = "") => new(422, $"Instance {instance.Id} is not ready.{more}");

    private Instance Find(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        return Find(state, token, project, context.Route("id"));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var given = await TroveHttp.ReadAsync(context, "instance").ConfigureAwait(false);
        TroveSchema.Required(given, "instance", "name");
        var name = TroveSchema.Name(given["name"], "instance['name']");
        TroveSchema.Volume(given["volume"], "instance['volume']");
        if (given["restorePoint"] is JsonObject point) TroveSchema.Required(point, "instance['restorePoint']", "backupRef");
        JsonObject answer;
        lock (state.Gate)
        {
            var datastore = Store.Datastore(given["datastore"].Get("type").AsText(), given["datastore"].Get("version").AsText());
            Backup? backup = null;
            if (given["restorePoint"].Get("backupRef").AsText() is { } reference)
            {
                var id = reference.Split('/')[^1];
                backup = Store.Backups.Find(b => b.Id == id && b.ProjectId == project) ?? throw TroveHttp.NoResource(id);
                if (backup.Status != "COMPLETED")
                    throw new ApiFault(409,
                        $"Unable to create instance because backup {id} is not completed. Actual state: {backup.Status}.");
            }
            var machine = MachineRequest.Read(given, state, token, "Volume size was not specified.", "GB");
            if (backup?.Size > machine.VolumeSize)
            {
                throw new ApiFault(403, string.Create(CultureInfo.InvariantCulture,
                    $"Backup is too large for given flavor or volume. Backup size: {backup.Size} GBs. Available size: {machine.VolumeSize} "
                        + $"GBs."), TroveHttp.Policy);
            }
            if (backup is not null && backup.Datastore.Name != datastore.Name)
                throw new ApiFault(400,
                    $"The datastore from which the backup was taken, {backup.Datastore.Name}, does not match the destination datastore of "
                        + $"{datastore.Name}.");
            var group = given["configuration"].AsText() is { } groupId ? ConfigurationRoutes.Find(state, token, project, groupId) : null;
            Store.Charge(project, ("instances", 1), ("volumes", machine.VolumeSize));
            var instance = new Instance(project, token.User, datastore, machine.Flavor, state.Now)
            {
                Name = name,
                VolumeSize = machine.VolumeSize,
                Network = machine.Network,
                MissingNetwork = machine.MissingNetwork,
                Configuration = group,
                Restore = backup?.Data ?? default,
                Public = given["access"].Get("is_public") is JsonValue v && v.TryGetValue(out bool open) ? open : null,
            };
            life.Build([instance]);
            answer = TroveJson.Instance(context, state, instance, InstanceView.Created);
        }
        await context.WriteJsonAsync(200, new JsonObject { ["instance"] = answer }).ConfigureAwait(false);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        var (token, project) = context.Enter(state);
        var given = await TroveHttp.ReadAsync(context, "instance").ConfigureAwait(false);
        TroveSchema.IdOrNull(given["configuration"], "instance['configuration']");
        if (given.ContainsKey("name")) TroveSchema.Name(given["name"], "instance['name']");
        lock (state.Gate)
        {
            var instance = Find(context);
            if (instance.Status == "BUILD") throw NotReady(instance);
            if (given.TryGetPropertyValue("configuration", out var wanted))
            {
                if (!instance.Ready)
                    throw new ApiFault(400,
                        $"The operation you have requested cannot be executed because the instance status is currently: {instance.Status}.");
                var group = wanted is null
                    ? null
                    : ConfigurationRoutes.Find(state, token, project, wanted.AsText(), "Configuration group id: {0} could not be found.");
                life.Configure(instance, group, wantsRestart: true);
            }
            if (given["name"].AsText() is { } name) instance.Name = name;
            if (given["access"].Get("is_public") is JsonValue v && v.TryGetValue(out bool open)) instance.Public = open;
        }
        TroveHttp.Accepted(context);
    }

    private async Task ActAsync(HttpContext context)
    {
        var (token, _) = context.Enter(state);
        var body = await TroveHttp.ReadAsync(context).ConfigureAwait(false);
        if (body.ContainsKey("restart")) TroveSchema.Type<JsonObject>(body["restart"], "restart", "object");
        TroveSchema.Volume(body["resize"].Get("volume"), "resize['volume']");
        lock (state.Gate)
        {
            var instance = Find(context);
            if (body.ContainsKey("reset_status"))
            {
                if (!token.IsAdmin)
                    throw new ApiFault(403, "Policy doesn't allow instance:reset_status to be performed.", TroveHttp.Policy);
                life.Reset(instance);
            }
            else if (instance.Status == "BUILD")
            {
                throw NotReady(instance);
            }
            else if (body.ContainsKey("restart"))
            {
                if (instance.Status != "RESTART_REQUIRED") NeedReady(instance);
                if (instance.Cluster is not null && !token.IsAdmin) throw NotOfMembers();
                life.Restart(instance);
            }
            else if (body["resize"] is JsonObject resize)
            {
                Resize(instance, resize);
            }
            else
            {
                // Trove 18 has no answer for an action it does not know.
                throw new ApiFault(500, "");
            }
        }
        TroveHttp.Accepted(context);
    }

    private void Resize(Instance instance, JsonObject resize)
    {
        NeedReady(instance);
        if (resize["volume"] is { } volume)
        {
            var size = volume.Get("size").AsInt(lenient: true) ?? 0;
            if (size <= instance.VolumeSize)
            {
                var text = $"The new volume 'size' must be larger than the current volume size of '{instance.VolumeSize}'.";
                (instance.Fault, instance.FaultTime) = (text, state.Now);
                throw new ApiFault(400, text);
            }
            if (size > DatabaseStore.LargestVolume)
                throw new ApiFault(413,
                    $"Volume 'size' cannot exceed maximum of {DatabaseStore.LargestVolume} GB, {size} cannot be accepted.");
            Store.Charge(instance.ProjectId, ("volumes", size - instance.VolumeSize));
            life.Resize(instance, () => instance.VolumeSize = size);
            return;
        }
        var id = resize["flavorRef"].AsText()?.Split('/')[^1] ?? throw new ApiFault(500, "");
        var flavor = state.Compute.Flavors.Find(f => f.Id == id) ?? throw new ApiFault(400, $"Resource {id} cannot be found.");
        if (flavor.Id == instance.Flavor.Id)
            throw new ApiFault(400, $"The new flavor id must be different than the current flavor id of '{id}'.");
        life.Resize(instance, () => instance.Flavor = flavor);
    }
}
