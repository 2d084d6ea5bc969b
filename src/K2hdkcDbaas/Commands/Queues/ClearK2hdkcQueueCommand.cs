using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;

namespace K2hdkcDbaas.Commands;

/// <summary>Takes all items, or so many, out of a queue and drops them.</summary>
[Cmdlet(VerbsCommon.Clear, "K2hdkcQueue", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(long))]
public sealed class ClearK2hdkcQueueCommand : QueueCmdlet
{
    /// <summary>At most how many items; all when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(1, long.MaxValue)]
    public long? Count { get; set; }

    /// <summary>Items are keys with values; the keys are removed too.</summary>
    [Parameter]
    public SwitchParameter KeyQueue { get; set; }

    /// <summary>Returns how many items were dropped.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Queue, Count is null ? "Drop all items of queue" : $"Drop {Count} item(s) of queue")) return;
        var (client, queue, options) = (Client, StoredQueue, Options());
        if (TryRun(Queue, (_, token) => client.ClearQueueAsync(queue, KeyQueue, Count, options, token), out var dropped) && PassThru)
            WriteObject(dropped);
    }
}
