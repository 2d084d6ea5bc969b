using System.Globalization;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core;

/// <summary>Nova images of server nodes, one per node, tied to a set by their properties. Merges are held off while they are taken.</summary>
internal sealed class OpenStackBackups(OpenStackConnection cloud, OpenStackBackend backend, IRingControl rings, TimeProvider time) : IBackupBackend
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Backup>> BackupAsync(NewBackup request, FlowOptions options, CancellationToken cancellationToken)
    {
        var set = request.Set ?? BackupNotes.DefaultSet(OpenStackBackend.Normal(request.Cluster), time.GetUtcNow());
        BackupNotes.Check(set);
        return FlowRun.RunAsync($"Backing up {request.Cluster}", options, time, async run =>
        {
            var (cluster, found) = await backend.RingAsync(request.Cluster, run.Token).ConfigureAwait(false);
            var nodes = request.Nodes.Count == 0 ? [.. found.Where(n => n.Server is not null)] : request.Nodes.Select(n => NodeFinder.One(cluster.Cluster, n, found)).ToList();
            if (nodes.Count == 0 || nodes.Any(n => n.Server is null))
                throw new DbaasException(FaultKind.Conflict, ErrorIds.ClusterIncomplete, $"Cluster '{cluster.Cluster}' has no running server node to back up{(nodes.Count == 0 ? "" : $": {nodes.First(n => n.Server is null).Node.Name} is gone")}.",
                    "Look at it with Get-K2hdkcNode.")
                { Target = cluster.Cluster };

            var taken = time.GetUtcNow();
            var ring = BackupNotes.Ports(cluster.Ports, cluster.Servers.Count);
            var hold = await HoldAsync(run, cluster).ConfigureAwait(false);
            await using var _ = hold.ConfigureAwait(false);
            var made = await Together.ForEachAsync(nodes, async node =>
            {
                var name = $"{set}-{node.Node.Name}";
                var properties = new Dictionary<string, string>
                {
                    [BackupNotes.Set] = set,
                    [BackupNotes.Cluster] = cluster.Cluster,
                    [BackupNotes.Node] = node.Node.Name,
                    [BackupNotes.NodeId] = node.Server!.Id,
                    [BackupNotes.Time] = taken.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                    [BackupNotes.Ring] = ring,
                };
                if (node.Node.Tag is { } seed) properties[BackupNotes.Seed] = seed;
                if (!string.IsNullOrWhiteSpace(request.Description)) properties[BackupNotes.Note] = request.Description;
                return await run.MakeAsync(new FlowItem("image", name), ct => cloud.Compute.Servers.CreateImageAsync(node.Server.Id, name, properties, ct), id => new FlowItem("image", name, id),
                    async (id, ct) =>
                    {
                        if (id is not null) await cloud.Image.DeleteAsync(id, ct).ConfigureAwait(false);
                    }).ConfigureAwait(false);
            }).ConfigureAwait(false);
            // The disk's state is that of the moment in which Nova takes it: merges are let go only when the images are there.
            return run.Options.Wait ? await WaitAsync(run, made).ConfigureAwait(false)
                : [.. (await Together.ForEachAsync(made, id => cloud.Image.GetAsync(id, run.Token)).ConfigureAwait(false)).Select(Of)];
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Backup> GetBackupsAsync(string? cluster, string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (ofCluster, wanted) = (new NamePattern(cluster), new NamePattern(pattern));
        var owner = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId;
        var filter = new ImageFilter { Owner = owner, Properties = cluster is not null && ofCluster.IsExact ? new Dictionary<string, string> { [BackupNotes.Cluster] = OpenStackBackend.Normal(cluster) } : new Dictionary<string, string>() };
        var images = await cloud.Image.ListAsync(filter, cancellationToken).Where(i => i.Property(BackupNotes.Set) is not null).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var backup in images.Select(Of).OrderByDescending(b => b.Created))
        {
            if ((cluster is null || ofCluster.Fits(backup.Cluster)) && (pattern is null || wanted.Fits(backup.Name) || wanted.Fits(backup.Set) || wanted.Fits(backup.Id))) yield return backup;
        }
    }

    /// <inheritdoc/>
    public Task RemoveBackupAsync(Backup backup, FlowOptions options, CancellationToken cancellationToken) => cloud.Image.DeleteAsync(backup.Id, cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterNode> RestoreNodeAsync(string cluster, Backup backup, string? name, NodeTemplate template, FlowOptions options, CancellationToken cancellationToken)
    {
        BackupNotes.NeedUsable(backup);
        var request = new NewNodes(cluster, NodeRole.Server, template with { Image = new Reference(backup.Id) }) { Names = [name ?? backup.Node ?? backup.Name] };
        return (await backend.AddNodesAsync(request, options, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <inheritdoc/>
    public Task<Cluster> RestoreClusterAsync(NewCluster request, IReadOnlyList<Backup> backups, FlowOptions options, CancellationToken cancellationToken)
    {
        if (backups.Count == 0) throw new DbaasException(FaultKind.InvalidInput, ErrorIds.InvalidRequest, "There is no backup to restore.", "Give the backups of one set.");
        foreach (var backup in backups) BackupNotes.NeedUsable(backup);
        return backend.CreateFromImagesAsync(request with { ServerCount = backups.Count }, backups, options, cancellationToken);
    }

    private async Task<IAsyncDisposable> HoldAsync(FlowRun run, RingMembers ring)
    {
        try
        {
            return await rings.HoldMergesAsync(ring, run.Options, run.Token).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            run.Options.Observer.Warning($"Merges could not be held off while the images are taken ({e.Message}); a merge meanwhile would make them differ.");
            return new Nothing();
        }
    }

    private async Task<IReadOnlyList<Backup>> WaitAsync(FlowRun run, string[] ids)
    {
        var poll = new Poll(time, run.Options.Timeout);
        while (true)
        {
            var images = await Together.ForEachAsync(ids, id => cloud.Image.GetAsync(id, run.Token)).ConfigureAwait(false);
            if (images.FirstOrDefault(i => i.Status is "killed" or "deleted" or "pending_delete") is { } failed)
                throw new DbaasException(FaultKind.ServiceFailure, ErrorIds.BackupUnusable, $"The image '{failed.Name}' ({failed.Id}) could not be made: it is {failed.Status}.", "Ask the cloud's administrator.") { Service = "glance", Target = failed.Name };
            run.Report($"{images.Count(i => i.Status == "active")} of {ids.Length} images ready");
            if (images.All(i => i.Status == "active")) return [.. images.Select(Of)];
            if (!await poll.NextAsync(run.Token).ConfigureAwait(false))
                throw FlowRun.Keeping(new DbaasException(FaultKind.Timeout, ErrorIds.TaskStuck, $"After {poll.Elapsed.TotalSeconds:0} s not all images are ready: {string.Join(", ", images.Where(i => i.Status != "active").Select(i => $"{i.Name} {i.Status}"))}.",
                    "Wait longer; Get-K2hdkcBackup shows them.")
                { Service = "glance" });
        }
    }

    private static Backup Of(OpenStack.Image image) => new()
    {
        Id = image.Id,
        Name = image.Name ?? image.Id,
        Backend = BackendKind.OpenStack,
        Set = image.Property(BackupNotes.Set),
        Cluster = image.Property(BackupNotes.Cluster),
        Node = image.Property(BackupNotes.Node),
        NodeId = image.Property(BackupNotes.NodeId),
        Seed = image.Property(BackupNotes.Seed),
        Status = image.Status,
        Usable = image.Status == "active",
        Size = image.Size,
        Created = image.CreatedAt,
        Description = image.Property(BackupNotes.Note),
        Ports = BackupNotes.ReadPorts(image.Property(BackupNotes.Ring)),
    };

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
