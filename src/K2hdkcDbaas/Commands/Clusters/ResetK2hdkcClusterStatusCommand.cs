using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Frees a Trove cluster, or one member, from a task that will never end. For administrators; data and nodes are not touched.
/// </summary>
[Cmdlet(VerbsCommon.Reset, "K2hdkcClusterStatus", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Cluster))]
public sealed class ResetK2hdkcClusterStatusCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The member, by name, id, address or object; the cluster as a whole when not given.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [ValidateNotNull]
    [NodeArgument]
    public NodeReference? Node { get; set; }

    /// <summary>Returns the cluster as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var target = Node is null ? Cluster.Name : $"{Node.Name} of {Cluster.Name}";
        if (!ShouldProcess(target, "Reset the status that Trove keeps")) return;
        if (!this.Operate(Cluster, target, (service, _, token) => service.ResetStatusAsync(Cluster.Key, Node?.Key, token)) || !PassThru)
            return;
        if (TryRun(Cluster.Name, (_, token) => BackendOf(Cluster).GetClusterAsync(Cluster.Key, token), out var cluster))
            WriteObject(cluster);
    }
}
