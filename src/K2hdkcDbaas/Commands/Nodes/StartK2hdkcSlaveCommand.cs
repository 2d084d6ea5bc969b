using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Boots slave nodes, which configure themselves as clients of a cluster.</summary>
[Cmdlet(VerbsLifecycle.Start, "K2hdkcSlave", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class StartK2hdkcSlaveCommand : AddNodeCmdlet
{
    private protected override NodeRole Role => NodeRole.Slave;
}
