using System.Diagnostics.CodeAnalysis;

namespace K2hdkcDbaas.Base;

/// <summary>
/// Keeps a bounded number of calls in flight and gives their results in the order in which they were begun. For cmdlets that take
/// thousands of records: begin a call per record, and write what <see cref="TryTake"/> yields. Used by one thread.
/// </summary>
/// <param name="limit">How many calls may be in flight or done but not yet taken.</param>
/// <typeparam name="T">What a call yields.</typeparam>
public sealed class OrderedWindow<T>(int limit)
{
    private readonly Queue<Task<T>> _calls = new();

    /// <summary>How many calls have not been taken yet.</summary>
    public int Count => _calls.Count;

    /// <summary>Whether the oldest call must be waited for before another may begin.</summary>
    public bool IsFull => _calls.Count >= limit;

    /// <summary>Adds a call that has begun.</summary>
    /// <param name="call">The call.</param>
    public void Add(Task<T> call)
    {
        if (IsFull) throw new InvalidOperationException("The window is full: take a call first.");
        _calls.Enqueue(call);
    }

    /// <summary>Takes the oldest call if it is done, or, when asked to wait, if there is any.</summary>
    /// <param name="wait">Waits for the oldest call.</param>
    /// <param name="call">The call, done.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when there is none to take.</returns>
    public bool TryTake(bool wait, [NotNullWhen(true)] out Task<T>? call, CancellationToken cancellationToken)
    {
        call = null;
        if (!_calls.TryPeek(out var oldest) || (!oldest.IsCompleted && !wait)) return false;
        // The cmdlet's thread may block; the call's own outcome is the caller's to read.
        if (!oldest.IsCompleted) Task.WhenAny(oldest).Wait(cancellationToken);
        call = _calls.Dequeue();
        return true;
    }

    /// <summary>Waits for all calls, whatever their outcome, but no longer than this; for the end of a command that was stopped.</summary>
    /// <param name="patience">How long.</param>
    public void Abandon(TimeSpan patience)
    {
        Task.WhenAll(_calls).ContinueWith(static t => t.Exception, TaskScheduler.Default).Wait(patience);
        _calls.Clear();
    }
}
