using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Managed;

/// <content>Queues and counters.</content>
internal sealed partial class ManagedClient
{
    private const int CounterAttempts = 100;

    // Real servers damage a queue's chain under parallel pushes, also to one server only.
    private readonly CallSlots _queueGate;

    public Task PushAsync(ReadOnlyMemory<byte> queue, ReadOnlyMemory<byte> value, QueueOptions? options,
        CancellationToken cancellationToken) =>
        PushAsync(queue, default, value, options, cancellationToken);

    public Task PushKeyAsync(ReadOnlyMemory<byte> queue, KeyQueueItem item, QueueOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(item.Key, "item's key");
        return PushAsync(queue, item.Key, item.Value, options, cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>?> PopAsync(ReadOnlyMemory<byte> queue, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        // Not "item?.Value": memory makes an empty one of null.
        var item = await PopItemAsync(queue, isKeyQueue: false, options, cancellationToken).ConfigureAwait(false);
        return item is null ? (ReadOnlyMemory<byte>?)null : item.Value.Value;
    }

    public Task<KeyQueueItem?> PopKeyAsync(ReadOnlyMemory<byte> queue, QueueOptions? options, CancellationToken cancellationToken) =>
        PopItemAsync(queue, isKeyQueue: true, options, cancellationToken);

    public async Task<long> ClearQueueAsync(ReadOnlyMemory<byte> queue, bool isKeyQueue, long? count, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        long taken = 0;
        Arguments.Key(queue, "queue's name");
        while ((count is null || taken < count)
            && await InTurnAsync(() => TakeAsync(queue, isKeyQueue, options, cancellationToken),
                cancellationToken).ConfigureAwait(false) is not null)
        {
            taken++;
            cancellationToken.ThrowIfCancellationRequested();
        }

        return taken;
    }

    public async Task InitializeCounterAsync(ReadOnlyMemory<byte> key, CounterValue value, CounterOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var request = new CounterInitRequest(key, value.ToArray())
        {
            Expiry = Arguments.Seconds(options?.ExpiresIn),
            PassPhrase = PassPhrase(options?.PassPhrase)
        };
        (await CallAsync(request, isRepeatable: true, cancellationToken).ConfigureAwait(false)).RequireSuccess();
    }

    public async Task<CounterValue> GetCounterAsync(ReadOnlyMemory<byte> key, CounterOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var answer = await CallAsync(new CounterGetRequest(key) { PassPhrase = PassPhrase(options?.PassPhrase) }, isRepeatable: true,
            cancellationToken).ConfigureAwait(false);
        if (answer.Reply.Data.IsEmpty)
        {
            if (answer.Reply.Result.Detail != ResultDetail.NoData) answer.RequireSuccess();
            throw await WhyNoCounterAsync(key, cancellationToken).ConfigureAwait(false);
        }

        return CounterValue.TryRead(answer.Reply.Data.Span, out var counter)
            ? counter
            : throw ClientErrors.NotACounter(key, answer.Reply.Data.Length);
    }

    public async Task<bool> CompareAndSetCounterAsync(
        ReadOnlyMemory<byte> key, CounterValue expected, CounterValue value, CounterOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.SameWidth(expected, value);
        var request = new CounterSetRequest(key, expected.ToArray(), value.ToArray())
        {
            Expiry = Arguments.Seconds(options?.ExpiresIn),
            PassPhrase = PassPhrase(options?.PassPhrase),
        };
        // Not repeated: after a success the second try finds the value changed.
        var answer = await CallAsync(request, isRepeatable: false, cancellationToken).ConfigureAwait(false);
        switch (answer.Reply.Result)
        {
            case { IsSuccess: false, Detail: ResultDetail.NotSameValue }:
                return false;
            case { IsSuccess: false, Detail: ResultDetail.NoData }:
                throw await WhyNoCounterAsync(key, cancellationToken).ConfigureAwait(false);
            case { IsSuccess: false, Detail: ResultDetail.NotSameType }:
                throw await NotACounterAsync(key, cancellationToken).ConfigureAwait(false);
            default:
                answer.RequireSuccess();
                return true;
        }
    }

    public async Task StepCounterAsync(ReadOnlyMemory<byte> key, bool isIncrement, CounterOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var request = new CounterStepRequest(key)
        {
            IsIncrement = isIncrement,
            Expiry = Arguments.Seconds(options?.ExpiresIn),
            PassPhrase = PassPhrase(options?.PassPhrase),
        };
        var answer = await CallAsync(request, isRepeatable: false, cancellationToken).ConfigureAwait(false);
        if (answer.Reply.Result is { IsSuccess: false, Detail: ResultDetail.NoData })
            throw await WhyNoCounterAsync(key, cancellationToken).ConfigureAwait(false);
        if (answer.Reply.Result is { IsSuccess: false, Detail: ResultDetail.NotSameType })
            throw await NotACounterAsync(key, cancellationToken).ConfigureAwait(false);
        answer.RequireSuccess();
    }

    public async Task<CounterValue> AddToCounterAsync(ReadOnlyMemory<byte> key, long delta, CounterOptions? options,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < CounterAttempts; attempt++)
        {
            var present = await GetCounterAsync(key, options, cancellationToken).ConfigureAwait(false);
            var wanted = present.Plus(delta);
            if (await CompareAndSetCounterAsync(key, present, wanted, options, cancellationToken).ConfigureAwait(false)) return wanted;
        }

        throw ClientErrors.CounterContended(key, CounterAttempts);
    }

    private async Task PushAsync(ReadOnlyMemory<byte> queue, ReadOnlyMemory<byte> itemKey, ReadOnlyMemory<byte> value,
        QueueOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(queue, "queue's name");
        var request = new QueuePushRequest(queue, value)
        {
            ItemKey = itemKey,
            IsFifo = options?.Order != QueueOrder.Lifo,
            Expiry = Arguments.Seconds(options?.ExpiresIn),
            PassPhrase = PassPhrase(options?.PassPhrase),
        };
        (await InTurnAsync(() => CallAsync(request, isRepeatable: false, cancellationToken).AsTask(),
            cancellationToken).ConfigureAwait(false)).RequireSuccess();
    }

    private async Task<KeyQueueItem?> PopItemAsync(ReadOnlyMemory<byte> queue, bool isKeyQueue, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(queue, "queue's name");
        while (true)
        {
            var state = KeyState.Found;
            // Looked at and taken in one turn: between the two, no other pop of this client may move the queue on.
            var popped = await InTurnAsync(
                async () =>
                {
                    state = await StateOfNextAsync(queue, isKeyQueue, options, cancellationToken).ConfigureAwait(false);
                    return state == KeyState.Locked
                        ? throw ClientErrors.QueueItemLocked(queue)
                        : await TakeAsync(queue, isKeyQueue, options, cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            if (popped is not { Value.IsEmpty: true } passedOver) return popped;
            // No item is empty when it is pushed. One that expired since it was looked at, by the server's clock, is gone as well.
            options?.OnPassedOver?.Invoke(passedOver.Key, state is KeyState.Missing ? state : KeyState.Expired);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<KeyQueueItem?> TakeAsync(ReadOnlyMemory<byte> queue, bool isKeyQueue, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        var request = new QueuePopRequest(queue)
        {
            IsFifo = options?.Order != QueueOrder.Lifo,
            IsKeyQueue = isKeyQueue,
            PassPhrase = PassPhrase(options?.PassPhrase),
            // Servers find the next item in the subkeys of the one that they take. With this check an expired one has none for them, and
            // all items behind it are lost.
            CheckAttributes = false,
        };
        var answer = await CallAsync(request, isRepeatable: false, cancellationToken).ConfigureAwait(false);
        if (answer.Reply.Result is { IsSuccess: false, Detail: ResultDetail.QueueEmpty }) return null;
        answer.RequireSuccess();
        return new KeyQueueItem(answer.Reply.ItemKey, answer.Reply.Data);
    }

    // Servers delete an item that they take, whether they can read it or not: so it is looked at first.
    private async Task<KeyState> StateOfNextAsync(ReadOnlyMemory<byte> queue, bool isKeyQueue, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        var marker = await CallAsync(new GetRequest(QueueHead.MarkerOf(queue)) { CheckAttributes = false, RoutedAs = queue },
            isRepeatable: true, cancellationToken).ConfigureAwait(false);
        var item = QueueHead.Next(marker.Reply.Data);
        if (!item.IsEmpty && isKeyQueue)
            item = (await GetAsync(item, new GetOptions { IgnoreAttributes = true }, cancellationToken).ConfigureAwait(false)).Value;
        if (item.IsEmpty) return KeyState.Missing;
        var attributes = await GetAttributesAsync(item, cancellationToken).ConfigureAwait(false);
        if (attributes.All.Count == 0) return KeyState.Missing;
        if (attributes.Expires <= _options.TimeProvider.GetUtcNow()) return KeyState.Expired;
        if (!attributes.IsEncrypted) return KeyState.Found;
        return (await GetAsync(item, new GetOptions { PassPhrase = options?.PassPhrase }, cancellationToken).ConfigureAwait(false)).State;
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _queueGate.TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Errors.DbaasException e) when (e.ErrorId == K2hdkcErrors.CallTimeout)
        {
            // Who has waited behind it as long has no better prospects.
            _queueGate.Fail(_options.CallTimeout,
                () => ClientErrors.TurnTimeout(e.Service ?? Member.Snapshot().Group, _options.CallTimeout));
            throw;
        }
        finally
        {
            _queueGate.Release();
        }
    }

    private async Task<Errors.DbaasException> WhyNoCounterAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        await StateOfHiddenAsync(key, wasRaw: false, cancellationToken).ConfigureAwait(false) switch
        {
            KeyState.Locked => ClientErrors.PassPhraseRequired(key),
            KeyState.Empty => ClientErrors.NotACounter(key, 0),
            _ => ClientErrors.KeyNotFound(key),
        };

    private async Task<Errors.DbaasException> NotACounterAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        ClientErrors.NotACounter(key,
            (await GetAsync(key, new GetOptions { IgnoreAttributes = true }, cancellationToken).ConfigureAwait(false)).Value.Length);
}
