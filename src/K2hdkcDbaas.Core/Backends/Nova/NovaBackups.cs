using System.Globalization;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backends.NovaServers;
using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Glance;

namespace K2hdkcDbaas.Core.Backends.Nova;

/// <summary>
/// Nova images of server nodes, one per node, tied to a set by their properties. Merges are held off until they are there.
/// </summary>
internal sealed class NovaBackups(OpenStackConnection cloud, NovaBackend backend, IRingControl rings, TimeProvider time) : IBackupBackend
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Backup>> BackupAsync(NewBackup request, FlowOptions options, CancellationToken cancellationToken)
    {
        var set = request.Set ?? BackupNotes.DefaultSet(ClusterNames.Normal(request.Cluster), time.GetUtcNow());
        BackupNotes.Check(set);
        return FlowRun.RunAsync($"Backing up {request.Cluster}", options, time, async run =>
        {
            var (cluster, found, settings) = await backend.RingAsync(request.Cluster, run.Token).ConfigureAwait(false);
            var nodes = Present(run,
                cluster.Cluster, request.Nodes.Count == 0
                    ? found
                    : [.. request.Nodes.Select(n => NodeFinder.One(cluster.Cluster, n, found)).Distinct()]);
            var taken = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var group = ClusterNames.SecurityGroup(cluster.Cluster, NodeRole.Server);
            var ring = BackupNotes.Ring(settings, found.Count,
                noSecurityGroup: !nodes.Exists(n => n.Server!.SecurityGroups?.Any(g => g.Name == group) == true));
            var orders = nodes.ConvertAll(n => new Order(n.Server!.Id, $"{set}-{n.Node.Name}", new Dictionary<string, string>
            {
                [BackupNotes.Set] = set,
                [BackupNotes.Cluster] = cluster.Cluster,
                [BackupNotes.Node] = n.Node.Name,
                [BackupNotes.NodeId] = n.Server!.Id,
                [BackupNotes.Time] = taken,
                [BackupNotes.RingProperty] = ring,
                // Also when there is none: a server that boots from a backup hands the backup's own properties on to its images.
                [BackupNotes.Seed] = n.Node.Tag ?? "",
                [BackupNotes.Note] = string.IsNullOrWhiteSpace(request.Description) ? "" : request.Description,
            }));
            foreach (var order in orders) BackupNotes.CheckLength(order.Properties);
            if (await FindAsync(new Dictionary<string, string> { [BackupNotes.Set] = set, [BackupNotes.Cluster] = cluster.Cluster },
                run.Token).ConfigureAwait(false) is { Count: > 0 }) throw BackupNotes.Exists(set, cluster.Cluster);

            var hold = await HoldAsync(run, cluster).ConfigureAwait(false);
            await using var _ = hold.ConfigureAwait(false);
            var made = await Together.ForEachAsync(orders,
                order => run.MakeAsync(new FlowItem("image", order.Name),
                    ct => cloud.Compute.Servers.CreateImageAsync(order.ServerId, order.Name, order.Properties, ct),
                    id => new FlowItem("image", order.Name, id), (id, ct) => UndoAsync(id, order, ct))).ConfigureAwait(false);
            // The disk's state is that of the moment in which Nova takes it: merges that are held are let go only when the images are
            // there, asked to wait or not.
            if (hold is Nothing && !run.Options.Wait)
                return [.. (await Together.ForEachAsync(made, id => cloud.Image.GetAsync(id, run.Token)).ConfigureAwait(false)).Select(Of)];
            return await WaitAsync(run, made, hold).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Backup> GetBackupsAsync(string? cluster, string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (ofCluster, wanted) = (new NamePattern(cluster), new NamePattern(pattern));
        var images = await FindAsync(cluster is not null && ofCluster.IsExact
            ? new Dictionary<string, string> { [BackupNotes.Cluster] = ClusterNames.Normal(cluster) }
            : [], cancellationToken).ConfigureAwait(false);
        foreach (var backup in images.Select(Of).OrderByDescending(b => b.Created))
        {
            if ((cluster is null || ofCluster.Fits(backup.Cluster))
                && (pattern is null || wanted.Fits(backup.Name) || wanted.Fits(backup.SetName) || wanted.Fits(backup.Id)))
                yield return backup;
        }
    }

    /// <inheritdoc/>
    public Task RemoveBackupAsync(Backup backup, FlowOptions options, CancellationToken cancellationToken) =>
        cloud.Image.DeleteAsync(backup.Id, cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterNode> RestoreNodeAsync(string cluster, Backup backup, string? name, NodeTemplate template, FlowOptions options,
        CancellationToken cancellationToken)
    {
        BackupNotes.NeedUsable(backup);
        var request = new NewNodes(cluster, NodeRole.Server,
            template with { Image = new Reference(backup.Id) })
        { Names = [name ?? backup.Node ?? backup.Name] };
        return (await backend.AddNodesAsync(request, options, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <inheritdoc/>
    public Task<Cluster> RestoreClusterAsync(NewCluster request, IReadOnlyList<Backup> backups, FlowOptions options,
        CancellationToken cancellationToken)
    {
        backups = BackupSets.Restorable(backups, options.Force);
        return backend.CreateFromImagesAsync(request with { ServerCount = backups.Count }, backups, options, cancellationToken);
    }

    // The nodes that have a server; without the others the set is not whole.
    private static List<FoundNode> Present(FlowRun run, string cluster, IReadOnlyList<FoundNode> nodes)
    {
        var present = nodes.Where(n => n.Server is not null).ToList();
        if (present.Count == nodes.Count && nodes.Count > 0) return present;
        var gone = string.Join(", ", nodes.Where(n => n.Server is null).Select(n => n.Node.Name));
        if (present.Count == 0 || !run.Options.Force)
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
                $"Cluster '{cluster}' has no running server node to back "
                    + $"up{(nodes.Count == 0 ? "" : $" for {gone}, whose server is gone")}.",
                nodes.Count == 0
                    ? "Look at it with Get-K2hdkcNode."
                    : "Take it out of the cluster with Remove-K2hdkcNode, or back up the others with -Force; the set is not whole then.")
            { Target = cluster };
        run.Options.Observer.Warning($"The servers of {gone} are gone: the set is not whole.");
        return present;
    }

    private async Task<IMergeHold> HoldAsync(FlowRun run, RingMembers ring)
    {
        try
        {
            return await rings.HoldMergesAsync(ring, run.Options, run.Token).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            if (!run.Options.Force)
                throw new DbaasException(ErrorKind.Conflict, ErrorIds.DataAtRisk,
                    $"Cluster '{ring.Cluster}' was not backed up: merges cannot be held off while the images are taken, and one meanwhile "
                        + $"would make them differ. {e.Message}",
                    "Run this where the nodes' control ports can be reached, in a ring at rest; -Force takes the images all the same.", e)
                { Target = ring.Cluster };
            run.Options.Observer.Warning(
                $"Merges could not be held off while the images are taken ({e.Message}); a merge meanwhile would make them differ.");
            return new Nothing();
        }
    }

    // Our images with these properties. A server that boots from a backup hands the backup's properties on to images of other tools: those
    // are not ours.
    private async Task<List<OpenStack.Glance.Image>> FindAsync(Dictionary<string, string> properties, CancellationToken cancellationToken)
    {
        var owner = (await cloud.AuthenticateAsync(cancellationToken).ConfigureAwait(false)).ProjectId;
        return await cloud.Image.ListAsync(new ImageFilter { Owner = owner, Properties = properties }, cancellationToken)
            .Where(i => i.Property(BackupNotes.Set) is not null
                && (i.Property("instance_uuid") ?? i.Property(BackupNotes.NodeId)) == i.Property(BackupNotes.NodeId))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task UndoAsync(string? id, Order order, CancellationToken cancellationToken)
    {
        // The answer may have been lost, and the image be there.
        var known = order.Properties.Where(p => p.Key is BackupNotes.Set or BackupNotes.NodeId or BackupNotes.Time).ToDictionary();
        var made = id is not null ? [id] : (await FindAsync(known, cancellationToken).ConfigureAwait(false)).ConvertAll(i => i.Id);
        foreach (var image in made) await cloud.Image.DeleteAsync(image, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<Backup>> WaitAsync(FlowRun run, string[] ids, IMergeHold hold)
    {
        var poll = new Poll(time, run.Options.Timeout);
        while (true)
        {
            var images = await Together.ForEachAsync(ids, id => cloud.Image.GetAsync(id, run.Token)).ConfigureAwait(false);
            if (images.FirstOrDefault(i => i.Status is "killed" or "deleted" or "pending_delete") is { } failed)
                throw new DbaasException(ErrorKind.ServiceFailure, ErrorIds.BackupUnusable,
                    $"The image '{failed.Name}' ({failed.Id}) could not be made: it is {failed.Status}.",
                    "Ask the cloud's administrator.")
                { Service = "glance", Target = failed.Name };
            run.Report($"{images.Count(i => i.Status == "active")} of {ids.Length} images ready");
            if (images.All(i => i.Status == "active")) return [.. images.Select(Of)];
            if (!await poll.NextAsync(run.Token).ConfigureAwait(false))
                throw FlowRun.Keeping(
                    new DbaasException(ErrorKind.Timeout, ErrorIds.TaskStuck,
                        $"After {poll.Elapsed.TotalSeconds:0} s not all images are ready: "
                            + $"{string.Join(", ", images.Where(i => i.Status != "active").Select(i => $"{i.Name} {i.Status}"))}.",
                        "Wait longer; Get-K2hdkcBackup shows them.")
                    { Service = "glance" });
            await hold.RenewAsync(run.Token).ConfigureAwait(false);
        }
    }

    private static Backup Of(OpenStack.Glance.Image image) => BackupNotes.WithRing(new Backup
    {
        Id = image.Id,
        Name = image.Name ?? image.Id,
        Backend = NovaProvider.EngineName,
        SetName = image.Property(BackupNotes.Set),
        Cluster = image.Property(BackupNotes.Cluster),
        Node = image.Property(BackupNotes.Node),
        NodeId = image.Property(BackupNotes.NodeId),
        Seed = Some(image.Property(BackupNotes.Seed)),
        Status = image.Status,
        Usable = image.Status == "active",
        Size = image.Size,
        Created = image.CreatedAt,
        Description = Some(image.Property(BackupNotes.Note)),
    }, image.Property(BackupNotes.RingProperty));

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private sealed record Order(string ServerId, string Name, IReadOnlyDictionary<string, string> Properties);

    private sealed class Nothing : IMergeHold
    {
        public Task<bool> RenewAsync(CancellationToken cancellationToken) => Task.FromResult(false);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
