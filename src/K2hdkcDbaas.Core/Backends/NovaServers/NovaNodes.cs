using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.NovaServers;

/// <summary>
/// Nodes that are Nova servers and configure themselves from K2HR3: booted, found and removed. A part that engines compose: Nova for
/// servers and slaves, Trove for slaves.
/// </summary>
internal sealed class NovaNodes
{
    private readonly OpenStackConnection _cloud;
    private readonly ClusterRegistry _registry;

    public NovaNodes(OpenStackConnection cloud, ClusterRegistry registry, IRingControl rings, TimeProvider time)
    {
        _cloud = cloud;
        _registry = registry;
        Firewall = new ClusterFirewall(cloud, time);
        Launcher = new NodeLauncher(cloud, registry, time);
        Waiter = new NodeWaiter(cloud, registry, time);
        Removal = new ClusterRemoval(cloud, registry, Firewall, Launcher, rings);
    }

    /// <summary>The cluster's security groups.</summary>
    public ClusterFirewall Firewall { get; }

    /// <summary>Asks Nova for nodes.</summary>
    public NodeLauncher Launcher { get; }

    /// <summary>Waits until nodes are registered.</summary>
    public NodeWaiter Waiter { get; }

    /// <summary>Removes nodes and clusters.</summary>
    public ClusterRemoval Removal { get; }

    /// <summary>Looks at a request for nodes before anything is made.</summary>
    public static void Check(NewNodes request)
    {
        NodeLauncher.Check(request.Template, "A node");
        foreach (var name in request.Names) ClusterNames.CheckNewNode(name);
        if (request.Names.Count == 0 && request.Count is < 1 or > 1000)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, $"{request.Count} nodes cannot be added.",
                "Give a count from 1 to 1000.")
            { Target = request.Count };
    }

    /// <summary>Removes the slaves of a cluster whose servers another engine runs, with all that was made for them.</summary>
    public Task<IReadOnlyList<FlowItem>> RemoveSlavesAsync(string cluster, string owner, FlowOptions options,
        CancellationToken cancellationToken) =>
        Removal.RemoveClusterAsync(cluster, cluster, owner, options, cancellationToken);

    /// <summary>A cluster's nodes: those registered, and those only known to Nova.</summary>
    /// <param name="name">The cluster's name as K2HR3 keeps it.</param>
    /// <param name="role">Only nodes of this role; null for both.</param>
    /// <param name="pattern">What a node may be meant by, or a pattern; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public async IAsyncEnumerable<ClusterNode> FindAsync(string name, NodeRole? role, string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        var resource = _registry.ResourceAsync(name, cancellationToken);
        var hosts = _registry.AllHostsAsync(name, role, cancellationToken);
        var servers = ServersAsync(cancellationToken);
        await Together.AllAsync(resource, hosts, servers).ConfigureAwait(false);
        var keys = await resource.ConfigureAwait(false);
        var own = await _registry.OwnHostsAsync(name, keys, await hosts.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var found = NodeFinder.Merge(name, own, await servers.ConfigureAwait(false));
        if (found.Count == 0 && (keys is null || !ClusterRegistry.IsCluster(keys))) throw ClusterErrors.NotFound(name);
        foreach (var node in found.OrderBy(n => n.Node.Role).ThenBy(n => n.Node.Name, NaturalOrder.Instance))
        {
            if ((role is null || node.Node.Role == role) && (wanted.IsEverything || node.Names.Any(wanted.Fits))) yield return node.Node;
        }
    }

    /// <summary>Finds what templates refer to, and looks whether that many servers fit into the quota; changes nothing.</summary>
    public async Task FitsAsync(IReadOnlyList<(int Count, NodeTemplate Template)> orders, CancellationToken cancellationToken)
    {
        if (orders.Count == 0) return;
        var plans = await Together.ForEachAsync(orders, o => Launcher.PlanAsync(o.Template, cancellationToken)).ConfigureAwait(false);
        await NovaQuota.NeedAsync(_cloud, [.. orders.Zip(plans, (o, p) => (o.Count, p.FlavorId))], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds nodes as a part of a flow.</summary>
    public async Task<IReadOnlyList<ClusterNode>> AddAsync(FlowRun run, NewNodes request)
    {
        var (cluster, role) = (request.Cluster, request.Role);
        run.Report("looking at what is there", 0);
        var resource = _registry.ResourceAsync(cluster, run.Token);
        var plan = Launcher.PlanAsync(request.Template, run.Token);
        var groups = Firewall.FindAsync(cluster, role, resource, run.Token);
        var servers = ServersAsync(run.Token);
        await Together.AllAsync(resource, plan, groups, servers).ConfigureAwait(false);
        if (await resource.ConfigureAwait(false) is not { } found || !ClusterRegistry.IsCluster(found))
            throw ClusterErrors.NotFound(cluster);
        if (role == NodeRole.Server && ClusterRegistry.IsOthers(found, ClusterRegistry.Unmarked))
            throw ClusterErrors.RunByAnother(cluster, ClusterRegistry.OwnerOf(found)!);

        var present = await servers.ConfigureAwait(false);
        var names = request.Names.Count > 0 ? request.Names : NewNames(cluster, role, request.Count, present, existing: true);
        var clash = names.Intersect(present.Where(s => NodeFinder.RoleOf(cluster, s) is not null).Select(s => s.Name)).ToList();
        clash.AddRange(names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key));
        if (clash.Count > 0)
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NodeExists,
                $"Cluster '{cluster}' has a node '{clash[0]}' already; nothing was changed.",
                "Choose another name, or leave -Name out and give -Count.")
            { Target = clash[0] };

        var group = ClusterFirewall.Choose(await groups.ConfigureAwait(false), run.Options.Observer);
        var userData = await _registry.UserDataAsync(run, cluster, role, request.Template.NewRoleToken).ConfigureAwait(false);
        var launched = await Launcher.LaunchAsync(run, _ => plan.Result, cluster, role, names, group, userData).ConfigureAwait(false);
        CheckNamesakes(cluster, launched, await ServersAsync(run.Token).ConfigureAwait(false));
        return run.Options.Wait
            ? await Waiter.WaitAsync(run, cluster, launched).ConfigureAwait(false)
            : [.. launched.Select(n => Requested(cluster, n))];
    }

    /// <summary>The nodes with all that is known of them, whether or not there is such a cluster.</summary>
    public async Task<IReadOnlyList<FoundNode>> FindAllAsync(string cluster, NodeRole? role, CancellationToken cancellationToken)
    {
        var hosts = _registry.AllHostsAsync(cluster, role, cancellationToken);
        var servers = ServersAsync(cancellationToken);
        await Together.AllAsync(hosts, servers).ConfigureAwait(false);
        return NodeFinder.Merge(cluster, await hosts.ConfigureAwait(false), await servers.ConfigureAwait(false));
    }

    /// <summary>The project's servers.</summary>
    public async Task<IReadOnlyList<Server>> ServersAsync(CancellationToken cancellationToken) =>
        await _cloud.Compute.Servers.ListAsync(null, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Two runs at the same time choose the same names, and two nodes of one name have one place in the ring: the younger gives way. Each
    /// looks after its own create, so one of the two sees the other; where Nova's clock cannot tell which is older, both may give way.
    /// </summary>
    public static void CheckNamesakes(string cluster, IReadOnlyList<LaunchedNode> launched, IReadOnlyList<Server> servers)
    {
        foreach (var node in launched)
        {
            var created = servers.FirstOrDefault(s => s.Id == node.Id)?.Created;
            var other = servers.FirstOrDefault(s => s.Name == node.Name && launched.All(l => l.Id != s.Id) && s.TaskState != "deleting"
                && NodeFinder.RoleOf(cluster, s) is not null && (created is null || s.Created is null || s.Created <= created));
            if (other is null) continue;
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NodeExists,
                $"Another run made a node '{node.Name}' ({other.Id}) of cluster '{cluster}' at the same time.",
                "Run the command again.")
            { Target = node.Name };
        }
    }

    /// <summary>Names for new nodes: after the highest number that a server of the project has.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="role">The nodes' role.</param>
    /// <param name="count">How many.</param>
    /// <param name="servers">The project's servers.</param>
    /// <param name="existing">Whether the cluster exists, so that such servers may be its nodes.</param>
    public static List<string> NewNames(string cluster, NodeRole role, int count, IReadOnlyList<Server> servers, bool existing)
    {
        var prefix = ClusterNames.Node(cluster, role, 0)[..^1];
        var taken = servers.Where(s => s.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(s => int.TryParse(s.Name.AsSpan(prefix.Length), out var n) ? n : 0).DefaultIfEmpty(0).Max();
        if (!existing && taken > 0)
            throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.NodeExists,
                $"The project has a server named '{prefix}{taken}', which belongs to no cluster; nothing was changed.",
                "Remove that server, or choose another name for the cluster.")
            { Target = prefix + taken };
        return [.. Enumerable.Range(taken + 1, count).Select(n => ClusterNames.Node(cluster, role, n))];
    }

    /// <summary>A node that was only asked for.</summary>
    public static ClusterNode Requested(string cluster, LaunchedNode node) =>
        new() { Cluster = cluster, Role = node.Role, Name = node.Name, Id = node.Id, Status = "BUILD" };
}
