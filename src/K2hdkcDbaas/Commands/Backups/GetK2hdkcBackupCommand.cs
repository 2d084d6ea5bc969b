using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets backups of server nodes, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcBackup")]
[OutputType(typeof(Backup))]
public sealed class GetK2hdkcBackupCommand : BackendCmdlet
{
    /// <summary>Names or ids of backups, or names of sets; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [BackupArgument(TakesCluster = true)]
    [Alias("Backup", "SetName")]
    public BackupReference[] Name { get; set; } = [new("*")];

    /// <summary>Only backups of this cluster, which need not exist any more; wildcards are allowed.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [SupportsWildcards]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference? Cluster { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Name)
        {
            var cluster = reference.Of ?? Cluster;
            var backups = OrEnd(() => Connection.Feature<IBackupBackend>(reference.Backend ?? BackendNameOf(cluster)));
            Run(reference.Name, async (output, token) =>
            {
                var any = false;
                await foreach (var backup in backups.GetBackupsAsync(cluster?.Name, reference.Key == "*" ? null : reference.Key,
                    token).ConfigureAwait(false))
                {
                    any = true;
                    await output.WriteAsync(backup, token).ConfigureAwait(false);
                }

                if (!any && !WildcardPattern.ContainsWildcardCharacters(reference.Key)) throw BackupFinder.NotFound(reference.Name);
            });
        }
    }
}
