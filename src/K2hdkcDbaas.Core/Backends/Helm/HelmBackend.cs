using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using K2hdkcDbaas.Core.Backends.Pods;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Registry;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Kubernetes;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Backends.Helm;

/// <summary>
/// Clusters that are releases of K2HDKC's Helm chart. They are read without helm, from the Secrets that Helm keeps; what changes one is
/// done by helm, so that the release and what it has made stay one.
/// </summary>
internal sealed class HelmBackend : PodBackend, IHelmReleases
{
    private readonly BackendContext _context;
    private readonly HelmCommands _helm;
    private readonly HelmCreation _creation;
    private readonly HelmRemoval _removal;
    private readonly HelmHistory _history;
    private readonly HelmCertificates _certificates;

    public HelmBackend(BackendContext context)
        : base(context)
    {
        _context = context;
        _helm = new HelmCommands(new HelmProgram(context.Text(HelmParameters.Program), Settings, context.Redactor), Api);
        _creation = new HelmCreation(Api, Registry, _helm, TokenAsync, context.Redactor);
        _removal = new HelmRemoval(Api, this, Removal, Registry, _helm, TokenAsync);
        _history = new HelmHistory(Api, this, _helm);
        _certificates = new HelmCertificates(Api, context.Redactor, context.Time);
    }

    /// <inheritdoc/>
    public override string Name => HelmProvider.EngineName;

    /// <inheritdoc/>
    public override BackendCapabilities Capabilities => HelmProvider.Can;

    /// <inheritdoc/>
    public override async Task CheckClusterAsync(NewCluster request, CancellationToken cancellationToken)
    {
        using var plan = await _creation.PlanAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken) =>
        FlowRun.RunAsync($"Creating cluster {request.Name}", options, Time, async run =>
        {
            run.Report("checking chart and values", 0);
            using var plan = await _creation.PlanAsync(request, run.Token).ConfigureAwait(false);
            run.Report("installing the chart", 10);
            await _creation.InstallAsync(run, plan, ct => UndoAsync(request.Name, options, ct)).ConfigureAwait(false);
            var sets = (await Api.GetSetsAsync(run.Token).ConfigureAwait(false)).Where(s => s.Cluster == request.Name).ToList();
            var pods = sets.OrderByDescending(s => s.IsServer)
                .SelectMany(s => Enumerable.Range(0, s.Replicas).Select(i => KubernetesNames.Pod(s.Cluster, s.IsServer, i))).ToList();
            if (options.Wait && pods.Count > 0) await Waiter.ReadyAsync(run, request.Name, pods).ConfigureAwait(false);
            return await GetClusterAsync(request.Name, run.Token).ConfigureAwait(false);
        }, cancellationToken, $"Remove-K2hdkcCluster {request.Name} removes what is left.");

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Cluster> GetClustersAsync(string pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        var sets = Api.GetSetsAsync(cancellationToken);
        var releases = Api.GetReleasesAsync(null, false, cancellationToken);
        var trees = Registry.TreesAsync(cancellationToken);
        await Together.AllAsync(sets, releases, trees).ConfigureAwait(false);
        var own = sets.Result.Where(s => s.IsHelm).ToList();
        foreach (var name in own.Select(s => s.Cluster)
            .Concat(releases.Result.Where(r => r.ChartName == HelmRelease.K2hdkcChart).Select(r => r.Cluster))
            .Distinct().Where(wanted.Fits).Order(StringComparer.Ordinal))
        {
            List<NodeSet> its = [.. own.Where(s => s.Cluster == name)];
            yield return await ReadAsync(name, its, HelmReleases.Of(name, its, releases.Result), trees.Result,
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken)
    {
        var name = ClusterNames.Normal(cluster);
        var sets = Api.GetSetsAsync(cancellationToken);
        var releases = Api.GetReleasesAsync(null, false, cancellationToken);
        var trees = Registry.TreesAsync(cancellationToken);
        await Together.AllAsync(sets, releases, trees).ConfigureAwait(false);
        var own = sets.Result.Where(s => s.Cluster == name).ToList();
        if (own.Exists(s => !s.IsHelm)) throw HelmErrors.NoRelease(name);
        var release = HelmReleases.Of(name, own, releases.Result);
        if (own.Count == 0 && release is null) throw NotFound(cluster);
        return await ReadAsync(name, own, release, trees.Result, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options,
        CancellationToken cancellationToken) =>
        _removal.RunAsync(ClusterNames.Normal(cluster), options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HelmRevision>> GetRevisionsAsync(string cluster, CancellationToken cancellationToken) =>
        _history.GetAsync(ClusterNames.Normal(cluster), cancellationToken);

    /// <inheritdoc/>
    public Task<HelmRevision> RestoreAsync(string cluster, int? revision, FlowOptions options, CancellationToken cancellationToken) =>
        _history.RestoreAsync(ClusterNames.Normal(cluster), revision, options, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HelmDrift>> GetDriftAsync(string cluster, CancellationToken cancellationToken) =>
        _history.DriftAsync(ClusterNames.Normal(cluster), cancellationToken);

    /// <inheritdoc/>
    public override async Task<JsonObject> GetValuesAsync(string cluster, CancellationToken cancellationToken)
    {
        var values = (await _history.NewestAsync(ClusterNames.Normal(cluster), cancellationToken).ConfigureAwait(false)).Values;
        (values["k2hr3"] as JsonObject)?.Remove("unscopedToken");
        return values;
    }

    /// <inheritdoc/>
    public override Task CheckScaleAsync(NodeSet set, FlowOptions options, CancellationToken cancellationToken)
    {
        _helm.Check();
        return options.Force ? Task.CompletedTask : _history.CheckAsync(set, cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task ScaleAsync(NodeSet set, int count, FlowOptions options, CancellationToken cancellationToken)
    {
        var release = await ReleaseAsync(set, cancellationToken).ConfigureAwait(false);
        var token = await TokenAsync(cancellationToken).ConfigureAwait(false);
        await _helm.ChangeAsync(release, HelmParameters.Change(set.IsServer, count, token), options.Timeout,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task UnscaleAsync(NodeSet set, int count, FlowOptions options, CancellationToken cancellationToken)
    {
        // Going back runs no Job of the chart, whose failure may be what is being undone.
        var all = await Api.GetReleasesAsync(set.Release, withFormer: true, cancellationToken).ConfigureAwait(false);
        var former = all.FirstOrDefault(r => r.Status is "deployed" or "superseded" && HelmReleases.Count(r, set.IsServer) == count);
        if (former is null || (former.Revision == all[0].Revision && former.Status == "deployed")) return;
        await _helm.RollBackAsync(former, options.Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override bool Owns(NodeSet set) => set.IsHelm;

    /// <inheritdoc/>
    protected override DbaasException NotOwn(NodeSet set) => HelmErrors.NoRelease(set.Cluster);

    /// <inheritdoc/>
    protected override Task<RingConfiguration> CertifyAsync(string cluster, RingConfiguration ring, CancellationToken cancellationToken) =>
        _certificates.EquipAsync(cluster, ring, cancellationToken);

    private async Task<HelmRelease> ReleaseAsync(NodeSet set, CancellationToken cancellationToken)
    {
        var found = set.Release is { } name
            ? await Api.GetReleasesAsync(name, withFormer: false, cancellationToken).ConfigureAwait(false)
            : [];
        if (found.Count == 0) throw HelmErrors.Lost(set.Cluster, set.Release);
        // helm goes by the last one that was deployed.
        return found.FirstOrDefault(r => r.Status == "deployed") ?? found[0];
    }

    private async Task UndoAsync(string cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await RemoveClusterAsync(cluster, options, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.ErrorId == ErrorIds.ClusterNotFound)
        {
            // helm had not begun.
        }
    }

    // The chart's Jobs and each starting pod turn it into one of the tenant; it lives for hours only.
    private async Task<string?> TokenAsync(CancellationToken cancellationToken)
    {
        var k2hr3 = await _context.K2hr3.ClientAsync(cancellationToken).ConfigureAwait(false);
        var token = await k2hr3.GetUnscopedTokenAsync(cancellationToken).ConfigureAwait(false);
        _context.Redactor.Learn(token);
        return token;
    }

    private async Task<Cluster> ReadAsync(string name, List<NodeSet> sets, HelmRelease? release, TenantTrees trees,
        CancellationToken cancellationToken)
    {
        var resource = await Registry.ResourceAsync(name, cancellationToken).ConfigureAwait(false);
        var cluster = await DescribeAsync(name, sets, resource, trees, cancellationToken).ConfigureAwait(false);
        return HelmReleases.Judge(cluster with { Created = release?.Created ?? cluster.Created }, sets, release);
    }
}
