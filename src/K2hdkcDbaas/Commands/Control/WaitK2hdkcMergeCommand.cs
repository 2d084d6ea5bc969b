using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Waits until no data moves between a ring's servers any more and nothing is pending.</summary>
[Cmdlet(VerbsLifecycle.Wait, "K2hdkcMerge", DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcNodeStatus))]
public sealed class WaitK2hdkcMergeCommand : ControlCmdlet
{
    /// <summary>The cluster, by name, id or object; its nodes are found through K2HR3 or Trove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = RingSets.Cluster)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    [ValidateNotNull]
    public override ClusterReference? Cluster { get; set; }

    /// <summary>How long to wait: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 900 seconds when not given.</summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(900);

    /// <summary>Returns the status of every node afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var source = Source;
        Run(RingName, async (output, token) =>
        {
            var ring = await NodesAsync(source, token).ConfigureAwait(false);
            await ring.SettleAsync(Timeout, output.Observer, token).ConfigureAwait(false);
            if (!PassThru) return;
            foreach (var status in await ring.GetStatusAsync(token).ConfigureAwait(false))
                await output.WriteAsync(new K2hdkcNodeStatus(status), token).ConfigureAwait(false);
        });
    }
}
