using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Base;

/// <summary>
/// What running work says to the pipeline, from any thread. Objects and errors wait when the pipeline is slow, so memory stays flat;
/// messages never wait; of progress only the latest is kept, and written at most five times a second.
/// </summary>
[SuppressMessage("Design", "CA1001",
    Justification = "Its semaphores never make a wait handle; work left behind may still post after the command.")]
public sealed class CommandOutput
{
    private const int Capacity = 512;

    private static readonly TimeSpan ProgressPause = TimeSpan.FromMilliseconds(200);
    private static readonly AsyncLocal<CommandOutput?> Ambient = new();
    private static int _lastActivity;

    private readonly ConcurrentQueue<Entry> _queue = new();
    private readonly SemaphoreSlim _room = new(Capacity);
    private readonly SemaphoreSlim _signal = new(0);
    private readonly int _activity = Interlocked.Increment(ref _lastActivity);
    private volatile bool _completed;
    private FlowProgress? _progress;
    private FlowProgress? _shown;
    private FlowCanceledException? _stopped;
    private long _shownAt;

    internal CommandOutput(bool wantsDebug)
    {
        WantsDebug = wantsDebug;
        Observer = new OutputObserver(this);
    }

    /// <summary>The output of the command on whose behalf this code runs; null outside of any.</summary>
    internal static CommandOutput? Current => Ambient.Value;

    /// <summary>Passes a flow's reports on to this output.</summary>
    internal IFlowObserver Observer { get; }

    /// <summary>What a flow that the user's stop has ended says it left; null for none.</summary>
    internal FlowCanceledException? Stopped => Volatile.Read(ref _stopped);

    /// <summary>Puts an object into the pipeline.</summary>
    /// <param name="value">The object; a collection goes out as one.</param>
    /// <param name="cancellationToken">Ends the wait for a slow pipeline.</param>
    public Task WriteAsync(object? value, CancellationToken cancellationToken) => WriteAsync(EntryKind.Object, value, cancellationToken);

    /// <summary>Writes a non-terminating error.</summary>
    /// <param name="fault">What went wrong with one of several things.</param>
    /// <param name="target">Which thing.</param>
    /// <param name="cancellationToken">Ends the wait for a slow pipeline.</param>
    public Task WriteErrorAsync(Exception fault, object? target, CancellationToken cancellationToken) =>
        WriteAsync(EntryKind.Error, ErrorRecords.From(fault, target), cancellationToken);

    /// <summary>Writes to the verbose stream. Never a secret.</summary>
    /// <param name="message">One sentence.</param>
    public void Verbose(string message) => Post(EntryKind.Verbose, message);

    /// <summary>Whether anyone reads the debug stream: putting requests into words costs time.</summary>
    public bool WantsDebug { get; }

    /// <summary>Writes to the debug stream. Never a secret.</summary>
    /// <param name="message">One exchange.</param>
    public void Debug(string message)
    {
        if (WantsDebug) Post(EntryKind.Debug, message);
    }

    /// <summary>Writes to the warning stream.</summary>
    /// <param name="message">One sentence.</param>
    public void Warning(string message) => Post(EntryKind.Warning, message);

    /// <summary>Says how far the work is; a later call replaces this one.</summary>
    /// <param name="activity">The whole.</param>
    /// <param name="status">The part being done.</param>
    /// <param name="percent">0 to 100; null when the length is not known.</param>
    public void Progress(string activity, string status, int? percent) =>
        Volatile.Write(ref _progress, new FlowProgress(activity, status, percent));

    /// <summary>Makes this the output of all that runs in this flow of execution.</summary>
    internal IDisposable Enter()
    {
        Ambient.Value = this;
        return new Scope();
    }

    internal void Complete()
    {
        _completed = true;
        _signal.Release();
    }

    /// <summary>Waits a moment, or until there is something to write.</summary>
    /// <returns>False when the work has ended.</returns>
    internal bool Wait()
    {
        _signal.Wait(ProgressPause, CancellationToken.None);
        return !_completed;
    }

    /// <summary>Writes all that waits. On the pipeline thread only.</summary>
    internal void WriteTo(PSCmdlet cmdlet)
    {
        while (_queue.TryDequeue(out var entry))
        {
            if (entry.Kind is EntryKind.Object or EntryKind.Error) _room.Release();
            switch (entry.Kind)
            {
                case EntryKind.Object: cmdlet.WriteObject(entry.Value); break;
                case EntryKind.Error: cmdlet.WriteError((ErrorRecord)entry.Value!); break;
                case EntryKind.Debug: cmdlet.WriteDebug((string)entry.Value!); break;
                case EntryKind.Verbose: cmdlet.WriteVerbose((string)entry.Value!); break;
                default: cmdlet.WriteWarning((string)entry.Value!); break;
            }
        }

        ShowProgress(cmdlet);
    }

    /// <summary>Takes the progress bar away if there was one.</summary>
    internal void EndProgress(PSCmdlet cmdlet)
    {
        if (_shown is not { } shown) return;
        _shown = null;
        cmdlet.WriteProgress(new ProgressRecord(_activity, shown.Activity, shown.Status) { RecordType = ProgressRecordType.Completed });
    }

    private void ShowProgress(PSCmdlet cmdlet)
    {
        var latest = Volatile.Read(ref _progress);
        if (latest is null || ReferenceEquals(latest, _shown)) return;
        if (_shown is not null && TimeProvider.System.GetElapsedTime(_shownAt) < ProgressPause) return;
        _shown = latest;
        _shownAt = TimeProvider.System.GetTimestamp();
        cmdlet.WriteProgress(new ProgressRecord(_activity, latest.Activity, latest.Status) { PercentComplete = latest.Percent ?? -1 });
    }

    private async Task WriteAsync(EntryKind kind, object? value, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        Post(kind, value);
    }

    private void Post(EntryKind kind, object? value)
    {
        _queue.Enqueue(new Entry(kind, value));
        if (_signal.CurrentCount == 0) _signal.Release();
    }

    private enum EntryKind
    {
        Object,
        Error,
        Verbose,
        Debug,
        Warning,
    }

    private readonly record struct Entry(EntryKind Kind, object? Value);

    private sealed class Scope : IDisposable
    {
        public void Dispose() => Ambient.Value = null;
    }

    private sealed class OutputObserver(CommandOutput output) : IFlowObserver
    {
        public bool WantsDebug => output.WantsDebug;

        public void Debug(string message) => output.Debug(message);

        public void Progress(FlowProgress progress) => Volatile.Write(ref output._progress, progress);

        public void Stopped(FlowCanceledException flow) => Volatile.Write(ref output._stopped, flow);

        public void Verbose(string message) => output.Verbose(message);

        public void Warning(string message) => output.Warning(message);
    }
}
