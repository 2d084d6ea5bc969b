using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Adds server nodes to a cluster, one after the other, each after keys were copied to where the larger ring looks for them.
/// </summary>
[Cmdlet(VerbsCommon.Add, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class AddK2hdkcNodeCommand : FlowCmdlet, IDynamicParameters
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>Names of the new nodes; CLUSTER-server-N when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>How many nodes to add when no names are given; 1 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int Count { get; set; } = 1;

    /// <summary>Leaves what a failing flow has made instead of undoing it.</summary>
    [Parameter]
    public SwitchParameter KeepPartial { get; set; }

    /// <summary>
    /// Lets the nodes join the plain way: all at once, without copying keys to their new holders first. Keys are hidden by that until
    /// Sync-K2hdkcRing has run.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private NodeTemplateParameters Made => field ??= new NodeTemplateParameters(this, ParameterUses.AddNode);

    /// <inheritdoc/>
    public object GetDynamicParameters() => Made.Define();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        int? count = MyInvocation.BoundParameters.ContainsKey(nameof(Count)) ? Count : null;
        new NodeAddition(Cluster, NodeRole.Server, Name, count) { IsPlain = Force, KeepPartial = KeepPartial }.Run(this, Made);
    }
}
