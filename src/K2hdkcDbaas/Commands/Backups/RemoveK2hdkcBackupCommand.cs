using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Backups;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes backups: those named, or with a retention rule those that it drops.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcBackup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByBackup)]
[OutputType(typeof(Backup))]
public sealed class RemoveK2hdkcBackupCommand : FlowCmdlet
{
    private const string ByBackup = "Backup";
    private const string ByCluster = "Cluster";

    private readonly List<Backup> _candidates = [];

    /// <summary>The backups, by name, id or object; a set's name means all of the set, of every cluster that has one of the name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByBackup)]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [Alias("Name", "SetName")]
    [ValidateNotNullOrEmpty]
    [BackupArgument(TakesCluster = true)]
    public BackupReference[] Backup { get; set; } = [];

    /// <summary>The cluster whose backups a retention rule is for; it need not exist any more; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCluster)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [SupportsWildcards]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>
    /// Keeps this many of each cluster's newest whole sets, and whatever is newer than the oldest of them. A set that failed or has not
    /// all server nodes does not count.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? KeepLast { get; set; }

    /// <summary>Removes only sets that are older: seconds, text such as 90s, 1h or 30d, or a TimeSpan. Any age when not given.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>Returns what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private bool HasRule => KeepLast is not null || OlderThan is not null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (ParameterSetName != ByCluster || HasRule) return;
        ThrowTerminatingError(ErrorRecords.From(NeedsRule(), Cluster.Name));
    }

    private static DbaasException NeedsRule() =>
        new(ErrorKind.InvalidInput, ErrorIds.InvalidRequest, "Removing the backups of a cluster needs a rule.",
            "Give -KeepLast, -OlderThan or both.");

    private void Gather(ClusterReference cluster)
    {
        var backups = FeatureOf<IBackupBackend>(cluster);
        if (TryRun(cluster.Name,
            async (_, token) => await backups.GetBackupsAsync(cluster.Name, null, token).ToListAsync(token).ConfigureAwait(false),
            out var all)) _candidates.AddRange(all!);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByCluster)
        {
            Gather(Cluster);
            return;
        }

        foreach (var reference in Backup)
        {
            if (reference.Of is { } cluster)
            {
                if (HasRule) Gather(cluster);
                else Fail(NeedsRule(), cluster.Name);
                continue;
            }

            var backups = OrEnd(() => Connection.Feature<IBackupBackend>(reference.Backend ?? BackendNameOf(null)));
            if (!TryRun(reference.Name, (_, token) => BackupFinder.FindAsync(backups, reference, token), out var found)) continue;
            // A rule compares backups, so it waits for the last of them.
            if (HasRule) _candidates.AddRange(found!);
            else Remove(found!);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Remove(RetentionRule.ToDrop(_candidates.DistinctBy(b => b.Id), new BackupRetention { KeepLast = KeepLast, OlderThan = OlderThan },
            TimeProvider.System.GetUtcNow()));

    private void Remove(IReadOnlyList<Backup> backups)
    {
        foreach (var backup in backups)
        {
            if (!ShouldProcess(backup.Name, $"Remove backup of {backup.Node ?? backup.NodeId} taken {backup.Created:u}")) continue;
            var backend = OrEnd(() => Connection.Feature<IBackupBackend>(backup.Backend));
            if (Run(backup.Name, (output, token) => backend.RemoveBackupAsync(backup, Flow(output), token)) && PassThru)
                WriteObject(backup);
        }
    }
}
