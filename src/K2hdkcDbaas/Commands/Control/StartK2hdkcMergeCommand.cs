using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Starts the merge of what is pending (MERGE). Rings with AUTOMERGE start it themselves.</summary>
[Cmdlet(VerbsLifecycle.Start, "K2hdkcMerge", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class StartK2hdkcMergeCommand : MergeCmdlet
{
    /// <summary>Waits until the merge is complete.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>How long -Wait waits: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 900 seconds when not given.</summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(900);

    private protected override string Action => "Start merge";

    private protected override Task CommandAsync(ControlPortClient port, CancellationToken cancellationToken) =>
        port.StartMergeAsync(cancellationToken);

    private protected override async Task AfterAsync(RingController ring, CommandOutput output, CancellationToken cancellationToken)
    {
        if (Wait) await ring.SettleAsync(Timeout, output.Observer, cancellationToken).ConfigureAwait(false);
    }
}
