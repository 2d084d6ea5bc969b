using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets backups of server nodes, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcBackup")]
[OutputType(typeof(Backup))]
public sealed class GetK2hdkcBackupCommand : BackendCmdlet
{
    /// <summary>Names or ids of backups, or names of sets; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(BackupCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only backups of this cluster, which need not exist any more; wildcards are allowed.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [SupportsWildcards]
    [ValidateNotNull]
    public ClusterReference? Cluster { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var backups = BackendOf(Cluster).Backups;
        foreach (var pattern in Name)
        {
            Run(pattern, async (output, token) =>
            {
                var any = false;
                await foreach (var backup in backups.GetBackupsAsync(Cluster?.Name, pattern == "*" ? null : pattern, token).ConfigureAwait(false))
                {
                    any = true;
                    await output.WriteAsync(backup, token).ConfigureAwait(false);
                }

                if (!any && !WildcardPattern.ContainsWildcardCharacters(pattern)) throw BackupFinder.NotFound(pattern);
            });
        }
    }
}
