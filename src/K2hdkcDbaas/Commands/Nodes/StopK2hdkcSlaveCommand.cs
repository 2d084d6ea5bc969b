using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Stops slave nodes for good: deletes their servers and takes them out of their role.</summary>
[Cmdlet(VerbsLifecycle.Stop, "K2hdkcSlave", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(FlowItem))]
public sealed class StopK2hdkcSlaveCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The slaves, by name, id, cuk, tag, address or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SlaveCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [NodeArgument(Role = NodeRole.Slave)]
    public NodeReference[] Slave { get; set; } = [];

    /// <summary>Returns what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private NodeRemoval Removal => field ??= new NodeRemoval(this, NodeRole.Slave) { PassThru = PassThru };

    /// <inheritdoc/>
    protected override void ProcessRecord() => Removal.Remove(Cluster, Slave, "Delete slave node");

    /// <inheritdoc/>
    protected override void EndProcessing() => Removal.End();
}
