using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that steers the merge of a ring: the moving of data after servers have joined or left.</summary>
public abstract class MergeCmdlet : ControlCmdlet
{
    /// <summary>The cluster, by name, id or object; its nodes are found through K2HR3 or Trove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = RingSets.Cluster)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    [ValidateNotNull]
    public override ClusterReference? Cluster { get; set; }

    /// <summary>Returns the status of every node afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done, for ShouldProcess.</summary>
    private protected abstract string Action { get; }

    /// <summary>Does it, by whichever node speaks for the ring.</summary>
    private protected abstract Task CommandAsync(ControlPortClient port, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var source = Source;
        if (!ShouldProcess(RingName, Action)) return;
        Run(RingName, async (output, token) =>
        {
            var ring = await NodesAsync(source, token).ConfigureAwait(false);
            await ring.CommandAsync(CommandAsync, new FlowOptions { Observer = output.Observer }, token).ConfigureAwait(false);
            await AfterAsync(ring, output, token).ConfigureAwait(false);
            if (!PassThru) return;
            foreach (var status in await ring.GetStatusAsync(token).ConfigureAwait(false))
                await output.WriteAsync(new K2hdkcNodeStatus(status), token).ConfigureAwait(false);
        });
    }

    /// <summary>What a leaf waits for.</summary>
    private protected virtual Task AfterAsync(RingController ring, CommandOutput output, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
