namespace K2hdkcDbaas.Client.Managed;

/// <summary>
/// So many calls at a time; the others wait in line. Whoever finds out that the line does not move fails those who have waited long enough:
/// a deadline of its own for each would end calls that only have many before them.
/// </summary>
internal sealed class CallSlots(int count, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiting = [];
    private int _free = count;

    /// <summary>Takes a slot, or waits for one.</summary>
    public ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return ValueTask.CompletedTask;
            }

            _waiting.Enqueue(waiter = new Waiter(time.GetTimestamp()));
        }

        return new ValueTask(WaitAsync(waiter, cancellationToken));
    }

    /// <summary>Gives a slot back, to the next in line if there is one.</summary>
    public void Release()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var next))
                if (next.TrySetResult()) return;
            _free++;
        }
    }

    /// <summary>Fails those who have waited for a time.</summary>
    public void Fail(TimeSpan age, Func<Exception> cause)
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var first) && time.GetElapsedTime(first.Since) >= age) _waiting.Dequeue().TrySetException(cause());
        }
    }

    private static async Task WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token),
            waiter).ConfigureAwait(false))
            await waiter.Task.ConfigureAwait(false);
    }

    private sealed class Waiter(long since) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Since { get; } = since;
    }
}
