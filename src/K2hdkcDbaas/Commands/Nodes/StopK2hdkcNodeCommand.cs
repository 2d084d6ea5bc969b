using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Stops the machines of nodes; they keep their disks and their entries in the role.</summary>
[Cmdlet(VerbsLifecycle.Stop, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class StopK2hdkcNodeCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The server or slave nodes, by name, id, cuk, tag or address, or by object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument(TakesBoth = true)]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>Returns the name of each node that it was done with.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => this.OperateOnMachines(
        Cluster, Node, "Stop machine", PassThru,
        (node, output, token) => this.MachinesOf(Cluster).StopAsync(Cluster.Key, node, Flow(output), token));
}
