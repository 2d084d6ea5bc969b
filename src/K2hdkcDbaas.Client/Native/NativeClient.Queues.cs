using K2hdkcDbaas.Client.Managed;
using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Native;

/// <content>Queues and counters. One handle, one thread: queue calls follow one another by themselves.</content>
internal sealed partial class NativeClient
{
    private const int CounterAttempts = 100;
    private const int MarkerLooks = 5;
    private static readonly TimeSpan MarkerDelay = TimeSpan.FromMilliseconds(20);

    public async Task PushAsync(ReadOnlyMemory<byte> queue, ReadOnlyMemory<byte> value, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(queue, "queue's name");
        var expire = Expire(options?.ExpiresIn);
        await RequireAsync(
            "QueuePush",
            h => NativeMethods.Push(
                    h, queue.Span, Length(queue), value.Span, Length(value), IsFifo(options), checkAttributes: true,
                    NullIfEmpty(options?.PassPhrase), expire),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task PushKeyAsync(ReadOnlyMemory<byte> queue, KeyQueueItem item, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(queue, "queue's name");
        Arguments.Key(item.Key, "item's key");
        var expire = Expire(options?.ExpiresIn);
        await RequireAsync(
            "QueuePush",
            h => NativeMethods.PushKey(
                    h, queue.Span, Length(queue), item.Key.Span, Length(item.Key), item.Value.Span, Length(item.Value), IsFifo(options),
                    checkAttributes: true,
                    NullIfEmpty(options?.PassPhrase), expire),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<ReadOnlyMemory<byte>?> PopAsync(ReadOnlyMemory<byte> queue, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(queue, "queue's name");
        while (true)
        {
            await RequireReadableAsync(queue, isKeyQueue: false, options, cancellationToken).ConfigureAwait(false);
            var popped = await TakeAsync(queue, options, cancellationToken).ConfigureAwait(false);
            if (popped is not { IsEmpty: true }) return popped;
            options?.OnPassedOver?.Invoke(default, KeyState.Expired);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> TakeAsync(ReadOnlyMemory<byte> queue, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        byte[] bytes = [];
        var result = await _session.CallAsync(
            "QueuePop",
            h =>
            {
                var returned = NativeMethods.Pop(h, queue.Span, Length(queue), IsFifo(options), NullIfEmpty(options?.PassPhrase),
                    out var value, out var length);
                using (value) bytes = value.ToArray(length);
                return returned;
            },
            cancellationToken).ConfigureAwait(false);
        if (result.IsError(ResultDetail.QueueEmpty)) return null;
        Require("QueuePop", result);
        return bytes;
    }

    public async Task<KeyQueueItem?> PopKeyAsync(ReadOnlyMemory<byte> queue, QueueOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(queue, "queue's name");
        while (true)
        {
            await RequireReadableAsync(queue, isKeyQueue: true, options, cancellationToken).ConfigureAwait(false);
            var popped = await TakeKeyAsync(queue, options, cancellationToken).ConfigureAwait(false);
            if (popped is not { Value.IsEmpty: true } item) return popped;
            options?.OnPassedOver?.Invoke(item.Key, KeyState.Missing);
        }
    }

    private async Task<KeyQueueItem?> TakeKeyAsync(ReadOnlyMemory<byte> queue, QueueOptions? options, CancellationToken cancellationToken)
    {
        KeyQueueItem item = default;
        var result = await _session.CallAsync(
            "QueuePop",
            h =>
            {
                var returned = NativeMethods.PopKey(
                    h, queue.Span, Length(queue), IsFifo(options), NullIfEmpty(options?.PassPhrase), out var key, out var keyLength,
                    out var value, out var length);
                using (key)
                using (value) item = new KeyQueueItem(key.ToArray(keyLength), value.ToArray(length));
                return returned;
            },
            cancellationToken).ConfigureAwait(false);
        if (result.IsError(ResultDetail.QueueEmpty)) return null;
        Require("QueuePop", result);
        return item;
    }

    public async Task<long> ClearQueueAsync(ReadOnlyMemory<byte> queue, bool isKeyQueue, long? count, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(queue, "queue's name");
        long taken = 0;
        while (count is null || taken < count)
        {
            var isEmpty = isKeyQueue
                ? await TakeKeyAsync(queue, options, cancellationToken).ConfigureAwait(false) is null
                : await TakeAsync(queue, options, cancellationToken).ConfigureAwait(false) is null;
            if (isEmpty) break;
            taken++;
            cancellationToken.ThrowIfCancellationRequested();
        }

        return taken;
    }

    public async Task InitializeCounterAsync(ReadOnlyMemory<byte> key, CounterValue value, CounterOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var expire = Expire(options?.ExpiresIn);
        var pass = NullIfEmpty(options?.PassPhrase);
        await RequireAsync(
            "CounterInit",
            h => value.Width switch
                {
                    CounterWidth.Bits8 => NativeMethods.InitCounter8(h, key.Span, Length(key), (byte)value.Value, pass, expire),
                    CounterWidth.Bits16 => NativeMethods.InitCounter16(h, key.Span, Length(key), (ushort)value.Value, pass, expire),
                    CounterWidth.Bits32 => NativeMethods.InitCounter32(h, key.Span, Length(key), (uint)value.Value, pass, expire),
                    _ => NativeMethods.InitCounter64(h, key.Span, Length(key), value.Value, pass, expire),
                },
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<CounterValue> GetCounterAsync(ReadOnlyMemory<byte> key, CounterOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        // The library's own get wants the width beforehand; a plain read tells it.
        var bytes = await ReadBytesAsync(key, raw: false, NullIfEmpty(options?.PassPhrase), cancellationToken).ConfigureAwait(false);
        if (bytes.Length == 0) throw await WhyNoCounterAsync(key, cancellationToken).ConfigureAwait(false);
        return CounterValue.TryRead(bytes, out var counter) ? counter : throw ClientErrors.NotACounter(key, bytes.Length);
    }

    public async Task<bool> CompareAndSetCounterAsync(
        ReadOnlyMemory<byte> key, CounterValue expected, CounterValue value, CounterOptions? options, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        Arguments.SameWidth(expected, value);
        var expire = Expire(options?.ExpiresIn);
        var pass = NullIfEmpty(options?.PassPhrase);
        var result = await _session.CallAsync(
            "CounterSet",
            h => value.Width switch
                {
                    CounterWidth.Bits8 =>
                        NativeMethods.SetCounter8(h, key.Span, Length(key), (byte)expected.Value, (byte)value.Value, pass, expire),
                    CounterWidth.Bits16 =>
                        NativeMethods.SetCounter16(h, key.Span, Length(key), (ushort)expected.Value, (ushort)value.Value, pass, expire),
                    CounterWidth.Bits32 =>
                        NativeMethods.SetCounter32(h, key.Span, Length(key), (uint)expected.Value, (uint)value.Value, pass, expire),
                    _ => NativeMethods.SetCounter64(h, key.Span, Length(key), expected.Value, value.Value, pass, expire),
                },
            cancellationToken).ConfigureAwait(false);
        if (result.IsError(ResultDetail.NotSameValue)) return false;
        await RequireCounterAsync("CounterSet", key, result, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public async Task StepCounterAsync(ReadOnlyMemory<byte> key, bool isIncrement, CounterOptions? options,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var expire = Expire(options?.ExpiresIn);
        var pass = NullIfEmpty(options?.PassPhrase);
        var result = await _session.CallAsync(
            "CounterStep",
            h => isIncrement
                ? NativeMethods.IncrementCounter(h, key.Span, Length(key), pass, expire)
                : NativeMethods.DecrementCounter(h, key.Span, Length(key), pass, expire),
            cancellationToken).ConfigureAwait(false);
        await RequireCounterAsync("CounterStep", key, result, cancellationToken).ConfigureAwait(false);
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

    // The library's pop deletes what it takes, readable or not, and loses what is behind an expired item. The marker that it lets us see is
    // a copy, sent after the reply to a pop: one that names an item which is gone is waited for.
    private async Task RequireReadableAsync(ReadOnlyMemory<byte> queue, bool isKeyQueue, QueueOptions? options,
        CancellationToken cancellationToken)
    {
        for (var look = 0; look < MarkerLooks; look++)
        {
            if (look > 0) await Task.Delay(MarkerDelay, _time, cancellationToken).ConfigureAwait(false);
            var item = QueueHead.Next(
                await ReadBytesAsync(QueueHead.MarkerOf(queue), raw: true, null, cancellationToken).ConfigureAwait(false));
            if (item.IsEmpty) return;
            var key = isKeyQueue ? await ReadBytesAsync(item, raw: true, null, cancellationToken).ConfigureAwait(false) : item;
            if (key.IsEmpty) continue;
            var attributes = await GetAttributesAsync(key, cancellationToken).ConfigureAwait(false);
            if (attributes.All.Count == 0) continue;
            // What has expired in a key queue is the key, not the item: nothing behind it is lost.
            if (attributes.Expires <= _time.GetUtcNow())
            {
                if (isKeyQueue) return;
                throw ClientErrors.QueueItemExpired(queue);
            }

            if (attributes.IsEncrypted
                && (await GetAsync(key, new GetOptions { PassPhrase = options?.PassPhrase },
                    cancellationToken).ConfigureAwait(false)).State == KeyState.Locked)
                throw ClientErrors.QueueItemLocked(queue);
            return;
        }
    }

    private static bool IsFifo(QueueOptions? options) => options?.Order != QueueOrder.Lifo;

    private async Task RequireCounterAsync(string what, ReadOnlyMemory<byte> key, NativeResult result, CancellationToken cancellationToken)
    {
        if (result.IsError(ResultDetail.NoData)) throw await WhyNoCounterAsync(key, cancellationToken).ConfigureAwait(false);
        if (result.IsError(ResultDetail.NotSameType))
            throw ClientErrors.NotACounter(key,
                (await ReadBytesAsync(key, raw: true, null, cancellationToken).ConfigureAwait(false)).Length);
        Require(what, result);
    }

    private async Task<DbaasException> WhyNoCounterAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        await StateOfHiddenAsync(key, wasRaw: false, cancellationToken).ConfigureAwait(false) switch
        {
            KeyState.Locked => ClientErrors.PassPhraseRequired(key),
            KeyState.Empty => ClientErrors.NotACounter(key, 0),
            _ => ClientErrors.KeyNotFound(key),
        };
}
