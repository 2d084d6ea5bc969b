using System.Text.Json.Nodes;
using K2hdkcDbaas.Sandbox.Nova;

namespace K2hdkcDbaas.Sandbox.Trove;

/// <summary>Trove's resources as JSON.</summary>
internal static class TroveJson
{
    public static JsonObject Instance(HttpContext context, SandboxState state, Instance instance, InstanceView view)
    {
        var body = new JsonObject
        {
            ["id"] = instance.Id,
            ["name"] = instance.Name,
            ["status"] = instance.Status,
            ["operating_status"] = instance.Status is "ACTIVE" or "HEALTHY" or "RESTART_REQUIRED" or "BACKUP" ? "HEALTHY" : "",
            ["links"] = TroveHttp.Links(context, "instances/" + instance.Id),
            ["flavor"] = FlavorReference(context, instance.Flavor),
            ["datastore"] = new JsonObject { ["type"] = instance.Datastore.Name, ["version"] = instance.Datastore.Version },
            ["region"] = instance.Cluster is null ? "RegionOne" : null,
            ["access"] = instance.Public is null && (view == InstanceView.Created || instance.Status == "BUILD")
                ? []
                : new JsonObject { ["is_public"] = instance.Public ?? false },
            ["volume"] = new JsonObject { ["size"] = instance.VolumeSize },
        };
        if (instance.Port?.Address is { } address && instance.Status != "BUILD")
        {
            body["ip"] = new JsonArray(address);
            body["addresses"] = Addresses(instance);
        }
        if (view == InstanceView.Listed) return body;

        body["datastore"]!["version_number"] = instance.Datastore.Version;
        if (view == InstanceView.Shown && instance.Status is not ("BUILD" or "RESIZE" or "ERROR")) body["volume"]!["used"] = 0.16;
        body["created"] = TroveHttp.Time(instance.Created);
        body["updated"] = TroveHttp.Time(instance.Updated);
        body["service_status_updated"] = TroveHttp.Time(instance.Updated);
        if (instance.Fault is { } fault)
            body["fault"] = new JsonObject { ["message"] = fault, ["created"] = TroveHttp.Time(instance.FaultTime), ["details"] = null };
        if (instance.Configuration is { } group)
        {
            body["configuration"] = new JsonObject
            {
                ["id"] = group.Id,
                ["name"] = group.Name,
                ["links"] = TroveHttp.Links(context, "configurations/" + group.Id),
            };
        }
        if (instance.Cluster is { } cluster) body["cluster_id"] = cluster.Id;
        if (view == InstanceView.Shown
            && state.Databases.Backups.Exists(b => b.InstanceId == instance.Id && b.Status is "NEW" or "BUILDING"))
            body["operating_status"] = "HEALTHY";
        return body;
    }

    public static JsonObject Cluster(HttpContext context, SandboxState state, Cluster cluster, bool full)
    {
        var members = state.Databases.Members(cluster).ToList();
        var body = new JsonObject
        {
            ["id"] = cluster.Id,
            ["name"] = cluster.Name,
            ["task"] = new JsonObject
            {
                ["id"] = cluster.Task.Id,
                ["name"] = cluster.Task.Name,
                ["description"] = cluster.Task.Description
            },
            ["created"] = TroveHttp.Time(cluster.Created),
            ["updated"] = TroveHttp.Time(cluster.Updated),
            ["links"] = TroveHttp.Links(context, "clusters/" + cluster.Id),
            ["datastore"] = new JsonObject { ["type"] = cluster.Datastore.Name, ["version"] = cluster.Datastore.Version },
            ["instances"] = JsonHttp.ToArray(members, m => Member(context, m, full)),
        };
        if (cluster.Locality is { } locality) body["locality"] = locality;
        if (full && members.Exists(m => m.Port is not null && m.Status != "BUILD"))
            body["ip"] = new JsonArray(
                [.. members.Where(m => m.Port is not null && m.Status != "BUILD").SelectMany(m => Addresses(m))
                    .Select(a => a!.DeepClone())]);
        if ((cluster.Configuration?.Id ?? cluster.MissingConfiguration) is { } group) body["configuration"] = group;
        return body;
    }

    public static JsonObject Backup(Backup backup, SandboxState state) => new()
    {
        ["id"] = backup.Id,
        ["name"] = backup.Name,
        ["description"] = backup.Description,
        ["locationRef"] = backup.Status == "COMPLETED"
            ? $"{state.Endpoints["trove"].Scheme}://{state.Endpoints["trove"].Host}:8080/v1/lab/{backup.Container}/{backup.Id}"
            : null,
        ["instance_id"] = backup.InstanceId,
        ["created"] = TroveHttp.Time(backup.Created),
        ["updated"] = TroveHttp.Time(backup.Updated),
        ["size"] = backup.Size,
        ["status"] = backup.Status,
        ["parent_id"] = backup.ParentId,
        ["project_id"] = backup.ProjectId,
        ["datastore"] =
            new JsonObject
            {
                ["type"] = backup.Datastore.Name,
                ["version"] = backup.Datastore.Version,
                ["version_id"] = backup.Datastore.VersionId
            },
    };

    public static JsonObject Flavor(HttpContext context, Flavor flavor) => new()
    {
        ["id"] = int.TryParse(flavor.Id, out var number) ? number : null,
        ["links"] = TroveHttp.Links(context, "flavors/" + flavor.Id),
        ["name"] = flavor.Name,
        ["ram"] = flavor.Ram,
        ["vcpus"] = flavor.Vcpus,
        ["disk"] = flavor.Disk,
        ["ephemeral"] = 0,
        ["str_id"] = flavor.Id,
    };

    private static JsonObject Member(HttpContext context, Instance member, bool full)
    {
        var body = new JsonObject
        {
            ["id"] = member.Id,
            ["name"] = member.Name,
            ["type"] = "member",
            ["links"] = TroveHttp.Links(context, "instances/" + member.Id),
        };
        if (!full) return body;
        body["status"] = member.Status;
        body["volume"] = new JsonObject { ["size"] = member.VolumeSize };
        body["flavor"] = FlavorReference(context, member.Flavor);
        if (member.Port is not null && member.Status != "BUILD") body["ip"] = Addresses(member);
        return body;
    }

    private static JsonArray Addresses(Instance instance) => instance.Port?.Address is not { } address ? [] :
        [new JsonObject { ["address"] = address, ["type"] = "private", ["network"] = instance.Port.Network.Id }];

    private static JsonObject FlavorReference(HttpContext context, Flavor flavor) =>
        new() { ["id"] = flavor.Id, ["links"] = TroveHttp.Links(context, "flavors/" + flavor.Id) };
}

/// <summary>How much of an instance an answer shows.</summary>
internal enum InstanceView
{
    /// <summary>The answer to a create.</summary>
    Created,

    /// <summary>One of a list.</summary>
    Listed,

    /// <summary>The instance alone.</summary>
    Shown,
}
