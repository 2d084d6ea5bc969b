using System.Collections.Concurrent;
using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Takes items out of a queue. An empty queue gives nothing, and is no error. Items that have expired are passed over with a warning; an
/// encrypted one stays in the queue until its pass phrase is given.
/// </summary>
[Cmdlet(VerbsCommon.Pop, "K2hdkcQueue", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    DefaultParameterSetName = RingSets.Current)]
[OutputType(typeof(K2hdkcQueueItem))]
public sealed class PopK2hdkcQueueCommand : QueueCmdlet
{
    /// <summary>At most how many items; 1 when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(1, long.MaxValue)]
    public long Count { get; set; } = 1;

    /// <summary>Takes items until the queue is empty.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Items are keys with values.</summary>
    [Parameter]
    public SwitchParameter KeyQueue { get; set; }

    /// <summary>Gives values as byte arrays, exactly as stored.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>Gives values as the objects that their JSON text describes.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Queue, All ? "Pop all items" : $"Pop {Count} item(s)")) return;
        var (client, queue, limit) = (Client, StoredQueue, All ? long.MaxValue : Count);
        var passedOver = new ConcurrentBag<(string Key, KeyState State)>();
        var options = Options() with { OnPassedOver = (key, state) => passedOver.Add((StoredText.Decode(key.Span), state)) };
        // One call at a time, each result written before the next: what a stopped pipeline has not seen is still in the queue.
        for (long taken = 0; taken < limit; taken++)
        {
            if (!TryRun(Queue, (_, token) => PopAsync(client, queue, options, token), out var item) || item is null) break;
            WriteObject(item);
        }

        if (passedOver.IsEmpty) return;
        var keys = passedOver.Where(p => p.Key.Length > 0).Select(p => p.Key).Order(StringComparer.Ordinal).ToArray();
        var expired = passedOver.Count(p => p.State == KeyState.Expired);
        var named = keys.Length == 0 ? "" : $" Their keys: {string.Join(", ", keys.Take(10))}{(keys.Length > 10 ? ", ..." : "")}.";
        WriteWarning($"Items of queue '{Queue}' passed over: {expired} had expired, the keys of {passedOver.Count - expired} no longer "
            + $"exist.{named}");
    }

    private async Task<K2hdkcQueueItem?> PopAsync(IK2hdkcClient client, ReadOnlyMemory<byte> queue, QueueOptions options,
        CancellationToken cancellationToken)
    {
        if (KeyQueue)
            return await client.PopKeyAsync(queue, options, cancellationToken).ConfigureAwait(false) is { } pair
                ? Item(KeyReference.Of(pair.Key), pair.Value)
                : null;
        return await client.PopAsync(queue, options, cancellationToken).ConfigureAwait(false) is { } value ? Item(null, value) : null;
    }

    private K2hdkcQueueItem Item(KeyReference? key, ReadOnlyMemory<byte> value)
    {
        var shown = Decode(value);
        return new K2hdkcQueueItem
        {
            Queue = Queue,
            Key = key?.Value,
            IsBare = key is { IsBare: true },
            Value = shown,
            IsBareValue = StoredValue.IsBare(value, shown)
        };
    }

    // The item is out of the queue by now: what is no JSON is given as it is rather than lost.
    private object? Decode(ReadOnlyMemory<byte> value)
    {
        try
        {
            return StoredValue.Decode(value, AsByteStream, AsJson, Queue);
        }
        catch (Errors.DbaasException)
        {
            return StoredValue.Decode(value, asBytes: false, asJson: false, Queue);
        }
    }
}
