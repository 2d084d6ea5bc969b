using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Puts items into a queue, one after the other; with -Key into a key queue, whose items are keys with values.</summary>
[Cmdlet(VerbsCommon.Push, "K2hdkcQueue", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcQueueItem))]
public sealed class PushK2hdkcQueueCommand : QueueCmdlet
{
    private RecordProgress? _progress;

    /// <summary>The items: bytes as they are, anything else as text with a trailing NUL.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? Value { get; set; }

    /// <summary>The item's key, for a key queue.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [KeyArgument]
    [AllowNull]
    public KeyReference? Key { get; set; }

    /// <summary>Stores items as JSON text.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <summary>
    /// After what time the item is gone: seconds, text such as 90s, 1h or 30d, or a TimeSpan; a fraction of a second counts as a second.
    /// Never when not given.
    /// </summary>
    [Parameter]
    [Duration]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Stores text, in key and value, without the trailing NUL.</summary>
    [Parameter]
    public SwitchParameter Bare { get; set; }

    /// <summary>Returns each item that was put in.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var (key, value, bare) = (Key, Value, Bare.IsPresent);
        if (value is PSObject { BaseObject: K2hdkcQueueItem item })
        {
            // What Pop-K2hdkcQueue gave goes back as it was.
            (key, value, bare) = (((IKeyBearer)item).Reference, item.Value, bare || item.IsBareValue);
        }

        if (!ShouldProcess(Queue, key is null ? "Push item" : $"Push key {key}")) return;
        try
        {
            var (client, queue, bytes, options) = (Client, StoredQueue, StoredValue.Encode(value, AsJson, bare), Options(ExpiresIn));
            var done = Run(Queue, (_, token) => key is null
                ? client.PushAsync(queue, bytes, options, token)
                : client.PushKeyAsync(queue, new KeyQueueItem(key.Stored(Bare), bytes), options, token));
            (_progress ??= new RecordProgress(this, $"Pushing to {Queue}")).Count();
            if (!done || !PassThru) return;
            var shown = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
            WriteObject(new K2hdkcQueueItem
            {
                Queue = Queue,
                Key = key?.Value,
                IsBare = key?.Exactly(Bare).IsBare == true,
                Value = shown,
                IsBareValue = StoredValue.IsBare(bytes, shown)
            });
        }
        catch (DbaasException fault)
        {
            Fail(fault, Queue);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _progress?.End();
}
