using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Backends.Kubernetes.Deployments;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Kubernetes;

/// <summary>Clusters of pods: StatefulSets of servers and slaves that configure themselves from K2HR3.</summary>
internal sealed class KubernetesBackend : PodBackend, INodeRenewal, IK2hr3Deployments, ICommandLineFolders
{
    private readonly string _place;
    private readonly CommandLineFolder _folder;
    private readonly ClusterKeys _keys;
    private readonly ClusterCreation _creation;
    private readonly ClusterRemoval _removal;
    private readonly CommandLineExport _export;
    private readonly K2hr3Systems _systems;
    private readonly K2hr3Creation _systemCreation;
    private readonly K2hr3Removal _systemRemoval;

    public KubernetesBackend(BackendContext context)
        : base(context)
    {
        _place = CommandLineFolder.DefaultPlace(context);
        _folder = new CommandLineFolder(_place, () => Api.Namespace);
        _keys = new ClusterKeys(Api, _folder, context.Redactor, context.Time);
        _creation = new ClusterCreation(Api, Registry, _keys, Waiter, context);
        _removal = new ClusterRemoval(Api, this, Removal, Registry, _folder);
        _export = new CommandLineExport(Api, this, _keys, Registry, context);
        _systems = new K2hr3Systems(Api, context.Time);
        _systemCreation = new K2hr3Creation(Api, _keys, _systems, context.Redactor, context.Time);
        _systemRemoval = new K2hr3Removal(Api, _systems, Removal);
    }

    /// <inheritdoc/>
    public override string Name => KubernetesProvider.EngineName;

    /// <inheritdoc/>
    public override BackendCapabilities Capabilities => KubernetesProvider.Can;

    /// <inheritdoc/>
    public override Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken)
    {
        ClusterCreation.Check(request);
        return FlowRun.RunAsync($"Creating cluster {request.Name}", options, Time, async run =>
        {
            var made = await _creation.CreateAsync(run, request).ConfigureAwait(false);
            return made with { Nodes = await AllNodesAsync(request.Name, run.Token).ConfigureAwait(false) };
        }, cancellationToken, $"Remove-K2hdkcCluster {request.Name} removes what is left, the same New-K2hdkcCluster finishes it.");
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Cluster> GetClustersAsync(string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        var sets = Api.GetSetsAsync(cancellationToken);
        var trees = Registry.TreesAsync(cancellationToken);
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
    public override async Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var sets = Api.GetSetsAsync(cancellationToken);
        var trees = Registry.TreesAsync(cancellationToken);
        await Together.AllAsync(sets, trees).ConfigureAwait(false);
        var named = (await sets.ConfigureAwait(false)).Where(s => s.Cluster == name).ToList();
        if (named.FirstOrDefault(s => s.IsHelm) is { } helm) throw RunByHelm(helm);
        return await ReadAsync(name, named, await trees.ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
            ?? throw NotFound(cluster);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options,
        CancellationToken cancellationToken) =>
        _removal.RunAsync(ClusterNames.Normal(cluster), options, cancellationToken);

    /// <inheritdoc/>
    public override async Task<JsonObject> GetValuesAsync(string cluster, CancellationToken cancellationToken)
    {
        var found = await GetClusterAsync(cluster, cancellationToken).ConfigureAwait(false);
        var sets = await Api.GetSetsAsync(cancellationToken).ConfigureAwait(false);
        return ChartValues.Of(found, [.. sets.Where(s => s.Cluster == found.Name)], Api.Namespace);
    }

    /// <inheritdoc/>
    public override async Task ScaleAsync(NodeSet set, int count, FlowOptions options, CancellationToken cancellationToken)
    {
        await Api.ScaleAsync(KubernetesNames.Set(set.Cluster, set.IsServer), count, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(_folder.SettingsOf(set.Cluster))) return;
        var tokens = await Api.GetSecretAsync(KubernetesNames.Tokens(set.Cluster), cancellationToken).ConfigureAwait(false);
        try
        {
            if (_folder.IsOf(set.Cluster, tokens)) _folder.PutCount(set.Cluster, set.IsServer, count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Observer.Warning($"The command line still counts as before: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public string FolderOf(string cluster, string? place) =>
        new CommandLineFolder(place ?? _place, () => Api.Namespace).Of(ClusterNames.Normal(cluster));

    /// <inheritdoc/>
    public Task ExportAsync(string cluster, string? place, FlowOptions options, CancellationToken cancellationToken) =>
        _export.RunAsync(ClusterNames.Normal(cluster), place ?? _place, options, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> KeepsDataAsync(string cluster, CancellationToken cancellationToken) =>
        (await SetAsync(ClusterNames.Normal(cluster), true, cancellationToken).ConfigureAwait(false)).HasVolumes;

    /// <inheritdoc/>
    public async Task<ClusterNode> ReplaceAsync(string cluster, ClusterNode node, FlowOptions options, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        if (node.Id is not { } uid)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.NodeNotFound, $"'{node.Name}' is only an entry in K2HR3, not a pod.",
                "Unregister-K2hdkcNode removes such an entry.")
            { Target = node.Name };
        await SetAsync(name, node.Role == NodeRole.Server, cancellationToken).ConfigureAwait(false);
        return await FlowRun.RunAsync($"Recreating {node.Name}", options, Time, async run =>
        {
            await Api.DeletePodAsync(node.Name, uid, run.Token).ConfigureAwait(false);
            var made = await Waiter.SuccessorAsync(run, name, node).ConfigureAwait(false);
            // A pod that could say no word at its end has left its line, and two of one name let no ring form.
            foreach (var line in (await HostsAsync(name, run.Token).ConfigureAwait(false)).GetValueOrDefault(node.Role, [])
                .Where(h => h.Tag == made.Name && h.Cuk != made.Cuk))
                await run.AloneAsync(() => Registry.RemoveHostAsync(name, node.Role, line, run.Token), run.Token).ConfigureAwait(false);
            return made;
        }, cancellationToken, $"Get-K2hdkcNode {name} shows what has become of it.").ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterNode>> RenewCertificatesAsync(string cluster, NodeTemplate? template, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var servers = await SetAsync(name, true, cancellationToken).ConfigureAwait(false);
        var slaves = await SetAsync(name, false, cancellationToken).ConfigureAwait(false);
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
            await SetAsync(name, isServer, cancellationToken).ConfigureAwait(false);
            var (containers, init) = KubernetesParameters.ImagesOf(name, isServer, template);
            if (containers.Count + init.Count == 0) continue;
            await Api.SetImagesAsync(KubernetesNames.Set(name, isServer), containers, init, cancellationToken).ConfigureAwait(false);
            changed.Add(role);
        }

        if (changed.Count == 0)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "No image was given; nothing was changed.",
                "Give -K2hdkcImage, -ChmpxImage or -InitImage.")
            { Target = name };
        return [.. (await PodsAsync(name, cancellationToken).ConfigureAwait(false)).Where(n => changed.Contains(n.Role))];
    }

    /// <inheritdoc/>
    Task IK2hr3Deployments.CheckAsync(NewK2hr3Deployment request, CancellationToken cancellationToken) =>
        _systemCreation.CheckAsync(request, cancellationToken);

    /// <inheritdoc/>
    Task<K2hr3Deployment> IK2hr3Deployments.CreateAsync(NewK2hr3Deployment request, FlowOptions options,
        CancellationToken cancellationToken) =>
        FlowRun.RunAsync("Making K2HR3", options, Time, run => _systemCreation.CreateAsync(run, request), cancellationToken,
            $"Remove-K2hr3Deployment {K2hr3SystemNames.Own} removes what is left, the same New-K2hr3Deployment finishes it.");

    /// <inheritdoc/>
    Task<IReadOnlyList<K2hr3Deployment>> IK2hr3Deployments.GetAsync(string pattern, CancellationToken cancellationToken) =>
        _systems.GetAsync(pattern, cancellationToken);

    /// <inheritdoc/>
    Task IK2hr3Deployments.CheckRemovalAsync(string name, bool force, CancellationToken cancellationToken) =>
        _systems.RemovableAsync(name, force, cancellationToken);

    /// <inheritdoc/>
    Task<IReadOnlyList<FlowItem>> IK2hr3Deployments.RemoveAsync(string name, FlowOptions options, CancellationToken cancellationToken) =>
        _systemRemoval.RunAsync(name, options, cancellationToken);

    /// <summary>The error of a cluster that Helm manages.</summary>
    internal static DbaasException RunByHelm(NodeSet set) => new(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
        $"Cluster '{set.Cluster}' belongs to the Helm release '{set.Release}'; nothing was changed.",
        $"Change it with 'helm upgrade {set.Release}': what is changed behind Helm's back, Helm changes back.")
    { Target = set.Cluster };

    /// <inheritdoc/>
    protected override bool Owns(NodeSet set) => !set.IsHelm;

    /// <inheritdoc/>
    protected override DbaasException NotOwn(NodeSet set) => RunByHelm(set);

    /// <inheritdoc/>
    protected override Task<RingConfiguration> CertifyAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken) =>
        _keys.EquipAsync(cluster, ring, cancellationToken);

    /// <inheritdoc/>
    protected override Task PrepareAsync(FlowRun run, NewNodes request, int count)
    {
        run.Report("making certificates", 10);
        return _keys.CompleteAsync(run, request.Cluster, request.Role == NodeRole.Server, count, request.Template);
    }

    private async Task<IReadOnlyList<ClusterNode>> PodsAsync(string cluster, CancellationToken cancellationToken) =>
        [.. (await NodesAsync(cluster, cancellationToken).ConfigureAwait(false)).Where(n => n.Id is not null)];

    private async Task<Cluster?> ReadAsync(string name, List<NodeSet> sets, TenantTrees trees, CancellationToken cancellationToken)
    {
        var resource = await Registry.ResourceAsync(name, cancellationToken).ConfigureAwait(false);
        // Without pods only the mark says that it was to have some: the command line leaves none.
        if (sets.Count == 0 && ClusterRegistry.OwnerOf(resource) != KubernetesProvider.Mark) return null;
        return await DescribeAsync(name, sets, resource, trees, cancellationToken).ConfigureAwait(false);
    }
}
