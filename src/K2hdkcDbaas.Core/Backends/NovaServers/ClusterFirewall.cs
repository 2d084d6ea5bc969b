using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Neutron;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>The two Neutron security groups of a cluster; names, descriptions and rules as <c>k2hdkc_dbaas_cli</c> makes them.</summary>
internal sealed class ClusterFirewall(OpenStackConnection cloud, TimeProvider time)
{
    private static readonly TimeSpan InUseLimit = TimeSpan.FromSeconds(60);

    /// <summary>The groups for nodes of a kind; there may be none, and by mischance several.</summary>
    public async Task<IReadOnlyList<OpenStack.Neutron.SecurityGroup>> FindAsync(string cluster, NodeRole role,
        CancellationToken cancellationToken)
    {
        var project = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId;
        var found = await cloud.Network.SecurityGroups.ListAsync(ClusterNames.SecurityGroup(cluster, role), cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        // Administrators see the groups of all projects.
        return [.. found.Where(g => g.ProjectId is null || project is null || g.ProjectId == project)];
    }

    /// <summary>
    /// The groups for nodes of a kind, also those that <c>k2hdkc_dbaas_cli</c> named in the upper case in which it was told the cluster's
    /// name; K2HR3 keeps that in a key only.
    /// </summary>
    public async Task<IReadOnlyList<OpenStack.Neutron.SecurityGroup>> FindAsync(string cluster, NodeRole role, Task<Resource?> resource,
        CancellationToken cancellationToken)
    {
        var found = await FindAsync(cluster, role, cancellationToken).ConfigureAwait(false);
        return ClusterRegistry.GivenName(await resource.ConfigureAwait(false)) is { } given && given != cluster
            ? [.. found, .. await FindAsync(given, role, cancellationToken).ConfigureAwait(false)]
            : found;
    }

    /// <summary>Of groups with one name the one to use. Nova refuses a name that several have, so it must be told the id.</summary>
    public static string? Choose(IReadOnlyList<OpenStack.Neutron.SecurityGroup> found, IFlowObserver observer)
    {
        if (found.Count > 1)
            observer.Warning(
                $"There are {found.Count} security groups for the same nodes: "
                    + $"{string.Join(", ", found.Select(g => $"{g.Name} ({g.Id})"))}. The first is used; delete those that no node has.");
        return found.Count > 0 ? found[0].Id : null;
    }

    /// <summary>Makes what is missing of a group and its rules.</summary>
    /// <returns>The group's id.</returns>
    public async Task<string> EnsureAsync(FlowRun run, string cluster, NodeRole role, ClusterPorts ports,
        IReadOnlyList<OpenStack.Neutron.SecurityGroup> found)
    {
        var name = ClusterNames.SecurityGroup(cluster, role);
        var word = ClusterNames.Word(role);
        (int Port, string Description)[] wanted = role == NodeRole.Server
            ? [(ports.Server, "k2hdkc/chmpx server node port"), (ports.ServerControl, "k2hdkc/chmpx server node control port")]
            : [(ports.SlaveControl, "k2hdkc/chmpx slave node control port")];
        if (Choose(found, run.Options.Observer) is { } present)
        {
            var group = found.First(g => g.Id == present);
            if (Missing(group, wanted) is { Count: > 0 } missing) await OpenAsync(run, group, missing).ConfigureAwait(false);
            return present;
        }

        var made = await run.MakeAsync(
            new FlowItem("security group", name),
            ct => cloud.Network.SecurityGroups.CreateAsync(name, $"security group for k2hdkc {cluster} {word} node", ct),
            made => new FlowItem("security group", name, made.Id),
            (made, ct) => DeleteAsync(cluster, role, made?.Id, ct)).ConfigureAwait(false);
        run.Token.ThrowIfCancellationRequested();
        // They go with their group.
        await cloud.Network.SecurityGroups.CreateRulesAsync(Missing(made, wanted), run.Token).ConfigureAwait(false);
        return made.Id;
    }

    /// <summary>Deletes a group; waits while ports of vanishing servers still use it.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="name">The group's name.</param>
    /// <param name="vanishing">The servers whose ports will go; a port of any other is not waited for. Null when they are not
    /// known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DbaasException"><c>SecurityGroupInUse</c>, with the ports and servers that use it.</exception>
    public async Task DeleteAsync(string id, string name, IReadOnlyCollection<string>? vanishing, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await cloud.Network.SecurityGroups.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.Conflict)
            {
                var ports = await cloud.Network.Networks.ListPortsOfGroupAsync(id, cancellationToken)
                    .ToListAsync(cancellationToken).ConfigureAwait(false);
                var isOver = time.GetElapsedTime(start) >= InUseLimit;
                if (isOver || (vanishing is not null && ports.Any(p => !vanishing.Contains(p.DeviceId ?? ""))))
                    throw await InUseAsync(id, name, ports, e, cancellationToken).ConfigureAwait(false);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task OpenAsync(FlowRun run, OpenStack.Neutron.SecurityGroup group, List<OpenStack.Neutron.SecurityGroupRule> missing)
    {
        var item = new FlowItem("security group rules",
            $"of {group.Name} for port {string.Join(", ", missing.Select(r => r.PortRangeMin))}");
        await run.MakeAsync<IReadOnlyList<OpenStack.Neutron.SecurityGroupRule>>(item, async ct =>
        {
            try
            {
                return await cloud.Network.SecurityGroups.CreateRulesAsync(missing, ct).ConfigureAwait(false);
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.Conflict)
            {
                // Someone else has just made one, and Neutron makes all or none: what is then still missing is ours.
                var now = await cloud.Network.SecurityGroups.GetAsync(group.Id, ct).ConfigureAwait(false);
                return await cloud.Network.SecurityGroups.CreateRulesAsync(
                    [.. missing.Where(m => !now.Rules.Any(r => Lets(r, m.PortRangeMin!.Value)))], ct).ConfigureAwait(false);
            }
        }, null, async (made, ct) =>
        {
            // Without an answer they are known by their ports: before the request the group had none like them.
            made ??= [.. (await cloud.Network.SecurityGroups.GetAsync(group.Id, ct).ConfigureAwait(false)).Rules.Where(r =>
                missing.Any(m => r.Direction == m.Direction && r.Protocol == m.Protocol && r.PortRangeMin == m.PortRangeMin
                    && r.PortRangeMax == m.PortRangeMax && r.Description == m.Description))];
            foreach (var rule in made) await DeleteRuleAsync(rule.Id!, ct).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task DeleteRuleAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await cloud.Network.SecurityGroups.DeleteRuleAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            // Gone with its group, or by another hand.
        }
    }

    private async Task DeleteAsync(string cluster, NodeRole role, string? id, CancellationToken cancellationToken)
    {
        // Without an answer the group may exist; before the request none bore the name.
        var ids = id is not null
            ? [id]
            : (await FindAsync(cluster, role, cancellationToken).ConfigureAwait(false)).Select(g => g.Id).ToList();
        foreach (var each in ids)
            await DeleteAsync(each, ClusterNames.SecurityGroup(cluster, role), null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DbaasException> InUseAsync(string id, string name, List<Port> ports, DbaasException cause,
        CancellationToken cancellationToken)
    {
        var users = await Together.ForEachAsync(ports, async port => string.IsNullOrEmpty(port.DeviceId)
            ? $"port {port.Id} of no server"
            : $"port {port.Id} of {await DeviceAsync(port.DeviceId, cancellationToken).ConfigureAwait(false)}").ConfigureAwait(false);
        var by = users.Length == 0 ? "ports that this project cannot see" : string.Join(", ", users);
        return new DbaasException(ErrorKind.Conflict, ErrorIds.SecurityGroupInUse, $"The security group {name} ({id}) is used by {by}.",
            "Take the group off them or delete them, and run the same command again. A server that is SOFT_DELETED keeps its ports until "
                + "Nova reclaims it.", cause)
        { Service = "neutron", Target = name };
    }

    private async Task<string> DeviceAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var server = await cloud.Compute.Servers.GetAsync(id, cancellationToken).ConfigureAwait(false);
            return $"server {server.Name} ({id}, {server.Status})";
        }
        catch (DbaasException)
        {
            // Gone meanwhile, or no server of this project: a router, a load balancer.
            return id;
        }
    }

    private static List<OpenStack.Neutron.SecurityGroupRule> Missing(OpenStack.Neutron.SecurityGroup group,
        IEnumerable<(int Port, string Description)> wanted) =>
        [.. wanted.Where(w => !group.Rules.Any(r => Lets(r, w.Port)))
            .Select(w => OpenStack.Neutron.SecurityGroupRule.TcpIn(group.Id, w.Port, w.Description))];

    // A rule for some addresses or for the members of a group lets only those in.
    private static bool Lets(OpenStack.Neutron.SecurityGroupRule rule, int port) =>
        rule is
        {
            Direction: "ingress", Protocol: "tcp" or null, RemoteGroupId: null, RemoteAddressGroupId: null,
            RemoteIpPrefix: null or "0.0.0.0/0"
        }
        && (rule.Ethertype ?? "IPv4") == "IPv4" && (rule.PortRangeMin ?? 1) <= port && port <= (rule.PortRangeMax ?? 65535);
}
