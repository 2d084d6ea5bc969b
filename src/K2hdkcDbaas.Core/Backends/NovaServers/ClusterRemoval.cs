using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>
/// Removes nodes and clusters, complete or incomplete. Whatever is already gone counts as removed, so every removal can be run again to
/// finish.
/// </summary>
internal sealed class ClusterRemoval(OpenStackConnection cloud, ClusterRegistry registry, ClusterFirewall firewall, NodeLauncher launcher,
    IRingControl rings)
{
    /// <summary>Removes one node; see <see cref="IClusterBackend.RemoveNodeAsync"/>.</summary>
    public Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string name, FlowOptions options,
        CancellationToken cancellationToken) =>
        RemovalRun.RunAsync($"Removing node {name} of {cluster}", options, async run =>
        {
            var resource = registry.ResourceAsync(cluster, cancellationToken);
            var hosts = registry.AllHostsAsync(cluster, null, cancellationToken);
            var servers = ServersAsync(cancellationToken);
            await Together.AllAsync(resource, hosts, servers).ConfigureAwait(false);
            var keys = await resource.ConfigureAwait(false);
            var own = await registry.OwnHostsAsync(cluster, keys, await hosts.ConfigureAwait(false),
                cancellationToken).ConfigureAwait(false);
            var nodes = NodeFinder.Merge(cluster, own, await servers.ConfigureAwait(false));
            if (nodes.Count == 0 && (keys is null || !ClusterRegistry.IsCluster(keys))) throw ClusterErrors.NotFound(cluster);
            var node = NodeFinder.One(cluster, name, role is null ? nodes : [.. nodes.Where(n => n.Node.Role == role)]);
            if (node.Node.Role == NodeRole.Server && ClusterRegistry.IsOthers(keys, ClusterRegistry.Unmarked))
                throw ClusterErrors.RunByAnother(cluster, ClusterRegistry.OwnerOf(keys)!);

            if (node.Node is { Role: NodeRole.Server, Registered: true } && node.Server is { Status: "ACTIVE" } && !options.Force)
            {
                run.Note = $"Node {node.Node.Name} may be out of service: Get-K2hdkcNodeStatus shows it, Enable-K2hdkcNode takes it back "
                    + $"in.";
                await rings.LeaveAsync(Ring(cluster, nodes, keys), node.Node, options, cancellationToken).ConfigureAwait(false);
            }

            await DeleteServersAsync(run, node.Server is null ? [] : [node.Server], cancellationToken).ConfigureAwait(false);
            run.Note = null;
            foreach (var line in node.Lines)
            {
                var item = new FlowItem("role host",
                    $"{line.Host} of {ClusterNames.Child(cluster, node.Node.Role)}", line.Cuk.Length == 0 ? null : line.Cuk);
                await run.RemoveAsync(item,
                    () => registry.RemoveHostAsync(cluster, node.Node.Role, line, cancellationToken)).ConfigureAwait(false);
            }
            if (options.Wait && node.Server is not null)
                await launcher.WaitGoneAsync([node.Server.Id], options.Timeout, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);

    /// <summary>Removes a cluster; see <see cref="IClusterBackend.RemoveClusterAsync"/>.</summary>
    /// <param name="given">The name as it was given.</param>
    /// <param name="cluster">The name as K2HR3 keeps it.</param>
    /// <param name="owner">The mark of the engine that runs the servers of the cluster that is meant.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    public Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string given, string cluster, string owner, FlowOptions options,
        CancellationToken cancellationToken) =>
        RemovalRun.RunAsync($"Removing cluster {cluster}", options, async run =>
        {
            run.Report("looking for all that belongs to it", 0);
            var trees = registry.TreesAsync(cancellationToken);
            var resource = registry.ResourceAsync(cluster, cancellationToken);
            var hosts = registry.AllHostsAsync(cluster, null, cancellationToken);
            var servers = ServersAsync(cancellationToken);
            var groups = Enum.GetValues<NodeRole>().Select(r => firewall.FindAsync(cluster, r, resource, cancellationToken)).ToList();
            await Together.AllAsync([trees, resource, hosts, servers, .. groups]).ConfigureAwait(false);

            var keys = await resource.ConfigureAwait(false);
            if (owner == ClusterRegistry.Unmarked && ClusterRegistry.IsOthers(keys, owner))
                throw ClusterErrors.RunByAnother(given, ClusterRegistry.OwnerOf(keys)!);
            var parts = await registry.OwnPartsAsync(cluster, await trees.ConfigureAwait(false), keys,
                cancellationToken).ConfigureAwait(false);
            // Hosts of a role that is no cluster's are no nodes.
            var ours = parts.Role ? await hosts.ConfigureAwait(false) : new Dictionary<NodeRole, IReadOnlyList<RoleHost>>();
            var found = NodeFinder.Merge(cluster, ours, await servers.ConfigureAwait(false));
            var firewalls = groups.SelectMany(g => g.Result).ToList();
            if (!parts.Any && found.Count == 0 && firewalls.Count == 0) throw ClusterErrors.NotFound(given);

            var own = found.Where(n => n.Server is not null).Select(n => n.Server!).ToList();
            CheckDoubts(cluster, found, [.. (await servers.ConfigureAwait(false)).Except(own)], options);
            await DeleteServersAsync(run, own, cancellationToken).ConfigureAwait(false);
            var ids = own.Select(s => s.Id).ToHashSet();
            if (own.Count > 0)
            {
                run.Report($"waiting until {own.Count} servers are gone", 30);
                await launcher.WaitGoneAsync(ids, options.Timeout, cancellationToken).ConfigureAwait(false);
            }

            // The groups come first: Neutron may refuse them, and without its part in K2HR3 the rest of the cluster could not be seen any
            // more.
            run.Report("deleting security groups, roles, policy and resources", 70);
            await Together.ForEachAsync(firewalls, group =>
                run.RemoveAsync(new FlowItem("security group", group.Name, group.Id),
                    () => firewall.DeleteAsync(group.Id, group.Name, ids, cancellationToken))).ConfigureAwait(false);
            await registry.RemoveAsync(run, cluster, parts, cancellationToken).ConfigureAwait(false);
            run.Report("done", 100);
        }, cancellationToken);

    /// <summary>Looks, before anything is removed, at servers that are perhaps or surely of others.</summary>
    private static void CheckDoubts(string cluster, IReadOnlyList<FoundNode> found, IReadOnlyList<Server> others, FlowOptions options)
    {
        var doubtful = found.Where(n => n.IsInDoubt).Select(n => n.Server!).ToList();
        if (doubtful.Count > 0 && !options.Force)
        {
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.NodesInDoubt,
                $"Only a security group of cluster '{cluster}' says that these servers are its nodes: {Names(doubtful)}. Nothing was "
                    + $"changed.",
                "Take the group off them if they are not. If they are (nodes of another tool that have never registered), give -Force to "
                    + "delete them with the cluster.")
            { Target = cluster };
        }
        var wearers = others.Where(
            s => s.Status is not ("DELETED" or "SOFT_DELETED") && Enum.GetValues<NodeRole>().Any(r => NodeFinder.Wears(cluster, r, s)))
            .ToList();
        if (wearers.Count == 0) return;
        throw new DbaasException(ErrorKind.Conflict, ErrorIds.SecurityGroupInUse,
            $"Nodes of other clusters have a security group of cluster '{cluster}': {Names(wearers)}. Nothing was changed.",
            "Take the group off them, and run the same command again.")
        { Target = cluster };
    }

    private static string Names(IEnumerable<Server> servers) => string.Join(", ", servers.Select(s => $"{s.Name} ({s.Id})"));

    private Task DeleteServersAsync(RemovalRun run, IReadOnlyList<Server> servers, CancellationToken cancellationToken) =>
        Together.ForEachAsync(servers, server =>
            // Nova says 404 to a server that has gone meanwhile: as good as deleted.
            run.RemoveAsync(new FlowItem("server", server.Name, server.Id),
                () => cloud.Compute.Servers.DeleteAsync(server.Id, cancellationToken)));

    private static RingMembers Ring(string cluster, IReadOnlyList<FoundNode> nodes, Resource? resource) =>
        new(cluster, [.. nodes.Where(n => n.Node is { Role: NodeRole.Server, Registered: true, IPAddress: not null }).Select(n => n.Node)],
            ClusterRegistry.PortsOf(resource));

    private async Task<IReadOnlyList<Server>> ServersAsync(CancellationToken cancellationToken) =>
        await cloud.Compute.Servers.ListAsync(null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
}
