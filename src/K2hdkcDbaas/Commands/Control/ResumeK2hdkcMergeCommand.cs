using System.Management.Automation;
using K2hdkcDbaas.Client.Control;

namespace K2hdkcDbaas.Commands;

/// <summary>Lets merges start by themselves again (NOSUSPENDMERGE).</summary>
[Cmdlet(VerbsLifecycle.Resume, "K2hdkcMerge", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class ResumeK2hdkcMergeCommand : MergeCommand
{
    private protected override string Action => "Resume merges";

    private protected override Task CommandAsync(ControlPortClient port, CancellationToken cancellationToken) => port.ResumeMergeAsync(cancellationToken);
}
