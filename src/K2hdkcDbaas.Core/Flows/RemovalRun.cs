using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Flows;

/// <summary>
/// One run of a flow that removes things. Nothing can be rolled back here: when a step fails or the user stops it, what is gone and what
/// may be is named, and the same command finishes the work.
/// </summary>
internal sealed class RemovalRun
{
    private readonly Lock _lock = new();
    private readonly List<FlowItem> _gone = [];
    private readonly List<FlowItem> _asked = [];
    private readonly string _activity;
    private readonly FlowOptions _options;

    private RemovalRun(string activity, FlowOptions options) => (_activity, _options) = (activity, options);

    /// <summary>What else a person must know when the run ends early now; null for nothing.</summary>
    public string? Note { get; set; }

    /// <summary>What has been removed so far.</summary>
    public IReadOnlyList<FlowItem> Gone
    {
        get
        {
            lock (_lock) return [.. _gone];
        }
    }

    /// <summary>Runs a removal.</summary>
    /// <param name="activity">What it does, as in <c>Removing cluster demo</c>.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="body">The steps.</param>
    /// <param name="cancellationToken">The user's stop.</param>
    /// <returns>What was removed.</returns>
    public static async Task<IReadOnlyList<FlowItem>> RunAsync(string activity, FlowOptions options, Func<RemovalRun, Task> body,
        CancellationToken cancellationToken)
    {
        var run = new RemovalRun(activity, options);
        try
        {
            await body(run).ConfigureAwait(false);
            return run.Gone;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new FlowCanceledException($"{activity} was stopped. {run.Sum()}", [], cancellationToken).Told(options.Observer);
        }
        catch (DbaasException e) when (run.Gone.Count > 0)
        {
            throw new FlowException(e, $"{activity} failed: {e.Message} {run.Sum()}", e.NextStep, run.Gone, [], []);
        }
    }

    /// <summary>Removes a thing and remembers it.</summary>
    /// <param name="item">The thing.</param>
    /// <param name="delete">The request; must not mind when there is no such thing.</param>
    public Task RemoveAsync(FlowItem item, Func<Task> delete) => RemoveAsync([item], delete);

    /// <summary>Removes things that go with one request and remembers them.</summary>
    /// <param name="items">The things.</param>
    /// <param name="delete">The request.</param>
    public async Task RemoveAsync(IReadOnlyList<FlowItem> items, Func<Task> delete)
    {
        lock (_lock) _asked.AddRange(items);
        await delete().ConfigureAwait(false);
        lock (_lock) _asked.RemoveAll(items.Contains);
        Removed(items);
    }

    /// <summary>Remembers what was removed by others for this flow.</summary>
    /// <param name="items">The things.</param>
    public void Removed(IEnumerable<FlowItem> items)
    {
        foreach (var item in items)
        {
            lock (_lock) _gone.Add(item);
            _options.Observer.Verbose($"Removed {item}.");
            _options.Observer.Progress(new FlowProgress(_activity, $"removed {item}"));
        }
    }

    /// <summary>Tells how far the flow is.</summary>
    /// <param name="status">The part being done.</param>
    /// <param name="percent">0 to 100.</param>
    public void Report(string status, int percent) => _options.Observer.Progress(new FlowProgress(_activity, status, percent));

    private string Sum()
    {
        lock (_lock)
        {
            var parts = new List<string> { _gone.Count == 0
                ? "Nothing had been removed yet."
                : $"Removed so far: {string.Join(", ", _gone)}." };
            if (_asked.Count > 0) parts.Add($"Not known to be removed, though it was asked for: {string.Join(", ", _asked)}.");
            if (Note is not null) parts.Add(Note);
            parts.Add("Run the same command again to finish.");
            return string.Join(' ', parts);
        }
    }
}
