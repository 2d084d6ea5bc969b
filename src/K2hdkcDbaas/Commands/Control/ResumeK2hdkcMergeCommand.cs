using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Lets merges start by themselves again (NOSUSPENDMERGE).</summary>
[Cmdlet(VerbsLifecycle.Resume, "K2hdkcMerge", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class ResumeK2hdkcMergeCommand : MergeCmdlet
{
    private protected override string Action => "Resume merges";

    private protected override Task CommandAsync(ControlPortClient port, CancellationToken cancellationToken) =>
        port.ResumeMergeAsync(cancellationToken);
}
