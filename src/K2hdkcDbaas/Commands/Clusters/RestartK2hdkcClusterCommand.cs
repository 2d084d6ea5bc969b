using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Restarts all members of a cluster that Trove runs.</summary>
[Cmdlet(VerbsLifecycle.Restart, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Cluster))]
public sealed class RestartK2hdkcClusterCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>Returns the cluster as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Cluster.Name, "Restart all members")) return;
        if (!this.Operate(Cluster, Cluster.Name, (service, output, token) => service.RestartAsync(Cluster.Key, null, Flow(output), token))
            || !PassThru) return;
        if (TryRun(Cluster.Name, (_, token) => BackendOf(Cluster).GetClusterAsync(Cluster.Key, token), out var cluster))
            WriteObject(cluster);
    }
}
