using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Backs up single server nodes in full; nodes of one cluster that come through one pipeline make one set.</summary>
[Cmdlet(VerbsData.Backup, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Backup))]
public sealed class BackupK2hdkcNodeCommand : FlowCmdlet
{
    private readonly List<(ClusterReference Cluster, NodeReference Node)> _nodes = [];

    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The nodes, by name, id, tag, address or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>
    /// The set's name, which the cluster must not have one of yet; the cluster's name and the time in UTC when not given.
    /// </summary>
    [Parameter]
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
    protected override void ProcessRecord() =>
        _nodes.AddRange(
            Node.Where(node => ShouldProcess($"{node.Name} of {Cluster.Name}", "Back up server node")).Select(node => (Cluster, node)));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var cluster in _nodes.GroupBy(n => n.Cluster.Key))
        {
            var backups = FeatureOf<IBackupBackend>(cluster.First().Cluster);
            var request = new NewBackup(cluster.Key)
            {
                Set = SetName,
                Description = Description,
                Nodes = [.. cluster.Select(n => n.Node.Key)]
            };
            if (TryRun(cluster.Key, (output, token) => backups.BackupAsync(request, Flow(output, Force), token), out var made))
                WriteObject(made, enumerateCollection: true);
        }
    }
}
