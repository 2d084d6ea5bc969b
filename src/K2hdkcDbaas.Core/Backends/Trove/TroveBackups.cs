using System.Globalization;
using System.Runtime.CompilerServices;
using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack;
using K2hdkcDbaas.OpenStack.Trove;

namespace K2hdkcDbaas.Core.Backends.Trove;

/// <summary>Trove's full backups of instances, one per node, tied to a set by their descriptions.</summary>
internal sealed class TroveBackups(OpenStackConnection cloud, TroveBackend backend, ConfigurationGroups groups, TimeProvider time)
    : IBackupBackend
{
    private const long GiB = 1L << 30;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Backup>> BackupAsync(NewBackup request, FlowOptions options, CancellationToken cancellationToken)
    {
        var set = request.Set ?? BackupNotes.DefaultSet(request.Cluster, time.GetUtcNow());
        BackupNotes.Check(set);
        return FlowRun.RunAsync($"Backing up {request.Cluster}", options, time, async run =>
        {
            var cluster = await backend.FindAsync(request.Cluster, run.Token).ConfigureAwait(false);
            if (cluster.Bulk is not null)
                throw new DbaasException(ErrorKind.NotSupported, ErrorIds.BackendNotSupported,
                    $"Trove cannot back up members of its own clusters, and '{cluster.Name}' is one.",
                    "Build clusters that are to be backed up with New-K2hdkcCluster -Backend Trove -NodeByNode.")
                { Service = "trove", Target = cluster.Name };
            var nodes = request.Nodes.Count == 0
                ? cluster.Instances
                : [.. request.Nodes.Select(n => cluster.Member(n)).DistinctBy(n => n.Id)];
            if (nodes.FirstOrDefault(n => !n.IsReady) is { } busy)
                throw new DbaasException(ErrorKind.Conflict, ServiceErrorIds.Conflict,
                    $"Node '{busy.Name}' is {busy.Status} and cannot be backed up; nothing was changed.",
                    "Wait until it is ACTIVE; one that is RESTART_REQUIRED wants Restart-K2hdkcNode.")
                { Service = "trove", Target = busy.Name };
            var left = new HashSet<string>();
            var orders = nodes.Select(
                n => (Node: n, Name: $"{set}-{n.Name}", Notes: Notes(set, cluster, n, request.Description).Write(left))).ToList();
            if (await ListAsync(run.Token).AnyAsync(b => b.SetName == set && b.Cluster == cluster.Name, run.Token).ConfigureAwait(false))
                throw BackupNotes.Exists(set, cluster.Name);
            if (left.Count > 0)
                run.Options.Observer.Warning(
                    $"The backups' descriptions have no room for {string.Join(", ", left)} of configuration group {cluster.GroupId}: keep "
                        + $"the group, or export it with Export-K2hdkcConfigurationGroup.");
            var made = await Together.ForEachAsync(orders, order => run.MakeAsync(new FlowItem("backup", order.Name),
                ct => cloud.Database.Backups.CreateAsync(order.Node.Id, order.Name, order.Notes, ct),
                b => new FlowItem("backup", b.Name, b.Id),
                (b, ct) => UndoAsync(b?.Id, set, order.Node.Id, ct))).ConfigureAwait(false);
            return run.Options.Wait ? await WaitAsync(run, made).ConfigureAwait(false) : (IReadOnlyList<Backup>)[.. made.Select(Of)];
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Backup> GetBackupsAsync(string? cluster, string? pattern,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (ofCluster, wanted) = (new NamePattern(cluster), new NamePattern(pattern));
        var all = await ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var backup in all.OrderByDescending(b => b.Created))
        {
            if ((cluster is null || ofCluster.Fits(backup.Cluster))
                && (pattern is null || wanted.Fits(backup.Name) || wanted.Fits(backup.SetName) || wanted.Fits(backup.Id)))
                yield return backup;
        }
    }

    /// <inheritdoc/>
    public async Task RemoveBackupAsync(Backup backup, FlowOptions options, CancellationToken cancellationToken)
    {
        await cloud.Database.Backups.DeleteAsync(backup.Id, cancellationToken).ConfigureAwait(false);
        if (options.Wait)
            await new TroveWaiter(cloud, time)
                .GoneAsync($"backup {backup.Name}", ct => cloud.Database.Backups.GetAsync(backup.Id, ct), options,
                    cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<ClusterNode> RestoreNodeAsync(string cluster, Backup backup, string? name, NodeTemplate template, FlowOptions options,
        CancellationToken cancellationToken)
    {
        BackupNotes.NeedUsable(backup);
        return FlowRun.RunAsync($"Restoring {backup.Name} into {cluster}", options, time, async run =>
        {
            var found = await backend.FindAsync(cluster, run.Token).ConfigureAwait(false);
            var group = found.GroupId
                ?? throw new DbaasException(ErrorKind.Conflict, ErrorIds.ClusterIncomplete,
                    $"Cluster '{found.Name}' has no configuration group, so a node cannot join it.",
                "Attach one first with Set-K2hdkcCluster.")
                { Target = found.Name };
            var like = found.Instances.Count > 0 ? found.Instances[0] : null;
            var member = await backend.MemberAsync(template with { VolumeSize = VolumeSize(template, [backup], (int?)like?.Volume?.Size) },
                like, run.Token).ConfigureAwait(false);
            var made = await backend.InstanceAsync(run, group, name ?? backup.Node ?? backup.Name, member, backup.Id).ConfigureAwait(false);
            return (await backend.SettleAsync(run, found.Name, [made]).ConfigureAwait(false))[0];
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Cluster> RestoreClusterAsync(NewCluster request, IReadOnlyList<Backup> backups, FlowOptions options,
        CancellationToken cancellationToken)
    {
        ClusterNames.CheckNew(request.Name);
        backups = BackupSets.Restorable(backups, options.Force);
        var template = request.Nodes ?? new NodeTemplate();
        template = template with { VolumeSize = VolumeSize(template, backups, null) };
        request = request with { DatastoreVersion = request.DatastoreVersion ?? backups[0].DatastoreVersion };
        return FlowRun.RunAsync($"Restoring cluster {request.Name}", options, time, async run =>
        {
            if (await backend.GetClustersAsync(request.Name, run.Token)
                .AnyAsync(c => c.Name == request.Name, run.Token).ConfigureAwait(false))
                throw new DbaasException(ErrorKind.AlreadyExists, ErrorIds.ClusterExists,
                    $"Trove cluster '{request.Name}' exists already; nothing was changed.",
                    "Choose another name, or remove it first.")
                { Target = request.Name };
            var member = await backend.MemberAsync(template, null, run.Token).ConfigureAwait(false);
            var group = request.ConfigurationGroup is { } given
                ? await groups.FindAsync(given.Text, run.Token).ConfigureAwait(false)
                : await GroupAsync(run, request, backups[0]).ConfigureAwait(false);
            var made = await Together.ForEachAsync(backups,
                b => backend.InstanceAsync(run, group.Id, b.Node ?? b.Name, member, b.Id)).ConfigureAwait(false);
            var nodes = await backend.SettleAsync(run, request.Name, made).ConfigureAwait(false);
            return new Cluster
            {
                Name = request.Name,
                Backend = TroveProvider.EngineName,
                Project = (await cloud.AuthenticateAsync(run.Token).ConfigureAwait(false)).ProjectName,
                ConfigurationGroupId = group.Id,
                Ports = request.Ports,
                Nodes = nodes
            }.Judged();
        }, cancellationToken);
    }

    // The group that the cluster had, when it is there and still the same; else one like it.
    private async Task<ConfigurationGroup> GroupAsync(FlowRun run, NewCluster request, Backup backup)
    {
        var old = backup.ConfigurationGroupId is { } id
            ? await groups.GetAsync("*", run.Token).FirstOrDefaultAsync(g => g.Id == id, run.Token).ConfigureAwait(false)
            : null;
        if (old is not null && old.Values.GetValueOrDefault(ConfigurationGroups.NameKey) as string == request.Name
            && new TroveCluster(request.Name, null, old, []).Ports == request.Ports) return old;
        var settings = old is null
            ? backup.Settings.ToDictionary(s => s.Key, s => (object?)s.Value)
            : Others(old).ToDictionary(s => s.Key, s => s.Value);
        return await backend.MakeGroupAsync(run, request, settings).ConfigureAwait(false);
    }

    private static TroveNotes Notes(string set, TroveCluster cluster, DatabaseInstance node, string? note) =>
        new(set, cluster.Name, node.Name)
        {
            SetSize = cluster.Instances.Count,
            Group = cluster.GroupId,
            Volume = (int?)node.Volume?.Size,
            Ports = cluster.Ports,
            Settings = cluster.Group is null
                ? new Dictionary<string, string>()
                : Others(cluster.Group).ToDictionary(s => s.Key, s => Convert.ToString(s.Value, CultureInfo.InvariantCulture)!),
            Note = note,
        };

    // What a new group would not have by itself.
    private static IEnumerable<KeyValuePair<string, object?>> Others(ConfigurationGroup group) =>
        group.Values.Where(
            v => v.Value is not null && v.Key is not (ConfigurationGroups.NameKey or ConfigurationGroups.SystemKey or "chmpx-server-port"
                or "chmpx-server-ctlport" or "chmpx-slave-ctlport"));

    // Trove refuses a volume that the backup does not fit in.
    private static int VolumeSize(NodeTemplate template, IReadOnlyList<Backup> backups, int? like)
    {
        var least = Math.Max(1, (int)Math.Ceiling(backups.Max(b => b.Size ?? 0) / (double)GiB));
        if (template.VolumeSize < least)
            throw new DbaasException(ErrorKind.InvalidInput, ErrorIds.InvalidRequest,
                $"A volume of {template.VolumeSize} GiB is too small for the backup.",
                $"Give -VolumeSize {least} or more, or leave it out.")
            { Target = template.VolumeSize };
        return template.VolumeSize ?? Math.Max(least, Math.Max(like ?? 0, backups.Max(b => b.VolumeSize ?? 0)));
    }

    private IAsyncEnumerable<Backup> ListAsync(CancellationToken cancellationToken) =>
        cloud.Database.Backups.ListAsync(cancellationToken).Where(b => b.Datastore?.Type is null or ConfigurationGroups.Datastore)
            .Select(Of);

    private async Task UndoAsync(string? id, string set, string nodeId, CancellationToken cancellationToken)
    {
        // The answer may have been lost, and the backup be there. A running one cannot be deleted.
        id ??= (await ListAsync(cancellationToken)
            .FirstOrDefaultAsync(b => b.SetName == set && b.NodeId == nodeId, cancellationToken).ConfigureAwait(false))?.Id;
        if (id is null) return;
        var poll = new Poll(time, TimeSpan.FromMinutes(2));
        while ((await cloud.Database.Backups.GetAsync(id, cancellationToken).ConfigureAwait(false)).Status is "NEW" or "BUILDING"
            or "SAVING" && await poll.NextAsync(cancellationToken).ConfigureAwait(false))
        {
            // It ends, well or not.
        }
        await cloud.Database.Backups.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<Backup>> WaitAsync(FlowRun run, DatabaseBackup[] made)
    {
        var poll = new Poll(time, run.Options.Timeout);
        while (true)
        {
            var ids = made.Select(b => b.Id).ToHashSet();
            var now = await cloud.Database.Backups.ListAsync(run.Token).Where(b => ids.Contains(b.Id))
                .ToListAsync(run.Token).ConfigureAwait(false);
            if (now.FirstOrDefault(b => b.Status is "FAILED" or "RESTORE_FAILED") is { } failed)
                throw new DbaasException(ErrorKind.ServiceFailure, ErrorIds.BackupUnusable,
                    $"Trove could not make backup '{failed.Name}' ({failed.Id}).",
                    "Ask the cloud's administrator; the object store may be full or missing.")
                { Service = "trove", Target = failed.Name };
            run.Report($"{now.Count(b => b.IsComplete)} of {made.Length} backups complete");
            if (now.Count == made.Length && now.All(b => b.IsComplete)) return [.. now.Select(Of)];
            if (!await poll.NextAsync(run.Token).ConfigureAwait(false))
                throw FlowRun.Keeping(
                    new DbaasException(ErrorKind.Timeout, ErrorIds.TaskStuck,
                        $"After {poll.Elapsed.TotalSeconds:0} s not all backups are complete: "
                            + $"{string.Join(", ", now.Where(b => !b.IsComplete).Select(b => $"{b.Name} {b.Status}"))}.",
                        "Wait longer; Get-K2hdkcBackup shows them.")
                    { Service = "trove" });
        }
    }

    private static Backup Of(DatabaseBackup backup)
    {
        var notes = TroveNotes.Read(backup.Description);
        return new Backup
        {
            Id = backup.Id,
            Name = backup.Name,
            Backend = TroveProvider.EngineName,
            SetName = notes?.Set,
            Cluster = notes?.Cluster,
            Node = notes?.Node,
            NodeId = backup.InstanceId,
            Status = backup.Status,
            Usable = backup.IsComplete,
            Size = backup.Size is { } size ? (long)(size * GiB) : null,
            Created = backup.Created,
            Description = notes is null ? backup.Description : notes.Note,
            SetSize = notes?.SetSize,
            Ports = notes?.Ports,
            ConfigurationGroupId = notes?.Group,
            Settings = notes?.Settings ?? new Dictionary<string, string>(),
            VolumeSize = notes?.Volume,
            DatastoreVersion = backup.Datastore?.Version,
        };
    }
}
