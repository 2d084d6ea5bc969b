using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Restarts single members of a cluster that Trove runs.</summary>
[Cmdlet(VerbsLifecycle.Restart, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class RestartK2hdkcNodeCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The nodes, by name, id, address or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>Puts out the name of each node that it was done with.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => this.OperateOnMembers(
        Cluster, Node, "Restart member", PassThru,
        (service, node, options, token) => service.RestartAsync(Cluster.Key, node, options, token));
}
