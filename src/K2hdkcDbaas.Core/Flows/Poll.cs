namespace K2hdkcDbaas.Core.Flows;

/// <summary>When to look again: soon at first, every five seconds in the end.</summary>
internal sealed class Poll(TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan[] Delays = [.. new[] { 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5 }.Select(TimeSpan.FromSeconds)];

    private readonly long _start = time.GetTimestamp();
    private int _turn;

    /// <summary>How long it has been going.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Waits for the next look; false when the time is over.</summary>
    public async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        var left = limit - Elapsed;
        if (left <= TimeSpan.Zero) return false;
        var delay = Delays[Math.Min(_turn++, Delays.Length - 1)];
        await Task.Delay(delay < left ? delay : left, time, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
