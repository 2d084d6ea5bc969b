using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Adds server nodes to a cluster; the ring takes them in and moves data to them by itself.</summary>
[Cmdlet(VerbsCommon.Add, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class AddK2hdkcNodeCommand : AddNodeCmdlet
{
    private protected override NodeRole Role => NodeRole.Server;
}
