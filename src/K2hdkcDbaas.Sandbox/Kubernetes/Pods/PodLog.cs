using System.Globalization;

namespace K2hdkcDbaas.Sandbox.Kubernetes.Pods;

/// <summary>What a pod's containers have written.</summary>
internal sealed class PodLog(TimeProvider clock)
{
    private readonly List<(string Container, int Run, DateTimeOffset Time, string Text)> _lines = [];
    private readonly Dictionary<string, int> _runs = new(StringComparer.Ordinal);
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a line is added.</summary>
    public Task Next
    {
        get { lock (_lines) return _next.Task; }
    }

    public void Write(string container, string text)
    {
        lock (_lines)
        {
            _lines.Add((container, _runs.GetValueOrDefault(container), clock.GetUtcNow(), text));
            _next.TrySetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The container starts anew: what it wrote before is its previous log.</summary>
    public void Restart(string container)
    {
        lock (_lines) _runs[container] = _runs.GetValueOrDefault(container) + 1;
    }

    /// <summary>Lines from a position on, and the position behind them.</summary>
    public (IReadOnlyList<string> Lines, int Position) Read(string container, bool previous, bool withTimes, DateTimeOffset? since,
        int position)
    {
        lock (_lines)
        {
            var run = _runs.GetValueOrDefault(container) - (previous ? 1 : 0);
            return ([.. _lines.Skip(position).Where(l => l.Container == container && l.Run == run && (since is null || l.Time >= since))
                .Select(l => withTimes
                    ? $"{l.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)} {l.Text}"
                    : l.Text)], _lines.Count);
        }
    }
}
