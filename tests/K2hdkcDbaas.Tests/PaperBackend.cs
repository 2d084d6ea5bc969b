using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Tests;

/// <summary>Keeps clusters in lists, and notes what it was asked for.</summary>
internal sealed class PaperBackend : IClusterBackend, IBackupBackend, IServiceOperations, IQuotas, INodeMachines
{
    private readonly Dictionary<string, Cluster> _clusters = [];
    private readonly List<Backup> _backups = [];

    public List<string> Notes { get; } = [];

    public string Name => "Paper";

    public BackendCapabilities Capabilities => PaperProvider.Can;

    public Task<Cluster> CreateClusterAsync(NewCluster request, FlowOptions options, CancellationToken cancellationToken)
    {
        var cluster = new Cluster { Name = request.Name, Backend = Name, RunUser = request.RunUser, Ports = request.Ports };
        _clusters[request.Name] = cluster;
        if (request.ServerCount > 0) Add(request.Name, NodeRole.Server, request.ServerCount, [], request.Nodes!);
        if (request.SlaveCount > 0) Add(request.Name, NodeRole.Slave, request.SlaveCount, [], request.Nodes!);
        return Task.FromResult(_clusters[request.Name]);
    }

    public IAsyncEnumerable<Cluster> GetClustersAsync(string pattern, CancellationToken cancellationToken) =>
        _clusters.Values.Where(c => new NamePattern(pattern).Fits(c.Name)).ToList().ToAsyncEnumerable();

    public Task<Cluster> GetClusterAsync(string cluster, CancellationToken cancellationToken) => Task.FromResult(Of(cluster));

    public Task<IReadOnlyList<FlowItem>> RemoveClusterAsync(string cluster, FlowOptions options, CancellationToken cancellationToken)
    {
        Of(cluster);
        _clusters.Remove(cluster);
        return Task.FromResult<IReadOnlyList<FlowItem>>([new FlowItem("cluster", cluster)]);
    }

    public Task<IReadOnlyList<ClusterNode>> AddNodesAsync(NewNodes request, FlowOptions options, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ClusterNode>>(Add(request.Cluster, request.Role, request.Count, request.Names, request.Template));

    public async IAsyncEnumerable<ClusterNode> GetNodesAsync(string cluster, NodeRole? role, string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var wanted = new NamePattern(pattern);
        foreach (var node in Of(cluster).Nodes.Where(n => (role is null || n.Role == role) && wanted.Fits(n.Name))) yield return node;
    }

    public Task<IReadOnlyList<FlowItem>> RemoveNodeAsync(string cluster, NodeRole? role, string node, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var of = Of(cluster);
        _clusters[cluster] = of with { Nodes = [.. of.Nodes.Where(n => n.Name != node)] };
        return Task.FromResult<IReadOnlyList<FlowItem>>([new FlowItem("node", node)]);
    }

    public async Task<IReadOnlyList<FlowItem>> RemoveNodesAsync(
        string cluster, NodeRole? role, IReadOnlyList<string> nodes, FlowOptions options, CancellationToken cancellationToken)
    {
        Notes.Add($"removed together: {string.Join(", ", nodes)}");
        var removed = new List<FlowItem>();
        foreach (var node in nodes) removed.AddRange(await RemoveNodeAsync(cluster, role, node, options, cancellationToken));
        return removed;
    }

    public Task<ClusterConfiguration> GetConfigurationAsync(string cluster, NodeRole? role, bool expanded,
        CancellationToken cancellationToken) =>
        Task.FromResult(
            new ClusterConfiguration
            {
                Cluster = Of(cluster).Name,
                Role = role,
                Expanded = expanded,
                Text = $"[GLOBAL]\nGROUP = {cluster}\nMODE = SLAVE\nDELIVERMODE = hash\n"
            });

    public Task<string> GetSlaveRoleAsync(string cluster, FlowOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(cluster + "/slave");

    public Task<IReadOnlyList<Backup>> BackupAsync(NewBackup request, FlowOptions options, CancellationToken cancellationToken)
    {
        var nodes = Of(request.Cluster).Nodes.Where(
            n => n.Role == NodeRole.Server && (request.Nodes.Count == 0 || request.Nodes.Contains(n.Name) || request.Nodes.Contains(n.Id!)))
            .ToList();
        var made = nodes.ConvertAll(n => new Backup
        {
            Id = Guid.NewGuid().ToString("D"),
            Name = $"{request.Set}-{n.Name}",
            SetName = request.Set,
            SetSize = nodes.Count,
            Backend = Name,
            Cluster = request.Cluster,
            Node = n.Name,
            NodeId = n.Id,
            Usable = true,
        });
        _backups.AddRange(made);
        return Task.FromResult<IReadOnlyList<Backup>>(made);
    }

    public IAsyncEnumerable<Backup> GetBackupsAsync(string? cluster, string? pattern, CancellationToken cancellationToken)
    {
        var wanted = new NamePattern(pattern);
        return _backups.Where(
            b => new NamePattern(cluster).Fits(b.Cluster) && (wanted.Fits(b.Name) || wanted.Fits(b.SetName) || wanted.Fits(b.Id)))
            .ToList().ToAsyncEnumerable();
    }

    public Task RemoveBackupAsync(Backup backup, FlowOptions options, CancellationToken cancellationToken)
    {
        _backups.RemoveAll(b => b.Id == backup.Id);
        return Task.CompletedTask;
    }

    public Task<ClusterNode> RestoreNodeAsync(string cluster, Backup backup, string? name, NodeTemplate template, FlowOptions options,
        CancellationToken cancellationToken) =>
        Task.FromResult(Add(cluster, NodeRole.Server, 1, [name ?? backup.Node!], template)[0]);

    public Task<Cluster> RestoreClusterAsync(NewCluster request, IReadOnlyList<Backup> backups, FlowOptions options,
        CancellationToken cancellationToken) =>
        CreateClusterAsync(request, options, cancellationToken);

    public Task RestartAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken) =>
        NoteAsync("restarted", cluster, node);

    public Task StartAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken) =>
        NoteAsync("started", cluster, node);

    public Task StopAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken) =>
        NoteAsync("stopped", cluster, node);

    public Task<IReadOnlyList<string>> GetConsoleAsync(string cluster, string node, int lines, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. Enumerable.Range(1, lines).Select(i => $"{node} {i}")]);

    public Task AttachConfigurationAsync(string? cluster, string? node, string? group, FlowOptions options,
        CancellationToken cancellationToken) =>
        NoteAsync($"attached {group}", cluster!, node);

    public Task DetachConfigurationAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken) =>
        NoteAsync("detached", cluster, node);

    public Task ResetStatusAsync(string cluster, string? node, CancellationToken cancellationToken) => NoteAsync("reset", cluster, node);

    public Task<IReadOnlyList<Quota>> GetQuotasAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Quota>>([new Quota(Name, "sheets", 500)]);

    private Task NoteAsync(string what, string cluster, string? node)
    {
        Of(cluster);
        Notes.Add($"{what}: {cluster} {node}".Trim());
        return Task.CompletedTask;
    }

    private List<ClusterNode> Add(string cluster, NodeRole role, int count, IReadOnlyList<string> names, NodeTemplate template)
    {
        var of = Of(cluster);
        if (names.Count == 0)
            names = [.. Enumerable.Range(of.Nodes.Count(n => n.Role == role) + 1, count).Select(n => $"{cluster}-{role}-{n}")];
        var added = names.Select(n => new ClusterNode
        {
            Cluster = cluster,
            Role = role,
            Name = n,
            Id = Guid.NewGuid().ToString("D"),
            Flavor = template.Settings.GetValueOrDefault("Colour") as string,
            Status = "ACTIVE",
            Registered = true,
        }).ToList();
        _clusters[cluster] = of with { Nodes = [.. of.Nodes, .. added] };
        return added;
    }

    private Cluster Of(string cluster) => _clusters.GetValueOrDefault(cluster)
        ?? throw new DbaasException(ErrorKind.NotFound, ErrorIds.ClusterNotFound, $"There is no cluster '{cluster}'.",
            "Write one down.")
        { Target = cluster };
}
