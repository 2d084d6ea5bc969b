namespace K2hdkcDbaas.Sandbox;

/// <summary>The requests a sandbox received, oldest first. Holds the last 20,000.</summary>
public sealed class CallLog
{
    private const int Capacity = 20_000;
    private readonly Queue<ReceivedCall> _calls = new();
    private long _sequence;

    /// <summary>A copy of the list as it is now.</summary>
    public IReadOnlyList<ReceivedCall> All
    {
        get { lock (_calls) return [.. _calls]; }
    }

    /// <summary>Forgets all calls, so that a test counts only its own.</summary>
    public void Clear()
    {
        lock (_calls) _calls.Clear();
    }

    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    internal void Add(ReceivedCall call)
    {
        lock (_calls)
        {
            _calls.Enqueue(call);
            if (_calls.Count > Capacity) _calls.Dequeue();
        }
    }
}
