using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends.NovaServers;
using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Nova;

namespace K2hdkcDbaas.Core.Backends.Nova;

/// <summary>Clusters of Nova servers whose configuration K2HR3 holds; interchangeable with those of <c>k2hdkc_dbaas_cli</c>.</summary>
internal sealed class NovaBackend : IClusterBackend
{
    private readonly ClusterRegistry _registry;
    private readonly NovaNodes _nodes;
    private readonly TimeProvider _time;

    public NovaBackend(OpenStackConnection cloud, ClusterRegistry registry, IRingControl rings, TimeProvider time)
    {
        _registry = registry;
        _time = time;
        _nodes = new NovaNodes(cloud, registry, rings, time);
        Features = [new NovaBackups(cloud, this, rings, time), new NovaCatalog(cloud), new NovaMachines(cloud, _nodes, time)];
    }

    /// <inheritdoc/>
    public string Name => NovaProvider.EngineName;

    /// <inheritdoc/>
    public BackendCapabilities Capabilities => NovaProvider.Can;

    /// <inheritdoc/>
    public IReadOnlyList<object> Features { get; }

    /// <inheritdoc/>
    public Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken) =>
        CreateFromImagesAsync(request, null, options, cancellationToken);

    /// <summary>Makes a cluster; its servers each from a backup of their own when there are any.</summary>
    internal Task<Cluster> CreateFromImagesAsync(NewCluster request, IReadOnlyList<Backup>? images, FlowOptions options,
        CancellationToken cancellationToken)
    {
        // The images stand in for the template's.
        var first = images is null
            ? request
            : request with { Nodes = (request.Nodes ?? new NodeTemplate()) with { Image = new Reference(images[0].Id) } };
        CheckNew(first);
        return FlowRun.RunAsync($"Creating cluster {request.Name}", options, _time, run => CreateAsync(run, first, images),
            cancellationToken,
            $"Remove-K2hdkcCluster {request.Name} removes what is left"
                + $"{(images is null ? ", the same New-K2hdkcCluster finishes it" : "")}.");
    }

    /// <summary>A cluster's ring, its server nodes with all that is known of them, and what its configuration says.</summary>
    internal async Task<(RingMembers Ring, IReadOnlyList<FoundNode> Servers, Cluster Settings)> RingAsync(string cluster,
        CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var resource = _registry.ResourceAsync(name, cancellationToken);
        var nodes = _nodes.FindAllAsync(name, NodeRole.Server, cancellationToken);
        await Together.AllAsync(resource, nodes).ConfigureAwait(false);
        if (await resource.ConfigureAwait(false) is not { } keys || !ClusterRegistry.IsCluster(keys)) throw ClusterErrors.NotFound(cluster);
        var servers = (await nodes.ConfigureAwait(false)).Where(n => n.Node.Role == NodeRole.Server).ToList();
        return (new RingMembers(name, [.. servers.Where(s => s.Node is { Registered: true, IPAddress: not null }).Select(s => s.Node)],
            ClusterRegistry.PortsOf(keys)), servers,
            ClusterRegistry.Describe(keys, new Cluster { Name = name, Backend = Name }));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Cluster> GetClustersAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        var trees = await _registry.TreesAsync(cancellationToken).ConfigureAwait(false);
        var servers = _nodes.ServersAsync(cancellationToken);
        // A few clusters are read ahead of the one being handed out.
        var reads = new Queue<Task<Cluster?>>();
        foreach (var name in trees.Clusters.Where(wanted.Fits).Order(NaturalOrder.Instance))
        {
            reads.Enqueue(ReadAsync(name, trees, servers, cancellationToken));
            if (reads.Count >= Together.Limit / 2 && await reads.Dequeue().ConfigureAwait(false) is { } cluster) yield return cluster;
        }
        while (reads.TryDequeue(out var read))
        {
            if (await read.ConfigureAwait(false) is { } cluster) yield return cluster;
        }
    }

    /// <inheritdoc/>
    public async Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var trees = await _registry.TreesAsync(cancellationToken).ConfigureAwait(false);
        return trees.Clusters.Contains(name)
            && await ReadAsync(name, trees, _nodes.ServersAsync(cancellationToken), cancellationToken).ConfigureAwait(false) is { } found
            ? found
            : throw ClusterErrors.NotFound(cluster);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        _nodes.Removal.RemoveClusterAsync(cluster, ClusterNames.Normal(cluster), ClusterRegistry.Unmarked, options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterNode>> AddNodesAsync(NewNodes request, FlowOptions options, CancellationToken cancellationToken)
    {
        NovaNodes.Check(request);
        var cluster = ClusterNames.Normal(request.Cluster);
        return FlowRun.RunAsync($"Adding {ClusterNames.Word(request.Role)} nodes to {cluster}", options, _time,
            run => _nodes.AddAsync(run, request with { Cluster = cluster }), cancellationToken,
            request.Role == NodeRole.Server
                ? $"Get-K2hdkcNode {cluster} shows what is left, Remove-K2hdkcNode removes it."
                : $"Get-K2hdkcSlave {cluster} shows what is left, Stop-K2hdkcSlave removes it.");
    }

    /// <inheritdoc/>
    public async Task CheckClusterAsync(NewCluster request, CancellationToken cancellationToken)
    {
        CheckNew(request);
        var have = _registry.ProbeAsync(request.Name, ClusterRegistry.Unmarked, cancellationToken);
        var orders = new List<(int Count, NodeTemplate Template)>();
        if (request.ServerCount > 0) orders.Add((request.ServerCount, request.Nodes!));
        if (request.SlaveCount > 0) orders.Add((request.SlaveCount, request.Slaves ?? request.Nodes!));
        var fits = _nodes.FitsAsync(orders, cancellationToken);
        await Together.AllAsync(have, fits).ConfigureAwait(false);
        if ((await have.ConfigureAwait(false)).Whole) throw Exists(request.Name);
    }

    /// <inheritdoc/>
    public async Task CheckNodesAsync(NewNodes request, CancellationToken cancellationToken)
    {
        NovaNodes.Check(request);
        var cluster = ClusterNames.Normal(request.Cluster);
        var resource = _registry.ResourceAsync(cluster, cancellationToken);
        var fits = _nodes.FitsAsync([(request.Names.Count > 0 ? request.Names.Count : request.Count, request.Template)], cancellationToken);
        await Together.AllAsync(resource, fits).ConfigureAwait(false);
        if (await resource.ConfigureAwait(false) is not { } found || !ClusterRegistry.IsCluster(found))
            throw ClusterErrors.NotFound(cluster);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterNode> GetNodesAsync(string cluster, NodeRole? role, string? pattern,
        CancellationToken cancellationToken) =>
        _nodes.FindAsync(ClusterNames.Normal(cluster), role, pattern, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string node, FlowOptions options,
        CancellationToken cancellationToken) =>
        _nodes.Removal.RemoveNodeAsync(ClusterNames.Normal(cluster), role, node, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterConfiguration> GetConfigurationAsync(string cluster, NodeRole? role, bool expanded,
        CancellationToken cancellationToken)
    {
        if (role is null && expanded)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "The expanded configuration is that of a role.",
                "Choose -Role Server or -Role Slave.");
        return await _registry.ConfigurationAsync(ClusterNames.Normal(cluster), role, expanded, cancellationToken).ConfigureAwait(false)
            ?? throw ClusterErrors.NotFound(cluster);
    }

    /// <inheritdoc/>
    public Task<string> GetSlaveRoleAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(ClusterNames.Child(ClusterNames.Normal(cluster), NodeRole.Slave));

    private static DbaasException Exists(string name) =>
        new(ErrorKind.AlreadyExists, ErrorIds.ClusterExists, $"Cluster '{name}' exists already; nothing was changed.",
            "Choose another name, add nodes with Add-K2hdkcNode, or remove it with Remove-K2hdkcCluster.")
        { Target = name };

    private static void CheckNew(NewCluster request)
    {
        ClusterNames.CheckNew(request.Name);
        int[] ports = [request.Ports.Server, request.Ports.ServerControl, request.Ports.SlaveControl];
        if (ports.Any(p => p is < 1 or > 65535))
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"{ports.First(p => p is < 1 or > 65535)} is not a port.", "Give ports from 1 to 65535.");
        if (request.Ports.Server == request.Ports.ServerControl)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"Server port and server control port are both {request.Ports.Server}.", "Give two different ports.");
        if (request.CreateUser && request.RunUser is null)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "A user is to be created, but no name is given.",
                "Give -RunUser with -CreateUser.");
        if (request.ServerCount is < 0 or > 1000 || request.SlaveCount is < 0 or > 1000)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "The number of nodes must be from 0 to 1000.",
                "Correct -ServerCount or -SlaveCount.");
        if (request.ServerCount > 0) NodeLauncher.Check(request.Nodes, "A cluster with nodes");
        if (request.SlaveCount > 0) NodeLauncher.Check(request.Slaves ?? request.Nodes, "A cluster with nodes");
    }

    private async Task<Cluster> CreateAsync(FlowRun run, NewCluster request, IReadOnlyList<Backup>? images)
    {
        var name = request.Name;
        run.Report("looking at what is there", 0);
        // All that can be known to fail is looked at before anything is made, at the same time.
        var tenant = _registry.TenantAsync(run.Token);
        var groups = Enum.GetValues<NodeRole>().ToDictionary(r => r, r => request.NoSecurityGroup
            ? Task.FromResult<IReadOnlyList<OpenStack.Neutron.SecurityGroup>>([])
            : _nodes.Firewall.FindAsync(name, r, run.Token));
        var orders = new List<(NodeRole Role, int Count, NodeTemplate Template)>();
        if (request.ServerCount > 0) orders.Add((NodeRole.Server, request.ServerCount, request.Nodes!));
        if (request.SlaveCount > 0) orders.Add((NodeRole.Slave, request.SlaveCount, request.Slaves ?? request.Nodes!));
        var plans = orders.Select(o => o.Template).Distinct().ToDictionary(t => t, t => _nodes.Launcher.PlanAsync(t, run.Token));
        var servers = orders.Count == 0 ? Task.FromResult<IReadOnlyList<Server>>([]) : _nodes.ServersAsync(run.Token);
        await Together.AllAsync([tenant, servers, .. groups.Values, .. plans.Values]).ConfigureAwait(false);

        // The last look, and the first thing made right after it: the less time between them, the less can another run come between.
        var have = await _registry.ProbeAsync(name, ClusterRegistry.Unmarked, run.Token).ConfigureAwait(false);
        if (have.Whole) throw Exists(name);
        if (have.Any)
            run.Options.Observer.Warning(
                $"Cluster '{name}' is there in part; what is missing is made: {string.Join(", ", have.Missing(name))}.");
        var names = orders.ToDictionary(o => o.Role, o => NovaNodes.NewNames(name, o.Role, o.Count, servers.Result, have.Any));

        request = Settle(run, request, have.Stored);

        // Only the run that has the cluster in K2HR3 makes the rest of it.
        run.Report("making configuration and roles", 10);
        await _registry.CreateAsync(run, await tenant.ConfigureAwait(false), request, have).ConfigureAwait(false);
        // From here on the cluster exists, and the same command would only say so.
        run.Advise($"Wait-K2hdkcCluster {name} waits for its nodes, Add-K2hdkcNode {name} adds those that are missing, "
            + $"Remove-K2hdkcCluster {name} removes all.");
        run.Report("making security groups and role tokens", 20);
        var firewalls =
            request.NoSecurityGroup
                ? []
                : groups.ToDictionary(g => g.Key, g => _nodes.Firewall.EnsureAsync(run, name, g.Key, request.Ports, g.Value.Result));
        var tokens = orders.ToDictionary(o => o.Role,
            o => _registry.UserDataAsync(run, name, o.Role, fresh: !have.Any || o.Template.NewRoleToken));
        await Together.AllAsync([.. firewalls.Values, .. tokens.Values]).ConfigureAwait(false);

        var launched = new List<LaunchedNode>();
        foreach (var (role, _, template) in orders)
        {
            var userData = await tokens[role].ConfigureAwait(false);
            var group = firewalls.TryGetValue(role, out var firewall) ? await firewall.ConfigureAwait(false) : null;
            var plan = await plans[template].ConfigureAwait(false);
            var own = role == NodeRole.Server && images is not null ? RingOrder.Pair(names[role], images) : null;
            launched.AddRange(
                await _nodes.Launcher.LaunchAsync(run, node => own is null ? plan : plan with { ImageId = own[node].Id }, name, role,
                    names[role], group, userData).ConfigureAwait(false));
        }
        if (launched.Count > 0) await GiveWayAsync(run, name, launched).ConfigureAwait(false);
        var nodes = run.Options.Wait && launched.Count > 0
            ? await _nodes.Waiter.WaitAsync(run, name, launched).ConfigureAwait(false)
            : [.. launched.Select(n => NovaNodes.Requested(name, n))];
        return new Cluster
        {
            Name = name,
            Backend = Name,
            Project = await tenant.ConfigureAwait(false),
            Ports = request.Ports,
            RunUser = request.RunUser,
            CreateUser = request.CreateUser,
            Nodes = nodes,
        }.Judged();
    }

    /// <summary>A cluster that is finished keeps what its resource says.</summary>
    private static NewCluster Settle(FlowRun run, NewCluster request, Resource? stored)
    {
        if (stored is null) return request;
        var kept = ClusterRegistry.Describe(stored, new Cluster { Name = request.Name, Backend = NovaProvider.EngineName });
        if ((kept.Ports, kept.RunUser, kept.CreateUser) == (request.Ports, request.RunUser, request.CreateUser)) return request;
        run.Options.Observer.Warning(
            $"Cluster '{request.Name}' keeps its ports {kept.Ports.Server}, {kept.Ports.ServerControl} and {kept.Ports.SlaveControl} and "
                + $"its user {kept.RunUser ?? "(the packages' own)"}, which are in K2HR3.");
        return request with { Ports = kept.Ports, RunUser = kept.RunUser, CreateUser = kept.CreateUser };
    }

    private async Task<Cluster?> ReadAsync(string name, TenantTrees trees, Task<IReadOnlyList<Server>> servers,
        CancellationToken cancellationToken)
    {
        var resource = _registry.ResourceAsync(name, cancellationToken);
        var hosts = _registry.AllHostsAsync(name, null, cancellationToken);
        await Together.AllAsync(resource, hosts, servers).ConfigureAwait(false);
        var keys = await resource.ConfigureAwait(false);
        if (ClusterRegistry.IsOthers(keys, ClusterRegistry.Unmarked)) return null;
        var parts = await _registry.OwnPartsAsync(name, trees, keys, cancellationToken).ConfigureAwait(false);
        if (!parts.Any) return null;
        var missing = parts.Missing(name);
        return ClusterRegistry.Describe(parts.Stored, new Cluster
        {
            Name = name,
            Backend = Name,
            Project = await _registry.TenantAsync(cancellationToken).ConfigureAwait(false),
            MissingParts = missing,
            Nodes = [.. NodeFinder.Merge(name, await hosts.ConfigureAwait(false), await servers.ConfigureAwait(false)).Select(n => n.Node)
                .OrderBy(n => n.Role).ThenBy(n => n.Name, NaturalOrder.Instance)],
        }).Judged();
    }

    /// <summary>
    /// The last guard against another run that came between all looks: to the one with the older nodes the cluster is left whole.
    /// </summary>
    private async Task GiveWayAsync(FlowRun run, string cluster, IReadOnlyList<LaunchedNode> launched)
    {
        var servers = await _nodes.ServersAsync(run.Token).ConfigureAwait(false);
        try
        {
            NovaNodes.CheckNamesakes(cluster, launched, servers);
        }
        catch (DbaasException)
        {
            run.LeaveToOthers(i => i.Kind is "resource" or "role" or "policy" or "role token");
            throw;
        }
    }
}
