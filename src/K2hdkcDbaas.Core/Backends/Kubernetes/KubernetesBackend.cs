using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>Clusters of pods: StatefulSets of servers and slaves that configure themselves from K2HR3.</summary>
internal sealed class KubernetesBackend : IClusterBackend, IRingAccess, INodeRenewal, IAsyncDisposable
{
    private readonly ClusterRegistry _registry;
    private readonly TimeProvider _time;
    private readonly KubernetesConnection _api;
    private readonly ClusterKeys _keys;
    private readonly PodWaiter _waiter;
    private readonly PodRemoval _removal;
    private readonly ClusterCreation _creation;
    private readonly PodWay _way;

    public KubernetesBackend(BackendContext context)
    {
        (_registry, _time) = (context.Registry, context.Time);
        var settings = KubernetesParameters.Settings(context.Settings, context.Variable, context.HomeFolder) with
        {
            RequestTimeout =
            context.Http.RequestTimeout
        };
        _api = new KubernetesConnection(settings, context.Trace, context.Time);
        _way = new PodWay(_api, KubernetesParameters.PodAccessOf(context), context.Time);
        _keys = new ClusterKeys(_api, context.HomeFolder, context.Redactor, context.Time);
        _waiter = new PodWaiter(this, context.Time);
        _removal = new PodRemoval(_api, this, _registry, context.Rings, context.Time);
        _creation = new ClusterCreation(_api, _registry, _keys, _waiter, context);
    }

    /// <inheritdoc/>
    public string Name => KubernetesProvider.EngineName;

    /// <inheritdoc/>
    public BackendCapabilities Capabilities => KubernetesProvider.Can;

    /// <inheritdoc/>
    public Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken)
    {
        ClusterCreation.Check(request);
        return FlowRun.RunAsync($"Creating cluster {request.Name}", options, _time, async run =>
        {
            var made = await _creation.CreateAsync(run, request).ConfigureAwait(false);
            return made with { Nodes = await AllNodesAsync(request.Name, run.Token).ConfigureAwait(false) };
        }, cancellationToken, $"Remove-K2hdkcCluster {request.Name} removes what is left, the same New-K2hdkcCluster finishes it.");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Cluster> GetClustersAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        var sets = _api.GetSetsAsync(cancellationToken);
        var trees = _registry.TreesAsync(cancellationToken);
        await Together.AllAsync(sets, trees).ConfigureAwait(false);
        var own = (await sets.ConfigureAwait(false)).Where(s => !s.IsHelm).ToList();
        var named = (await trees.ConfigureAwait(false)).Clusters;
        foreach (var name in own.Select(s => s.Cluster).Concat(named).Distinct().Where(wanted.Fits).Order(StringComparer.Ordinal))
        {
            var found = await ReadAsync(name, [.. own.Where(s => s.Cluster == name)], trees.Result,
                cancellationToken).ConfigureAwait(false);
            if (found is not null) yield return found;
        }
    }

    /// <inheritdoc/>
    public async Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var sets = _api.GetSetsAsync(cancellationToken);
        var trees = _registry.TreesAsync(cancellationToken);
        await Together.AllAsync(sets, trees).ConfigureAwait(false);
        var named = (await sets.ConfigureAwait(false)).Where(s => s.Cluster == name).ToList();
        if (named.FirstOrDefault(s => s.IsHelm) is { } helm) throw RunByHelm(helm);
        return await ReadAsync(name, named, await trees.ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
            ?? throw NotFound(cluster);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        _removal.ClusterAsync(ClusterNames.Normal(cluster), options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterNode>> AddNodesAsync(NewNodes request, FlowOptions options, CancellationToken cancellationToken)
    {
        var cluster = ClusterNames.Normal(request.Cluster);
        return FlowRun.RunAsync($"Adding {ClusterNames.Word(request.Role)} nodes to {cluster}", options, _time,
            run => AddAsync(run, request with { Cluster = cluster }), cancellationToken,
            $"{(request.Role == NodeRole.Server ? "Get-K2hdkcNode" : "Get-K2hdkcSlave")} {cluster} shows what is left.");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ClusterNode> GetNodesAsync(string cluster, NodeRole? role, string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        foreach (var node in await NodesAsync(ClusterNames.Normal(cluster), cancellationToken).ConfigureAwait(false))
        {
            if (role is not null && node.Role != role) continue;
            if (wanted.Fits(node.Name) || wanted.Fits(node.Id) || wanted.Fits(node.Cuk) || wanted.Fits(node.Tag)
                || wanted.Fits(node.IPAddress)) yield return node;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string node, FlowOptions options,
        CancellationToken cancellationToken) =>
        RemoveNodesAsync(cluster, role, [node], options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowItem>> RemoveNodesAsync(string cluster, NodeRole? role, IReadOnlyList<string> nodes, FlowOptions options,
        CancellationToken cancellationToken) =>
        _removal.NodesAsync(ClusterNames.Normal(cluster), role, nodes, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterConfiguration> GetConfigurationAsync(string cluster, NodeRole? role, bool expanded,
        CancellationToken cancellationToken)
    {
        if (role is null && expanded)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "The expanded configuration is that of a role.",
                "Choose -Role Server or -Role Slave.");
        return await _registry.ConfigurationAsync(ClusterNames.Normal(cluster), role, expanded, cancellationToken).ConfigureAwait(false)
            ?? throw NotFound(cluster);
    }

    /// <inheritdoc/>
    public Task<string> GetSlaveRoleAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(ClusterNames.Child(ClusterNames.Normal(cluster), NodeRole.Slave));

    /// <inheritdoc/>
    public async Task<RingConfiguration> EquipAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var led = await _way.LeadAsync(name, ring, cancellationToken).ConfigureAwait(false);
        return await _keys.EquipAsync(name, led, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> KeepsDataAsync(string cluster, CancellationToken cancellationToken) =>
        (await OwnSetAsync(ClusterNames.Normal(cluster), true, cancellationToken).ConfigureAwait(false)).HasVolumes;

    /// <inheritdoc/>
    public async Task<ClusterNode> ReplaceAsync(string cluster, ClusterNode node, FlowOptions options, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        if (node.Id is not { } uid)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.NodeNotFound, $"'{node.Name}' is a line in K2HR3 alone, and no pod.",
                "Unregister-K2hdkcNode removes such a line.")
            { Target = node.Name };
        await OwnSetAsync(name, node.Role == NodeRole.Server, cancellationToken).ConfigureAwait(false);
        return await FlowRun.RunAsync($"Making {node.Name} anew", options, _time, async run =>
        {
            await _api.DeletePodAsync(node.Name, uid, run.Token).ConfigureAwait(false);
            var made = await _waiter.SuccessorAsync(run, name, node).ConfigureAwait(false);
            // A pod that could say no word at its end has left its line, and two of one name let no ring form.
            foreach (var line in (await HostsAsync(name, run.Token).ConfigureAwait(false)).GetValueOrDefault(node.Role, [])
                .Where(h => h.Tag == made.Name && h.Cuk != made.Cuk))
                await run.AloneAsync(() => _registry.RemoveHostAsync(name, node.Role, line, run.Token), run.Token).ConfigureAwait(false);
            return made;
        }, cancellationToken, $"Get-K2hdkcNode {name} shows what has become of it.").ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterNode>> RenewCertificatesAsync(string cluster, NodeTemplate? template, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var servers = await OwnSetAsync(name, true, cancellationToken).ConfigureAwait(false);
        var slaves = await OwnSetAsync(name, false, cancellationToken).ConfigureAwait(false);
        await _keys.RenewAsync(name, servers.Replicas, slaves.Replicas, template, cancellationToken).ConfigureAwait(false);
        return await PodsAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterNode>> SetImagesAsync(string cluster, NodeTemplate template, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var changed = new List<NodeRole>();
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            var isServer = role == NodeRole.Server;
            await OwnSetAsync(name, isServer, cancellationToken).ConfigureAwait(false);
            var (containers, init) = KubernetesParameters.ImagesOf(name, isServer, template);
            if (containers.Count + init.Count == 0) continue;
            await _api.SetImagesAsync(KubernetesNames.Set(name, isServer), containers, init, cancellationToken).ConfigureAwait(false);
            changed.Add(role);
        }

        if (changed.Count == 0)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "No image was given; nothing was changed.",
                "Give -K2hdkcImage, -ChmpxImage or -InitImage.")
            { Target = name };
        return [.. (await PodsAsync(name, cancellationToken).ConfigureAwait(false)).Where(n => changed.Contains(n.Role))];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _way.Dispose();
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>All nodes of a cluster that exists.</summary>
    /// <exception cref="DbaasException"><c>ClusterNotFound</c>.</exception>
    public async Task<IReadOnlyList<ClusterNode>> NodesAsync(string cluster, CancellationToken cancellationToken)
    {
        var nodes = await AllNodesAsync(cluster, cancellationToken).ConfigureAwait(false);
        // An empty cluster, or none.
        if (nodes.Count == 0) await GetClusterAsync(cluster, cancellationToken).ConfigureAwait(false);
        return nodes;
    }

    /// <summary>The cluster's ring, as this host reaches it.</summary>
    public async Task<RingMembers> RingAsync(string cluster, IReadOnlyList<ClusterNode> nodes, CancellationToken cancellationToken)
    {
        var resource = await _registry.ResourceAsync(cluster, cancellationToken).ConfigureAwait(false);
        var servers = nodes.Where(n => n is { Role: NodeRole.Server, Registered: true, IPAddress: not null } && n.Status != "GONE")
            .ToList();
        var members = new RingMembers(cluster, servers, ClusterRegistry.PortsOf(resource));
        var view = await GetConfigurationAsync(cluster, NodeRole.Slave, expanded: true, cancellationToken).ConfigureAwait(false);
        var told = RingConfiguration.Parse(view.Text, ConfigurationFormat.Ini);
        var live = told with { Servers = [.. told.Servers.Where(s => servers.Exists(n => n.IPAddress == s.Name))] };
        return members with { Equipped = await EquipAsync(cluster, live, cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>The error of a cluster that is not there.</summary>
    internal DbaasException NotFound(string cluster) => new(ErrorKind.NotFound, ErrorIds.ClusterNotFound,
        $"There is no cluster '{cluster}' in namespace '{_api.Namespace}'.",
        "Get-K2hdkcCluster lists the clusters; another namespace takes a session with -Namespace.")
    { Target = cluster };

    /// <summary>The error of a cluster that Helm manages.</summary>
    internal static DbaasException RunByHelm(NodeSet set) => new(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
        $"Cluster '{set.Cluster}' belongs to the Helm release '{set.Release}'; nothing was changed.",
        $"Change it with 'helm upgrade {set.Release}': what is changed behind Helm's back, Helm changes back.")
    { Target = set.Cluster };

    private async Task<IReadOnlyList<ClusterNode>> PodsAsync(string cluster, CancellationToken cancellationToken) =>
        [.. (await NodesAsync(cluster, cancellationToken).ConfigureAwait(false)).Where(n => n.Id is not null)];

    private async Task<NodeSet> OwnSetAsync(string cluster, bool isServer, CancellationToken cancellationToken)
    {
        var set = await _api.GetSetAsync(cluster, isServer, cancellationToken).ConfigureAwait(false) ?? throw NotFound(cluster);
        return set.IsHelm ? throw RunByHelm(set) : set;
    }

    private async Task<IReadOnlyList<ClusterNode>> AllNodesAsync(string cluster, CancellationToken cancellationToken)
    {
        var pods = _api.GetPodsAsync(cluster, cancellationToken);
        var hosts = HostsAsync(cluster, cancellationToken);
        await Together.AllAsync(pods, hosts).ConfigureAwait(false);
        _way.Learn(pods.Result);
        return PodFinder.Nodes(cluster, await pods.ConfigureAwait(false), await hosts.ConfigureAwait(false));
    }

    private async Task<IReadOnlyDictionary<NodeRole, IReadOnlyList<RoleHost>>> HostsAsync(string cluster,
        CancellationToken cancellationToken)
    {
        try
        {
            return await _registry.AllHostsAsync(cluster, null, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            return new Dictionary<NodeRole, IReadOnlyList<RoleHost>>();
        }
    }

    private async Task<Cluster?> ReadAsync(string name, List<NodeSet> sets, TenantTrees trees, CancellationToken cancellationToken)
    {
        var resource = await _registry.ResourceAsync(name, cancellationToken).ConfigureAwait(false);
        // Without pods only the mark says that it was to have some: the command line leaves none.
        if (sets.Count == 0 && ClusterRegistry.OwnerOf(resource) != KubernetesProvider.Mark) return null;
        var parts = await _registry.OwnPartsAsync(name, trees, resource, cancellationToken).ConfigureAwait(false);
        var nodes = await AllNodesAsync(name, cancellationToken).ConfigureAwait(false);
        var missing = parts.Missing(name).ToList();
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            if (!sets.Any(s => s.IsServer == (role == NodeRole.Server)))
                missing.Add($"stateful set {KubernetesNames.Set(name, role == NodeRole.Server)}");
        }

        return ClusterRegistry.Describe(resource, new Cluster
        {
            Name = name,
            Backend = Name,
            Project = _api.Namespace,
            MissingParts = missing,
            Nodes = nodes,
            Created = sets.Min(s => s.Created),
        }).Judged();
    }

    private async Task<IReadOnlyList<ClusterNode>> AddAsync(FlowRun run, NewNodes request)
    {
        var isServer = request.Role == NodeRole.Server;
        run.Report("looking at what is there", 0);
        var set = await _api.GetSetAsync(request.Cluster, isServer, run.Token).ConfigureAwait(false) ?? throw NotFound(request.Cluster);
        if (set.IsHelm) throw RunByHelm(set);
        var count = request.Names.Count > 0 ? request.Names.Count : request.Count;
        var names = Enumerable.Range(set.Replicas, count).Select(i => KubernetesNames.Pod(request.Cluster, isServer, i)).ToList();
        if (request.Names.Count > 0 && !request.Names.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)))
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidNodeName,
                $"Kubernetes names the new nodes itself: {string.Join(", ", names)}.", "Leave out -Name, and give -Count.")
            { Target = request.Names[0] };

        run.Report("making certificates", 10);
        await _keys.CompleteAsync(run, request.Cluster, isServer, set.Replicas + count, request.Template).ConfigureAwait(false);
        await CleanAsync(run, request.Cluster, request.Role, names).ConfigureAwait(false);
        var name = KubernetesNames.Set(request.Cluster, isServer);
        run.Report($"scaling {name} from {set.Replicas} to {set.Replicas + count}", 20);
        await run.MakeAsync(new FlowItem(count == 1 ? "pod" : "pods", string.Join(", ", names)),
            ct => _api.ScaleAsync(name, set.Replicas + count, ct), ct => _api.ScaleAsync(name, set.Replicas, ct))
            .ConfigureAwait(false);
        if (run.Options.Wait) return await _waiter.WaitAsync(run, request.Cluster, names).ConfigureAwait(false);
        return [.. names.Select(n => new ClusterNode { Cluster = request.Cluster, Role = request.Role, Name = n, Status = "Pending" })];
    }

    // A pod that ended without a word has left its line in the role; with two of one name a ring does not form.
    private async Task CleanAsync(FlowRun run, string cluster, NodeRole role, IReadOnlyList<string> names)
    {
        var hosts = await HostsAsync(cluster, run.Token).ConfigureAwait(false);
        foreach (var line in hosts.GetValueOrDefault(role, []).Where(h => names.Contains(h.Tag)))
            await run.AloneAsync(() => _registry.RemoveHostAsync(cluster, role, line, run.Token), run.Token).ConfigureAwait(false);
        if (role != NodeRole.Server) return;
        var claims = await _api.GetNamesAsync(ObjectKind.PersistentVolumeClaim, ClusterObjects.Selector(cluster),
            run.Token).ConfigureAwait(false);
        foreach (var claim in claims.Where(c => names.Any(n => c.EndsWith("-" + n, StringComparison.Ordinal))))
            run.Options.Observer.Warning(
                $"The volume claim {claim} of a former node is there, and its data joins the ring again. Where that is not wanted, stop, "
                    + $"delete it, and begin again.");
    }
}
