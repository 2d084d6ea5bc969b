using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Pods;

/// <summary>
/// What engines share whose nodes are pods of two StatefulSets, with the names and scripts' habits of <c>k2hr3 database-k8s</c>.
/// </summary>
internal abstract class PodBackend : IClusterBackend, IRingAccess, IHelmValues, IAsyncDisposable
{
    private readonly PodWay _way;

    protected PodBackend(BackendContext context)
    {
        (Registry, Time) = (context.Registry, context.Time);
        Settings = PodParameters.Settings(context.Settings, context.Variable, context.HomeFolder) with
        {
            RequestTimeout = context.Http.RequestTimeout,
        };
        Api = new KubernetesConnection(Settings, context.Trace, context.Time);
        _way = new PodWay(Api, PodParameters.PodAccessOf(context), context.Time);
        Waiter = new PodWaiter(this, context.Time);
        Removal = new PodRemoval(Api, this, Registry, context.Rings, context.Time);
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract BackendCapabilities Capabilities { get; }

    protected KubernetesConnection Api { get; }

    protected KubernetesSettings Settings { get; }

    protected ClusterRegistry Registry { get; }

    protected TimeProvider Time { get; }

    protected PodWaiter Waiter { get; }

    protected PodRemoval Removal { get; }

    /// <inheritdoc/>
    public abstract Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract IAsyncEnumerable<Cluster> GetClustersAsync(string pattern, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options,
        CancellationToken cancellationToken);

    /// <inheritdoc/>
    public virtual Task CheckClusterAsync(NewCluster request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterNode>> AddNodesAsync(NewNodes request, FlowOptions options, CancellationToken cancellationToken)
    {
        var cluster = ClusterNames.Normal(request.Cluster);
        return FlowRun.RunAsync($"Adding {ClusterNames.Word(request.Role)} nodes to {cluster}", options, Time,
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
        Removal.NodesAsync(ClusterNames.Normal(cluster), role, nodes, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterConfiguration> GetConfigurationAsync(string cluster, NodeRole? role, bool expanded,
        CancellationToken cancellationToken)
    {
        if (role is null && expanded)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "The expanded configuration is that of a role.",
                "Choose -Role Server or -Role Slave.");
        return await Registry.ConfigurationAsync(ClusterNames.Normal(cluster), role, expanded, cancellationToken).ConfigureAwait(false)
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
        return led.Servers.Any(s => s.Tls.IsEnabled) ? await CertifyAsync(name, led, cancellationToken).ConfigureAwait(false) : led;
    }

    /// <inheritdoc/>
    public abstract Task<JsonObject> GetValuesAsync(string cluster, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _way.Dispose();
        Api.Dispose();
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
        var resource = await Registry.ResourceAsync(cluster, cancellationToken).ConfigureAwait(false);
        var servers = nodes.Where(n => n is { Role: NodeRole.Server, Registered: true, IPAddress: not null } && n.Status != "GONE")
            .ToList();
        var members = new RingMembers(cluster, servers, ClusterRegistry.PortsOf(resource));
        var view = await GetConfigurationAsync(cluster, NodeRole.Slave, expanded: true, cancellationToken).ConfigureAwait(false);
        var told = RingConfiguration.Parse(view.Text, ConfigurationFormat.Ini);
        var live = told with { Servers = [.. told.Servers.Where(s => servers.Exists(n => n.IPAddress == s.Name))] };
        return members with { Equipped = await EquipAsync(cluster, live, cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>The StatefulSet of nodes of a kind, which this engine may change.</summary>
    /// <exception cref="DbaasException">There is none, or another engine runs it.</exception>
    public async Task<NodeSet> SetAsync(string cluster, bool isServer, CancellationToken cancellationToken)
    {
        var set = await Api.GetSetAsync(cluster, isServer, cancellationToken).ConfigureAwait(false) ?? throw NotFound(cluster);
        return Owns(set) ? set : throw NotOwn(set);
    }

    /// <summary>Looks for what stands against another number of pods, before anything is done for it.</summary>
    /// <param name="set">The StatefulSet as it is.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public virtual Task CheckScaleAsync(NodeSet set, FlowOptions options, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Brings a StatefulSet to a number of pods, in the engine's own way.</summary>
    /// <param name="set">The StatefulSet as it is.</param>
    /// <param name="count">How many.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public abstract Task ScaleAsync(NodeSet set, int count, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Removes the line that a pod has left in its role.</summary>
    /// <param name="run">The flow.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="gone">The line, as a node.</param>
    public async Task ForgetAsync(FlowRun run, string cluster, ClusterNode gone)
    {
        var hosts = await HostsAsync(cluster, run.Token).ConfigureAwait(false);
        foreach (var line in hosts.GetValueOrDefault(gone.Role, [])
            .Where(h => h.Host == gone.IPAddress && h.Cuk == (gone.Cuk ?? "") && h.Tag == gone.Tag))
            await run.AloneAsync(() => Registry.RemoveHostAsync(cluster, gone.Role, line, run.Token), run.Token).ConfigureAwait(false);
    }

    /// <summary>The error of a cluster that is not there.</summary>
    internal DbaasException NotFound(string cluster) => new(ErrorKind.NotFound, ErrorIds.ClusterNotFound,
        $"There is no cluster '{cluster}' in namespace '{Api.Namespace}'.",
        "Get-K2hdkcCluster lists the clusters; another namespace takes a session with -Namespace.")
    { Target = cluster };

    /// <summary>Takes a growth back.</summary>
    /// <param name="set">The StatefulSet as it was.</param>
    /// <param name="count">How many pods it had.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    protected virtual Task UnscaleAsync(NodeSet set, int count, FlowOptions options, CancellationToken cancellationToken) =>
        ScaleAsync(set, count, options, cancellationToken);

    /// <summary>Whether this engine runs what a StatefulSet's pods are nodes of.</summary>
    protected abstract bool Owns(NodeSet set);

    /// <summary>The error of a StatefulSet that this engine does not run.</summary>
    protected abstract DbaasException NotOwn(NodeSet set);

    /// <summary>Adds the certificates with which this host speaks to a ring whose servers speak TLS.</summary>
    protected abstract Task<RingConfiguration> CertifyAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken);

    /// <summary>Makes ready what new nodes need beside their pods.</summary>
    /// <param name="run">The flow.</param>
    /// <param name="request">The nodes.</param>
    /// <param name="count">How many there will be.</param>
    protected virtual Task PrepareAsync(FlowRun run, NewNodes request, int count) => Task.CompletedTask;

    /// <summary>All nodes of a cluster, which may not exist.</summary>
    protected async Task<IReadOnlyList<ClusterNode>> AllNodesAsync(string cluster, CancellationToken cancellationToken)
    {
        var pods = Api.GetPodsAsync(cluster, cancellationToken);
        var hosts = HostsAsync(cluster, cancellationToken);
        await Together.AllAsync(pods, hosts).ConfigureAwait(false);
        _way.Learn(pods.Result);
        return PodFinder.Nodes(cluster, await pods.ConfigureAwait(false), await hosts.ConfigureAwait(false));
    }

    /// <summary>The hosts of a cluster's roles; none where it has no roles.</summary>
    protected async Task<IReadOnlyDictionary<NodeRole, IReadOnlyList<RoleHost>>> HostsAsync(string cluster,
        CancellationToken cancellationToken)
    {
        try
        {
            return await Registry.AllHostsAsync(cluster, null, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.Kind == ErrorKind.NotFound)
        {
            return new Dictionary<NodeRole, IReadOnlyList<RoleHost>>();
        }
    }

    /// <summary>A cluster as Kubernetes and K2HR3 show it.</summary>
    protected async Task<Cluster> DescribeAsync(string name, IReadOnlyList<NodeSet> sets, Resource? resource, TenantTrees trees,
        CancellationToken cancellationToken)
    {
        var parts = await Registry.OwnPartsAsync(name, trees, resource, cancellationToken).ConfigureAwait(false);
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
            Project = Api.Namespace,
            MissingParts = missing,
            Nodes = nodes,
            Created = sets.Min(s => s.Created),
        }).Judged();
    }

    private async Task<IReadOnlyList<ClusterNode>> AddAsync(FlowRun run, NewNodes request)
    {
        var isServer = request.Role == NodeRole.Server;
        run.Report("looking at what is there", 0);
        var set = await SetAsync(request.Cluster, isServer, run.Token).ConfigureAwait(false);
        var count = request.Names.Count > 0 ? request.Names.Count : request.Count;
        var names = Enumerable.Range(set.Replicas, count).Select(i => KubernetesNames.Pod(request.Cluster, isServer, i)).ToList();
        if (request.Names.Count > 0 && !request.Names.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)))
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidNodeName,
                $"Kubernetes names the new nodes itself: {string.Join(", ", names)}.", "Leave out -Name, and give -Count.")
            { Target = request.Names[0] };

        await CheckScaleAsync(set, run.Options, run.Token).ConfigureAwait(false);
        await PrepareAsync(run, request, set.Replicas + count).ConfigureAwait(false);
        await CleanAsync(run, request.Cluster, request.Role, names).ConfigureAwait(false);
        run.Report($"scaling {KubernetesNames.Set(request.Cluster, isServer)} from {set.Replicas} to {set.Replicas + count}", 20);
        await run.MakeAsync(new FlowItem(count == 1 ? "pod" : "pods", string.Join(", ", names)),
            ct => ScaleAsync(set, set.Replicas + count, run.Options, ct),
            ct => UnscaleAsync(set, set.Replicas, run.Options, ct)).ConfigureAwait(false);
        if (run.Options.Wait)
            return await (isServer ? Waiter.WaitAsync(run, request.Cluster, names) : Waiter.ReadyAsync(run, request.Cluster, names))
                .ConfigureAwait(false);
        return [.. names.Select(n => new ClusterNode { Cluster = request.Cluster, Role = request.Role, Name = n, Status = "Pending" })];
    }

    // A pod that ended without a word has left its line in the role; with two of one name a ring does not form.
    private async Task CleanAsync(FlowRun run, string cluster, NodeRole role, IReadOnlyList<string> names)
    {
        var hosts = await HostsAsync(cluster, run.Token).ConfigureAwait(false);
        foreach (var line in hosts.GetValueOrDefault(role, []).Where(h => names.Contains(h.Tag)))
            await run.AloneAsync(() => Registry.RemoveHostAsync(cluster, role, line, run.Token), run.Token).ConfigureAwait(false);
        if (role != NodeRole.Server) return;
        foreach (var claim in (await Removal.ClaimsAsync(cluster, run.Token).ConfigureAwait(false))
            .Where(c => names.Any(n => c.EndsWith("-" + n, StringComparison.Ordinal))))
            run.Options.Observer.Warning(
                $"The volume claim {claim} of a former node is there, and its data joins the ring again. Where that is not wanted, stop, "
                    + $"delete it, and begin again.");
    }
}
