using K2hdkcDbaas.Faults;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core;

/// <summary>Removes nodes and clusters, whole or half-broken. Whatever is already gone counts as removed, so every removal can be run again to finish.</summary>
internal sealed class ClusterRemoval(OpenStackConnection cloud, ClusterRegistry registry, ClusterFirewall firewall, NodeLauncher launcher, IRingControl rings)
{
    /// <summary>Removes one node; see <see cref="IClusterBackend.RemoveNodeAsync"/>.</summary>
    public async Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string name, FlowOptions options, CancellationToken cancellationToken)
    {
        var done = new Removed($"Removing node {name} of {cluster}", options);
        try
        {
            var resource = registry.ResourceAsync(cluster, cancellationToken);
            var hosts = registry.AllHostsAsync(cluster, null, cancellationToken);
            var servers = ServersAsync(cancellationToken);
            await Together.AllAsync(resource, hosts, servers).ConfigureAwait(false);
            var keys = await resource.ConfigureAwait(false);
            var own = await registry.OwnHostsAsync(cluster, keys, await hosts.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            var nodes = NodeFinder.Merge(cluster, own, await servers.ConfigureAwait(false));
            if (nodes.Count == 0 && (keys is null || !ClusterRegistry.IsCluster(keys))) throw OpenStackBackend.NotFound(cluster);
            var node = NodeFinder.One(cluster, name, role is null ? nodes : [.. nodes.Where(n => n.Node.Role == role)]);
            if (node.Node.Role == NodeRole.Server && keys is not null && ClusterRegistry.IsTrove(keys)) throw OpenStackBackend.RunByTrove(cluster);

            if (node.Node is { Role: NodeRole.Server, Registered: true } && node.Server is { Status: "ACTIVE" } && !options.Force)
                await rings.LeaveAsync(Ring(cluster, nodes, keys), node.Node, options, cancellationToken).ConfigureAwait(false);

            await DeleteServersAsync(done, node.Server is null ? [] : [node.Server], cancellationToken).ConfigureAwait(false);
            foreach (var line in node.Lines)
            {
                await registry.RemoveHostAsync(cluster, node.Node.Role, line, cancellationToken).ConfigureAwait(false);
                done.Add(new FlowItem("role host", $"{line.Host} of {ClusterNames.Child(cluster, node.Node.Role)}", line.Cuk.Length == 0 ? null : line.Cuk));
            }
            if (options.Wait && node.Server is not null) await launcher.WaitGoneAsync([node.Server.Id], options.Timeout, cancellationToken).ConfigureAwait(false);
            return done.Items;
        }
        catch (Exception e) when (done.Items.Count > 0 && e is DbaasException or OperationCanceledException)
        {
            throw done.Interrupted(e, cancellationToken);
        }
    }

    /// <summary>Removes a cluster; see <see cref="IClusterBackend.RemoveClusterAsync"/>.</summary>
    public async Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string given, string cluster, BackendKind backend, FlowOptions options, CancellationToken cancellationToken)
    {
        var done = new Removed($"Removing cluster {cluster}", options);
        try
        {
            done.Report("looking for all that belongs to it", 0);
            var trees = registry.TreesAsync(cancellationToken);
            var resource = registry.ResourceAsync(cluster, cancellationToken);
            var hosts = registry.AllHostsAsync(cluster, null, cancellationToken);
            var servers = ServersAsync(cancellationToken);
            var groups = Enum.GetValues<NodeRole>().Select(r => firewall.FindAsync(cluster, r, cancellationToken)).ToList();
            await Together.AllAsync([trees, resource, hosts, servers, .. groups]).ConfigureAwait(false);

            var keys = await resource.ConfigureAwait(false);
            if (backend != BackendKind.Trove && keys is not null && ClusterRegistry.IsTrove(keys)) throw OpenStackBackend.RunByTrove(given);
            var parts = await registry.OwnPartsAsync(cluster, await trees.ConfigureAwait(false), keys, cancellationToken).ConfigureAwait(false);
            // Hosts of a role that is no cluster's are no nodes.
            var ours = parts.Role ? await hosts.ConfigureAwait(false) : new Dictionary<NodeRole, IReadOnlyList<RoleHost>>();
            var found = NodeFinder.Merge(cluster, ours, await servers.ConfigureAwait(false));
            var firewalls = groups.SelectMany(g => g.Result).ToList();
            if (!parts.Any && found.Count == 0 && firewalls.Count == 0) throw OpenStackBackend.NotFound(given);

            var own = found.Where(n => n.Server is not null).Select(n => n.Server!).ToList();
            await DeleteServersAsync(done, own, cancellationToken).ConfigureAwait(false);
            if (own.Count > 0)
            {
                done.Report($"waiting until {own.Count} servers are gone", 30);
                await launcher.WaitGoneAsync([.. own.Select(s => s.Id)], options.Timeout, cancellationToken).ConfigureAwait(false);
            }
            done.Report("deleting security groups, roles, policy and resources", 70);
            await Together.AllAsync(
                Together.ForEachAsync(firewalls, async group =>
                {
                    await firewall.DeleteAsync(group.Id, cancellationToken).ConfigureAwait(false);
                    done.Add(new FlowItem("security group", group.Name, group.Id));
                }),
                registry.RemoveAsync(cluster, parts, done.Add, cancellationToken)).ConfigureAwait(false);
            done.Report("done", 100);
            return done.Items;
        }
        catch (Exception e) when (done.Items.Count > 0 && e is DbaasException or OperationCanceledException)
        {
            throw done.Interrupted(e, cancellationToken);
        }
    }

    private Task DeleteServersAsync(Removed done, IReadOnlyList<Server> servers, CancellationToken cancellationToken) => Together.ForEachAsync(servers, async server =>
    {
        // Nova says 404 to a server that has gone meanwhile: as good as deleted.
        await cloud.Compute.Servers.DeleteAsync(server.Id, cancellationToken).ConfigureAwait(false);
        done.Add(new FlowItem("server", server.Name, server.Id));
    });

    private static RingMembers Ring(string cluster, IReadOnlyList<FoundNode> nodes, Resource? resource) =>
        new(cluster, [.. nodes.Where(n => n.Node is { Role: NodeRole.Server, Registered: true, Address: not null }).Select(n => n.Node)], ClusterRegistry.PortsOf(resource));

    private async Task<IReadOnlyList<Server>> ServersAsync(CancellationToken cancellationToken) =>
        await cloud.Compute.Servers.ListAsync(null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>What has been removed so far.</summary>
    private sealed class Removed(string activity, FlowOptions options)
    {
        private readonly Lock _lock = new();
        private readonly List<FlowItem> _items = [];

        public IReadOnlyList<FlowItem> Items
        {
            get
            {
                lock (_lock) return [.. _items];
            }
        }

        public void Add(FlowItem item)
        {
            lock (_lock) _items.Add(item);
            options.Observer.Verbose($"Removed {item}.");
            options.Observer.Progress(new FlowProgress(activity, $"removed {item}"));
        }

        public void Report(string status, int percent) => options.Observer.Progress(new FlowProgress(activity, status, percent));

        public Exception Interrupted(Exception cause, CancellationToken cancellationToken)
        {
            var removed = $"Removed so far: {string.Join(", ", Items)}. Run the same command again to finish.";
            return cause is DbaasException fault
                ? new FlowException(fault, $"{activity} failed: {fault.Message} {removed}", fault.NextStep, Items, [], [])
                : new FlowCanceledException($"{activity} was stopped. {removed}", [], cancellationToken);
        }
    }
}
