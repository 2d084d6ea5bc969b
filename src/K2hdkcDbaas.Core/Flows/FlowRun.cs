using System.Collections.Concurrent;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Flows;

/// <summary>
/// One run of a flow that makes things: it remembers each with the way back. When a step fails the things are rolled back, the last first;
/// when the user stops it nothing is rolled back, but everything is named.
/// </summary>
internal sealed class FlowRun : IDisposable
{
    /// <summary>How long a create that is under way may still bring its answer after the user's stop, so that its id is known.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);

    // Trove deletes nothing that it still builds, and builds for minutes. The user's stop ends the undoing, too.
    private static readonly TimeSpan UndoLimit = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly List<Made> _made = [];
    private readonly string _activity;
    private string? _ifLeft;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _graced = new();
    private readonly SemaphoreSlim _alone = new(1);
    private readonly CancellationTokenRegistration _onStop;

    private FlowRun(string activity, FlowOptions options, TimeProvider time, string? ifLeft, CancellationToken token)
    {
        _activity = activity;
        _ifLeft = ifLeft;
        _time = time;
        Options = options;
        Token = token;
        _onStop = token.Register(() => _graced.CancelAfter(Grace));
    }

    /// <summary>How the flow is to behave.</summary>
    public FlowOptions Options { get; }

    /// <summary>The user's stop.</summary>
    public CancellationToken Token { get; }

    /// <summary>Changes what is advised about things that are left: what helps half-way may be no way on later.</summary>
    /// <param name="ifLeft">How to see, finish and remove what is left from here on, as a sentence.</param>
    public void Advise(string ifLeft) => _ifLeft = ifLeft;

    /// <summary>Runs a flow.</summary>
    /// <param name="activity">What it does, as in <c>Creating cluster demo</c>.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="time">The clock.</param>
    /// <param name="body">The steps.</param>
    /// <param name="cancellationToken">The user's stop.</param>
    /// <param name="ifLeft">How to see and remove what a run has left behind, as a sentence.</param>
    public static async Task<T> RunAsync<T>(
        string activity, FlowOptions options, TimeProvider time, Func<FlowRun, Task<T>> body, CancellationToken cancellationToken,
        string? ifLeft = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var run = new FlowRun(activity, options, time, ifLeft, cancellationToken);
        try
        {
            return await body(run).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw run.Stopped();
        }
        catch (KeepMadeException e)
        {
            throw run.Failed(e.Cause, e.Cause.NextStep, [], []);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw await run.FailAsync(e as DbaasException ?? Unexpected(e)).ConfigureAwait(false);
        }
    }

    /// <summary>Tells how far the flow is.</summary>
    /// <param name="status">The part being done.</param>
    /// <param name="percent">0 to 100; null when the length is not known.</param>
    public void Report(string status, int? percent = null)
    {
        Options.Observer.Progress(new FlowProgress(_activity, status, percent));
        Options.Observer.Verbose($"{_activity}: {status}");
    }

    /// <summary>Makes a thing and remembers how to undo it.</summary>
    /// <param name="planned">What is to be made, for the case that no answer comes.</param>
    /// <param name="make">The request. Its token outlives the user's stop by a moment.</param>
    /// <param name="describe">What was made; null when <paramref name="planned"/> says it all.</param>
    /// <param name="undo">Undoes it; gets the answer, or default when none came and the thing may or may not exist.</param>
    public async Task<T> MakeAsync<T>(FlowItem planned, Func<CancellationToken, Task<T>> make, Func<T, FlowItem>? describe,
        Func<T?, CancellationToken, Task> undo)
    {
        Token.ThrowIfCancellationRequested();
        var entry = new Made(planned, ct => undo(default, ct));
        lock (_lock) _made.Add(entry);
        try
        {
            var answer = await make(_graced.Token).ConfigureAwait(false);
            lock (_lock)
            {
                entry.Item = describe?.Invoke(answer) ?? planned;
                entry.Undo = ct => undo(answer, ct);
                entry.Sure = true;
            }
            Options.Observer.Verbose($"Made {entry.Item}.");
            return answer;
        }
        catch (DbaasException e) when (!MayHaveBeenDone(e))
        {
            lock (_lock) _made.Remove(entry);
            throw;
        }
    }

    /// <summary>Makes a thing that a service knows by name only.</summary>
    /// <param name="item">The thing.</param>
    /// <param name="make">The request.</param>
    /// <param name="undo">Undoes it; must not mind when there is none.</param>
    public Task MakeAsync(FlowItem item, Func<CancellationToken, Task> make, Func<CancellationToken, Task> undo) =>
        MakeAsync<bool>(item, async ct =>
        {
            await make(ct).ConfigureAwait(false);
            return true;
        }, null, (_, ct) => undo(ct));

    /// <summary>
    /// Does what must not go on beside others of its kind: K2HR3 reads a role's hosts and writes them back without a lock.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the waiting for the others.</param>
    public async Task AloneAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <summary>Gives up what was made to someone else who has it now: it is neither rolled back nor named any more.</summary>
    /// <param name="which">Which of the things.</param>
    public void LeaveToOthers(Func<FlowItem, bool> which)
    {
        lock (_lock) _made.RemoveAll(m => which(m.Item));
    }

    /// <summary>Turns a failure into one after which everything is left as it is: the things exist, they only are not ready.</summary>
    /// <param name="cause">The failure.</param>
    public static Exception Keeping(DbaasException cause) => new KeepMadeException(cause);

    /// <inheritdoc/>
    public void Dispose()
    {
        _onStop.Dispose();
        _graced.Dispose();
        _alone.Dispose();
    }

    // A refusal says that nothing was done; silence says nothing.
    private static bool MayHaveBeenDone(DbaasException e) =>
        e.Kind is ErrorKind.Timeout or ErrorKind.Unreachable or ErrorKind.InvalidResponse or ErrorKind.ServiceFailure;

    private static DbaasException Unexpected(Exception e) =>
        new(ErrorKind.ServiceFailure, ErrorIds.UnexpectedFailure, e.Message, "Please report it with the output of 'Get-Error'.", e);

    private FlowCanceledException Stopped()
    {
        var left = Left();
        var message = left.Count == 0
            ? $"{_activity} was stopped before anything was made."
            : $"{_activity} was stopped. What it had made, or asked for, is left: {Join(left)}. {_ifLeft}".TrimEnd();
        return new FlowCanceledException(message, [.. left.Select(m => m.Item)], Token).Told(Options.Observer);
    }

    private FlowCanceledException StoppedInUndo(DbaasException cause, List<Made> left, ConcurrentQueue<FlowItem> undone)
    {
        var message = $"{_activity} failed: {cause.Message}{Gap(cause.Message)}It was stopped while rolling back what it had made.";
        if (!undone.IsEmpty) message += $" Rolled back: {string.Join(", ", undone)}.";
        message = $"{message} Left: {Join(left)}. {_ifLeft}".TrimEnd();
        return new FlowCanceledException(message, [.. left.Select(m => m.Item)], Token).Told(Options.Observer);
    }

    private async Task<Exception> FailAsync(DbaasException cause)
    {
        if (Options.KeepPartial) return Failed(cause, WithIfLeft(cause), [], []);
        var undone = new ConcurrentQueue<FlowItem>();
        var faults = new ConcurrentQueue<Exception>();
        using var limit = new CancellationTokenSource(UndoLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Token);
        foreach (var batch in Batches())
        {
            // Servers do not wait for each other; K2HR3 keeps a list of children in each parent, so its writes go one by one.
            if (batch[0].Item.Kind == "server")
                await Task.WhenAll(batch.Select(m => UndoAsync(m, undone, faults, both.Token))).ConfigureAwait(false);
            else foreach (var made in batch) await UndoAsync(made, undone, faults, both.Token).ConfigureAwait(false);
        }
        // A stopped pipeline shows no error any more; only this one gets through.
        if (Token.IsCancellationRequested && Left() is { Count: > 0 } left) return StoppedInUndo(cause, left, undone);
        return Failed(cause, faults.IsEmpty ? cause.NextStep : WithIfLeft(cause), [.. undone], [.. faults]);
    }

    private async Task UndoAsync(Made made, ConcurrentQueue<FlowItem> undone, ConcurrentQueue<Exception> faults,
        CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Options.Observer.Progress(new FlowProgress(_activity, $"undoing {made.Item}"));
            await made.Undo(cancellationToken).ConfigureAwait(false);
            lock (_lock) _made.Remove(made);
            if (made.Sure) undone.Enqueue(made.Item);
            Options.Observer.Verbose($"Rolled back {made.Item}.");
        }
        catch (Exception e)
        {
            // Whatever it is, the others must have their turn, and the first failure must be told.
            faults.Enqueue(e);
        }
    }

    private List<List<Made>> Batches()
    {
        var batches = new List<List<Made>>();
        lock (_lock)
        {
            foreach (var made in Enumerable.Reverse(_made))
            {
                if (batches.Count > 0 && batches[^1][0].Item.Kind == made.Item.Kind) batches[^1].Add(made);
                else batches.Add([made]);
            }
        }
        return batches;
    }

    private DbaasException Failed(DbaasException cause, string? nextStep, IReadOnlyList<FlowItem> undone, IReadOnlyList<Exception> faults)
    {
        var left = Left();
        if (undone.Count == 0 && left.Count == 0) return cause;
        var parts = new List<string>();
        if (undone.Count > 0) parts.Add($"Rolled back: {string.Join(", ", undone)}.");
        if (left.Count > 0) parts.Add($"Left: {Join(left)}.");
        if (faults.Count > 0) parts.Add($"Undoing failed: {string.Join(" ", faults.Select(f => f.Message).Distinct())}");
        return new FlowException(cause, $"{_activity} failed: {cause.Message}{Gap(cause.Message)}{string.Join(" ", parts)}", nextStep,
            undone, [.. left.Select(m => m.Item)], faults);
    }

    private string? WithIfLeft(DbaasException cause) => _ifLeft is null ? cause.NextStep : $"{cause.NextStep} {_ifLeft}".TrimStart();

    private List<Made> Left()
    {
        lock (_lock) return [.. _made];
    }

    // A message of several lines ends with a guest's console, which is not ours to go on with.
    private static string Gap(string message) => message.Contains('\n', StringComparison.Ordinal) ? "\n" : " ";

    private static string Join(IEnumerable<Made> made) =>
        string.Join(", ",
            made.Select(m =>
                m.Sure ? m.Item.ToString() : $"{m.Item} (not confirmed{(m.Item.FoundBy is null ? "" : $"; {m.Item.FoundBy}")})"));

    private sealed class Made(FlowItem planned, Func<CancellationToken, Task> undo)
    {
        public FlowItem Item { get; set; } = planned;

        public Func<CancellationToken, Task> Undo { get; set; } = undo;

        public bool Sure { get; set; }
    }

    private sealed class KeepMadeException(DbaasException cause) : Exception(cause.Message, cause)
    {
        public DbaasException Cause { get; } = cause;
    }
}
