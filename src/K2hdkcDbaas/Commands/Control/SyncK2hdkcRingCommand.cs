using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Ring;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Puts every key of a ring where it belongs: finishes a change that broke off, and repairs what a change by any other tool has hidden.
/// </summary>
[Cmdlet(VerbsData.Sync, "K2hdkcRing", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(RingFindings))]
public sealed class SyncK2hdkcRingCommand : ControlCmdlet
{
    /// <summary>The cluster, by name, id or object; its nodes are found through K2HR3 or Trove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = RingSets.Cluster)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    [ValidateNotNull]
    public override ClusterReference? Cluster { get; set; }

    /// <summary>
    /// How long to wait until the ring has settled: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 900 seconds when not given.
    /// </summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(900);

    /// <summary>Returns what was found and done.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var source = Source;
        if (!ShouldProcess(RingName, "Copy keys to the servers that are to hold them, and remove copies from others")) return;
        Run(RingName, async (output, token) =>
        {
            var ring = await NodesAsync(source, token).ConfigureAwait(false);
            var findings = await ring.SyncAsync(new FlowOptions { Timeout = Timeout, Observer = output.Observer },
                token).ConfigureAwait(false);
            output.Verbose(findings.ToString());
            if (PassThru) await output.WriteAsync(findings, token).ConfigureAwait(false);
        });
    }
}
