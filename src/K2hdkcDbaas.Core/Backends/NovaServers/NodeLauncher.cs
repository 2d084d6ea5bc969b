using System.Text.Json;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>A template whose references are found: all that Nova must be told about a node except its name and user data.</summary>
internal sealed record LaunchPlan(NodeTemplate Template, string? ImageId, string FlavorId, IReadOnlyList<ServerNetwork> Networks,
    string? KeyName, IReadOnlyList<string> SecurityGroups);

/// <summary>A node that Nova was asked for.</summary>
internal sealed record LaunchedNode(string Id, string Name, NodeRole Role);

/// <summary>Asks Nova for nodes.</summary>
internal sealed class NodeLauncher(OpenStackConnection cloud, ClusterRegistry registry, TimeProvider time)
{
    private const string SchedulerHints = "os:scheduler_hints";

    private readonly ReferenceResolver _references = new(cloud);

    /// <summary>Looks at a template before anything is made.</summary>
    public static void Check(NodeTemplate? template, string what)
    {
        if (template?.Flavor is null)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"{what} needs a flavor, and none was given.",
                "Give -Flavor; Get-K2hdkcFlavor lists the flavors.");
        if (template.Image is null && template.BlockDeviceMapping is null or { Count: 0 })
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"{what} needs something to boot from, and none was given.",
                "Give -Image (Get-K2hdkcImage lists the images) or -BlockDeviceMapping.");
    }

    /// <summary>Finds all references at the same time.</summary>
    public async Task<LaunchPlan> PlanAsync(NodeTemplate template, CancellationToken cancellationToken)
    {
        var image = _references.ImageAsync(template.Image, cancellationToken);
        var flavor = _references.FlavorAsync(template.Flavor!, cancellationToken);
        var networks = _references.NetworksAsync(template.Networks, cancellationToken);
        var key = _references.KeyPairAsync(template.KeyPair, cancellationToken);
        var groups = _references.SecurityGroupsAsync(template.SecurityGroups, cancellationToken);
        await Together.AllAsync(image, flavor, networks, key, groups).ConfigureAwait(false);
        return new LaunchPlan(template, await image.ConfigureAwait(false), await flavor.ConfigureAwait(false),
            await networks.ConfigureAwait(false), await key.ConfigureAwait(false), await groups.ConfigureAwait(false));
    }

    /// <summary>
    /// Asks for nodes, several at the same time. The cluster's group is meant by its id, for Nova refuses a name that several groups have.
    /// <paramref name="userData"/> is a secret: it leads to the role token.
    /// </summary>
    public async Task<IReadOnlyList<LaunchedNode>> LaunchAsync(FlowRun run, Func<string, LaunchPlan> plan, string cluster, NodeRole role,
        IReadOnlyList<string> names, string? clusterGroup, string userData)
    {
        var requested = 0;
        return await Together.ForEachAsync(names, async name =>
        {
            var request = Guid.NewGuid().ToString("N");
            var server = Body(plan(name), cluster, role, name, clusterGroup, userData, request);
            var made = await run.MakeAsync(new FlowItem("server", name) { FoundBy = $"metadata {ClusterNames.RequestMetadata}={request}" },
                ct => cloud.Compute.Servers.CreateAsync(server, ct), made => new FlowItem("server", name, made.Id),
                (made, ct) => UndoAsync(run, cluster, role, made?.Id, name, request, ct)).ConfigureAwait(false);
            run.Report($"{Interlocked.Increment(ref requested)} of {names.Count} {ClusterNames.Word(role)} nodes requested");
            return new LaunchedNode(made.Id, name, role);
        }).ConfigureAwait(false);
    }

    /// <summary>Waits until servers are gone.</summary>
    public async Task WaitGoneAsync(IReadOnlyCollection<string> ids, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var left = ids.ToHashSet();
        var poll = new Poll(time, timeout);
        while (true)
        {
            if (left.Count == 1)
            {
                if (!await ExistsAsync(left.First(), cancellationToken).ConfigureAwait(false)) return;
            }
            else
            {
                var present = new HashSet<string>();
                await foreach (var server in cloud.Compute.Servers.ListAsync(null, cancellationToken).ConfigureAwait(false))
                {
                    if (!IsGone(server)) present.Add(server.Id);
                }
                left.IntersectWith(present);
                if (left.Count == 0) return;
            }
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(ErrorKind.Timeout, ErrorIds.RemoveWaitTimeout,
                $"After {poll.Elapsed.TotalSeconds:0} s these servers are still not gone: {string.Join(", ", left)}.",
                "Look at them in Nova; run the same command again to finish.")
            { Service = "nova", Target = string.Join(", ", left) };
        }
    }

    private static bool IsGone(Server server) => server.Status is "DELETED" or "SOFT_DELETED";

    private async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return !IsGone(await cloud.Compute.Servers.GetAsync(id, cancellationToken).ConfigureAwait(false));
        }
        catch (ServiceException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    private static NewServer Body(LaunchPlan plan, string cluster, NodeRole role, string name, string? clusterGroup, string userData,
        string request)
    {
        var metadata = new Dictionary<string, string>(plan.Template.Metadata)
        {
            [ClusterNames.ClusterMetadata] = cluster,
            [ClusterNames.RoleMetadata] = ClusterNames.Word(role),
            [ClusterNames.RequestMetadata] = request,
        };
        var properties = plan.Template.Properties?.ToDictionary(p => p.Key, p => JsonSerializer.SerializeToElement(p.Value)) ?? [];
        properties.Remove(SchedulerHints, out var hints);
        return new NewServer
        {
            Name = name,
            FlavorId = plan.FlavorId,
            ImageId = plan.ImageId,
            Networks = plan.Networks,
            KeyName = plan.KeyName,
            AvailabilityZone = plan.Template.AvailabilityZone,
            UserData = userData,
            SecurityGroups = clusterGroup is null && plan.SecurityGroups.Count == 0
                ? null
                : ["default", .. clusterGroup is null ? [] : new[] { clusterGroup }, .. plan.SecurityGroups],
            Metadata = metadata,
            BlockDeviceMapping = plan.Template.BlockDeviceMapping is null
                ? null
                : [.. plan.Template.BlockDeviceMapping.Select(d => JsonSerializer.SerializeToElement(d))],
            Properties = properties.Count == 0 ? null : properties,
            SchedulerHints = hints.ValueKind == JsonValueKind.Object
                ? hints.EnumerateObject().ToDictionary(p => p.Name, p => p.Value)
                : null,
        };
    }

    private async Task UndoAsync(FlowRun run, string cluster, NodeRole role, string? id, string name, string request,
        CancellationToken cancellationToken)
    {
        if (id is null)
        {
            await foreach (var server in cloud.Compute.Servers.ListAsync(new ServerFilter { Name = name },
                cancellationToken).ConfigureAwait(false))
            {
                if (server.Metadata.GetValueOrDefault(ClusterNames.RequestMetadata) == request) id = server.Id;
            }
            if (id is null) return;
        }
        await cloud.Compute.Servers.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
        await WaitGoneAsync([id], TimeSpan.FromMinutes(2), cancellationToken).ConfigureAwait(false);
        // It may have registered before the flow failed, and nobody else takes it out.
        try
        {
            await run.AloneAsync(async () =>
            {
                foreach (var line in (await registry.HostsAsync(cluster, role, cancellationToken).ConfigureAwait(false))
                    .Where(h => h.Cuk == id))
                    await registry.RemoveHostAsync(cluster, role, line, cancellationToken).ConfigureAwait(false);
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            throw new DbaasException(e.Kind, e.ErrorId,
                $"Server {name} ({id}) is gone, but perhaps not its host in role {ClusterNames.Child(cluster, role)}: {e.Message}",
                e.NextStep, e);
        }
    }
}
