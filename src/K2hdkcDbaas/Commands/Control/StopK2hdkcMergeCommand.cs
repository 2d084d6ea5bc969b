using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gives up a merge (ABORTMERGE), or with -Complete closes one whose data has moved (COMPMERGE).</summary>
[Cmdlet(VerbsLifecycle.Stop, "K2hdkcMerge", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class StopK2hdkcMergeCommand : MergeCmdlet
{
    /// <summary>Closes a merge whose data has moved, rather than giving it up.</summary>
    [Parameter]
    public SwitchParameter Complete { get; set; }

    private protected override string Action => Complete ? "Complete merge" : "Give up merge";

    private protected override Task CommandAsync(ControlPortClient port, CancellationToken cancellationToken) =>
        Complete ? port.CompleteMergeAsync(cancellationToken) : port.AbortMergeAsync(cancellationToken);
}
