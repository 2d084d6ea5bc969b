using System.Runtime.CompilerServices;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.OpenStack;

namespace K2hdkcDbaas.Core;

/// <summary>Trove's full backups of instances, one per node, tied to a set by their descriptions.</summary>
internal sealed class TroveBackups(OpenStackConnection cloud, TroveBackend backend, ConfigurationGroups groups, TimeProvider time) : IBackupBackend
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Backup>> BackupAsync(NewBackup request, FlowOptions options, CancellationToken cancellationToken)
    {
        var set = request.Set ?? BackupNotes.DefaultSet(request.Cluster, time.GetUtcNow());
        BackupNotes.Check(set);
        return FlowRun.RunAsync($"Backing up {request.Cluster}", options, time, async run =>
        {
            var cluster = await backend.FindAsync(request.Cluster, run.Token).ConfigureAwait(false);
            if (cluster.Bulk is not null)
                throw new DbaasException(FaultKind.NotSupported, ErrorIds.BackendNotSupported, $"Trove backs up no members of its own clusters, and '{cluster.Name}' is one.",
                    "Build clusters that are to be backed up with New-K2hdkcCluster -Backend Trove -NodeByNode.")
                { Service = "trove", Target = cluster.Name };
            var nodes = request.Nodes.Count == 0 ? cluster.Instances : [.. request.Nodes.Select(n => cluster.Member(n))];
            var made = await Together.ForEachAsync(nodes, node => run.MakeAsync(new FlowItem("backup", $"{set}-{node.Name}"),
                ct => cloud.Database.Backups.CreateAsync(node.Id, $"{set}-{node.Name}", BackupNotes.Describe(set, cluster.Name, node.Name, request.Description), ct),
                b => new FlowItem("backup", b.Name, b.Id),
                async (b, ct) =>
                {
                    if (b is not null) await cloud.Database.Backups.DeleteAsync(b.Id, ct).ConfigureAwait(false);
                })).ConfigureAwait(false);
            return run.Options.Wait ? await WaitAsync(run, made).ConfigureAwait(false) : (IReadOnlyList<Backup>)[.. made.Select(Of)];
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Backup> GetBackupsAsync(string? cluster, string? pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (ofCluster, wanted) = (new NamePattern(cluster), new NamePattern(pattern));
        var all = await cloud.Database.Backups.ListAsync(cancellationToken).Where(b => b.Datastore?.Type is null or ConfigurationGroups.Datastore).Select(Of).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var backup in all.OrderByDescending(b => b.Created))
        {
            if ((cluster is null || ofCluster.Fits(backup.Cluster)) && (pattern is null || wanted.Fits(backup.Name) || wanted.Fits(backup.Set) || wanted.Fits(backup.Id))) yield return backup;
        }
    }

    /// <inheritdoc/>
    public async Task RemoveBackupAsync(Backup backup, FlowOptions options, CancellationToken cancellationToken)
    {
        await cloud.Database.Backups.DeleteAsync(backup.Id, cancellationToken).ConfigureAwait(false);
        if (options.Wait) await new TroveWaiter(cloud, time).GoneAsync($"backup {backup.Name}", ct => cloud.Database.Backups.GetAsync(backup.Id, ct), options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<ClusterNode> RestoreNodeAsync(string cluster, Backup backup, string? name, NodeTemplate template, FlowOptions options, CancellationToken cancellationToken)
    {
        BackupNotes.NeedUsable(backup);
        return FlowRun.RunAsync($"Restoring {backup.Name} into {cluster}", options, time, async run =>
        {
            var found = await backend.FindAsync(cluster, run.Token).ConfigureAwait(false);
            var group = found.GroupId ?? throw new DbaasException(FaultKind.Conflict, ErrorIds.ClusterIncomplete, $"Cluster '{found.Name}' has no configuration group, so a node cannot join it.",
                "Attach one first with Set-K2hdkcCluster.")
            { Target = found.Name };
            var member = await backend.MemberAsync(template, found.Instances.Count > 0 ? found.Instances[0] : null, run.Token).ConfigureAwait(false);
            var made = await backend.InstanceAsync(run, group, name ?? backup.Node ?? backup.Name, member, backup.Id).ConfigureAwait(false);
            return (await backend.SettleAsync(run, found.Name, [made]).ConfigureAwait(false))[0];
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Cluster> RestoreClusterAsync(NewCluster request, IReadOnlyList<Backup> backups, FlowOptions options, CancellationToken cancellationToken)
    {
        ClusterNames.CheckNew(request.Name);
        if (backups.Count == 0) throw new DbaasException(FaultKind.InvalidInput, ErrorIds.InvalidRequest, "There is no backup to restore.", "Give the backups of one set.");
        foreach (var backup in backups) BackupNotes.NeedUsable(backup);
        return FlowRun.RunAsync($"Restoring cluster {request.Name}", options, time, async run =>
        {
            if (await backend.GetClustersAsync(request.Name, run.Token).AnyAsync(c => c.Name == request.Name, run.Token).ConfigureAwait(false))
                throw new DbaasException(FaultKind.AlreadyExists, ErrorIds.ClusterExists, $"Trove cluster '{request.Name}' exists already; nothing was changed.", "Choose another name, or remove it first.") { Target = request.Name };
            var member = await backend.MemberAsync(request.Nodes ?? new NodeTemplate(), null, run.Token).ConfigureAwait(false);
            var group = request.ConfigurationGroup is { } given ? await groups.FindAsync(given.Text, run.Token).ConfigureAwait(false) : await backend.MakeGroupAsync(run, request).ConfigureAwait(false);
            var made = await Together.ForEachAsync(backups, b => backend.InstanceAsync(run, group.Id, b.Node ?? b.Name, member, b.Id)).ConfigureAwait(false);
            var nodes = await backend.SettleAsync(run, request.Name, made).ConfigureAwait(false);
            return new Cluster { Name = request.Name, Backend = BackendKind.Trove, Status = ClusterStatus.Complete, ConfigurationGroupId = group.Id, Ports = request.Ports, Nodes = nodes };
        }, cancellationToken);
    }

    private async Task<IReadOnlyList<Backup>> WaitAsync(FlowRun run, DatabaseBackup[] made)
    {
        var poll = new Poll(time, run.Options.Timeout);
        while (true)
        {
            var ids = made.Select(b => b.Id).ToHashSet();
            var now = await cloud.Database.Backups.ListAsync(run.Token).Where(b => ids.Contains(b.Id)).ToListAsync(run.Token).ConfigureAwait(false);
            if (now.FirstOrDefault(b => b.Status is "FAILED" or "RESTORE_FAILED") is { } failed)
                throw new DbaasException(FaultKind.ServiceFailure, ErrorIds.BackupUnusable, $"Trove could not make backup '{failed.Name}' ({failed.Id}).", "Ask the cloud's administrator; the object store may be full or missing.") { Service = "trove", Target = failed.Name };
            run.Report($"{now.Count(b => b.IsComplete)} of {made.Length} backups complete");
            if (now.Count == made.Length && now.All(b => b.IsComplete)) return [.. now.Select(Of)];
            if (!await poll.NextAsync(run.Token).ConfigureAwait(false))
                throw FlowRun.Keeping(new DbaasException(FaultKind.Timeout, ErrorIds.TaskStuck, $"After {poll.Elapsed.TotalSeconds:0} s not all backups are complete: {string.Join(", ", now.Where(b => !b.IsComplete).Select(b => $"{b.Name} {b.Status}"))}.",
                    "Wait longer; Get-K2hdkcBackup shows them.")
                { Service = "trove" });
        }
    }

    private static Backup Of(DatabaseBackup backup)
    {
        var notes = BackupNotes.Read(backup.Description);
        return new Backup
        {
            Id = backup.Id,
            Name = backup.Name,
            Backend = BackendKind.Trove,
            Set = notes?.Set,
            Cluster = notes?.Cluster,
            Node = notes?.Node,
            NodeId = backup.InstanceId,
            Status = backup.Status,
            Usable = backup.IsComplete,
            Size = backup.Size is { } size ? (long)(size * 1024 * 1024 * 1024) : null,
            Created = backup.Created,
            Description = notes is null ? backup.Description : notes.Value.Note,
        };
    }
}
