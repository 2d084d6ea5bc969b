using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Backs up every server node of a cluster, in full, as one named set.</summary>
[Cmdlet(VerbsData.Backup, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Backup))]
public sealed class BackupK2hdkcClusterCommand : FlowCmdlet
{
    /// <summary>The clusters, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNullOrEmpty]
    [ClusterArgument]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <summary>
    /// The set's name, which the cluster must not have one of yet; the cluster's name and the time in UTC when not given.
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? SetName { get; set; }

    /// <summary>A note to keep with the backups.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    /// <summary>
    /// Takes the backup though merges cannot be held off meanwhile or a node's server is gone; a set without all nodes is not whole
    /// (OpenStack type).
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var cluster in Cluster)
        {
            if (!ShouldProcess(cluster.Name, "Back up all server nodes")) continue;
            var backups = FeatureOf<IBackupBackend>(cluster);
            var request = new NewBackup(cluster.Key) { Set = SetName, Description = Description };
            if (TryRun(cluster.Name, (output, token) => backups.BackupAsync(request, Flow(output, Force), token), out var made))
                WriteObject(made, enumerateCollection: true);
        }
    }
}
