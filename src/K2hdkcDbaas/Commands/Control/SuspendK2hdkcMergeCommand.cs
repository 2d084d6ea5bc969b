using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Keeps merges from starting by themselves (SUSPENDMERGE), for example while several nodes are added.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "K2hdkcMerge", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class SuspendK2hdkcMergeCommand : MergeCmdlet
{
    private protected override string Action => "Suspend merges";

    private protected override Task CommandAsync(ControlPortClient port, CancellationToken cancellationToken) =>
        port.SuspendMergeAsync(cancellationToken);
}
