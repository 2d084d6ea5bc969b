using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Makes a server node of an existing cluster from the backup of one.</summary>
[Cmdlet(VerbsData.Restore, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class RestoreK2hdkcNodeCommand : FlowCmdlet, IDynamicParameters
{
    /// <summary>The cluster that the node joins, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The backup, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [ValidateNotNull]
    [BackupArgument]
    public BackupReference Backup { get; set; } = null!;

    /// <summary>The new node's name; that of the node that was backed up when not given.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Leaves what a failing flow has made instead of undoing it.</summary>
    [Parameter]
    public SwitchParameter KeepPartial { get; set; }

    /// <summary>
    /// Lets the node join the plain way, without putting its keys in order and copying others to it first. Keys are hidden by that until
    /// Sync-K2hdkcRing has run.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private NodeTemplateParameters Made => field ??= new NodeTemplateParameters(this, ParameterUses.RestoreNode);

    /// <inheritdoc/>
    public object GetDynamicParameters() => Made.Define();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Cluster.Name, $"Add server node from backup {Backup.Name}")) return;
        var engine = Backup.Backend ?? BackendNameOf(Cluster);
        var backups = OrEnd(() => Connection.Feature<IBackupBackend>(engine));
        var ring = OrEnd(() => Connection.GetBackend(engine));
        Made.WarnOfUnused(engine);
        var (template, name) = (Made.Template(engine), Name);
        if (TryRun(
            Backup.Name,
            async (output, token) =>
            {
                var backup = await BackupFinder.OneAsync(backups, Backup, token).ConfigureAwait(false);
                return await RingGrowth.RestoreAsync(
                    Connection, ring, Cluster.Key, (how, ct) => backups.RestoreNodeAsync(Cluster.Key, backup, name, template, how, ct),
                    Flow(output, Force, KeepPartial), token).ConfigureAwait(false);
            },
            out var node))
        {
            WriteObject(node);
        }
    }
}
