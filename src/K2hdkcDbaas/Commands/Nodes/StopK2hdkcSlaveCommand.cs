using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Stops slave nodes for good: deletes their servers and takes them out of their role.</summary>
[Cmdlet(VerbsLifecycle.Stop, "K2hdkcSlave", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(FlowItem))]
public sealed class StopK2hdkcSlaveCommand : RemoveNodeCmdlet
{
    /// <summary>The slaves, by name, id, cuk, tag, address or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(SlaveCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [NodeArgument(Role = NodeRole.Slave)]
    public NodeReference[] Slave { get; set; } = [];

    private protected override NodeRole Role => NodeRole.Slave;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Remove(Slave, "Delete slave node", force: false);
}
