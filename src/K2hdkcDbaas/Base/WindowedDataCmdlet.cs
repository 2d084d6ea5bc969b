using System.Globalization;
using System.Management.Automation;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Base;

/// <summary>
/// A data cmdlet for thousands of records: each begins its call at once, results and errors come out in the order of input, and calls on
/// one key run in that order too.
/// </summary>
public abstract class WindowedDataCmdlet : DataCmdlet
{
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromMilliseconds(800);

    private readonly Dictionary<ReadOnlyMemory<byte>, Task> _lastOfKey = new(BlobOrder.Instance);
    private OrderedWindow<Outcome>? _window;
    private RecordProgress? _progress;
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);
    private DbaasException? _unreachable;
    private long _done;
    private long _given;
    private long _skipped;
    private int _told;

    /// <summary>How many calls may be under way at a time; more hides more of the network's delay. 256 when not given.</summary>
    [Parameter]
    [ValidateRange(1, 4096)]
    public int ThrottleLimit { get; set; } = 256;

    /// <summary>What progress is said to be made with, such as "Writing keys".</summary>
    private protected abstract string Activity { get; }

    /// <summary>Begins a call, and writes what earlier ones have yielded by now.</summary>
    /// <param name="key">The stored key; calls on one key wait for each other.</param>
    /// <param name="target">What an error is about.</param>
    /// <param name="call">The call; its result is written unless it is null.</param>
    private protected void Begin(ReadOnlyMemory<byte> key, object target, Func<IK2hdkcClient, CancellationToken, Task<object?>> call)
    {
        var window = Room();
        _given++;
        // Of a ring that is gone one call at a time finds out whether it is back; the others fail at once instead of waiting as long each.
        if (_unreachable is not null && window.Count > 0)
        {
            _skipped++;
            while (TakeOne(wait: false))
            {
            }

            return;
        }

        var running = RunAsync(key, target, _lastOfKey.GetValueOrDefault(key), call, Client, StopToken);
        _lastOfKey[key] = running;
        window.Add(running);
        while (TakeOne(wait: false))
        {
        }
    }

    /// <summary>Fails a record that no call is made for; its error comes in its turn.</summary>
    /// <param name="target">What the error is about.</param>
    /// <param name="fault">Why.</param>
    private protected void Refuse(object target, DbaasException fault) =>
        Room().Add(Task.FromResult(new Outcome(default, target, null, fault)));

    /// <summary>Waits for all calls that were begun, and writes what they yield.</summary>
    private protected void Drain()
    {
        while (TakeOne(wait: true))
        {
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Drain();
        _progress?.End();
        if (_skipped == 0) return;
        var fault = new DbaasException(
            _unreachable?.Kind ?? ErrorKind.Unreachable, K2hdkcErrors.RingUnavailable,
            string.Create(CultureInfo.CurrentCulture,
                $"{_skipped:N0} of {_given:N0} records failed because no server of the ring answered; the error before this one says why."),
            "Give these records again when the ring's servers are up; Get-K2hdkcStatus shows them.", _unreachable)
        { Target = _skipped };
        Fail(fault, _skipped);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        // A stopped pipeline takes no records any more.
        if (_given > 0 && Interlocked.Exchange(ref _told, 1) == 0)
        {
            Host.UI.WriteErrorLine(string.Create(
                CultureInfo.CurrentCulture,
                $"{Activity} was stopped: {Volatile.Read(ref _done):N0} of {_given:N0} records are done, and up to "
                    + $"{_window?.Count ?? 0:N0} more may be."));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (_window is not { Count: > 0 } window) return;
        // The pipeline has ended early; what is under way is not waited for any longer than Ctrl+C may take.
        base.StopProcessing();
        window.Abandon(GoodbyePatience);
    }

    private static async Task<Outcome> RunAsync(
        ReadOnlyMemory<byte> key, object target, Task? former, Func<IK2hdkcClient, CancellationToken, Task<object?>> call,
        IK2hdkcClient client, CancellationToken cancellationToken)
    {
        try
        {
            if (former is { IsCompleted: false }) await former.ConfigureAwait(false);
            return new Outcome(key, target, await call(client, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Whatever it is, it is this record's alone.
            return new Outcome(key, target, null, fault);
        }
    }

    private OrderedWindow<Outcome> Room()
    {
        _window ??= new OrderedWindow<Outcome>(ThrottleLimit);
        while (_window.IsFull) TakeOne(wait: true);
        return _window;
    }

    /// <summary>
    /// Whether the ring as a whole is gone: no server is connected, or each that is has let a call time out since one answered last.
    /// </summary>
    private bool IsGone(DbaasException fault)
    {
        if (fault.ErrorId == K2hdkcErrors.RingUnavailable) return true;
        if (fault.ErrorId != K2hdkcErrors.CallTimeout || fault.Service is not { } server) return false;
        _silent.Add(server);
        return _silent.Count >= Client.Ring.Servers.Count(s => s.IsConnected);
    }

    private bool TakeOne(bool wait)
    {
        if (_window is null) return false;
        Task<Outcome>? call;
        Outcome outcome;
        try
        {
            if (!_window.TryTake(wait, out call, StopToken)) return false;
            outcome = call.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        if (_lastOfKey.TryGetValue(outcome.Key, out var last) && last == call) _lastOfKey.Remove(outcome.Key);
        (_progress ??= new RecordProgress(this, Activity)).Count();
        if (outcome.Fault is DbaasException gone && IsGone(gone))
        {
            // The first says why; the others are counted.
            if (_unreachable is not null) _skipped++;
            else Fail(_unreachable = gone, outcome.Target);
            return true;
        }

        if (outcome.Fault is null)
        {
            _unreachable = null;
            _silent.Clear();
            Volatile.Write(ref _done, _done + 1);
        }

        if (outcome.Fault is DbaasException fault) Fail(fault, outcome.Target);
        else if (outcome.Fault is { } bug) WriteError(ErrorRecords.From(bug, outcome.Target));
        else if (outcome.Result is { } result) WriteObject(result);
        return true;
    }

    private readonly record struct Outcome(ReadOnlyMemory<byte> Key, object Target, object? Result, Exception? Fault);
}
