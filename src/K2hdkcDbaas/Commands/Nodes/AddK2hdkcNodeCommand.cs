using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Adds server nodes to a cluster. With -Wait one after the other, each after keys were copied to where the larger ring looks for them.</summary>
[Cmdlet(VerbsCommon.Add, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ClusterNode))]
public sealed class AddK2hdkcNodeCommand : AddNodeCmdlet
{
    /// <summary>Lets the nodes join the plain way: all at once, without copying keys to their new holders first. Keys are hidden by that until Sync-K2hdkcRing has run.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override NodeRole Role => NodeRole.Server;

    private protected override bool IsPlain => Force;
}
