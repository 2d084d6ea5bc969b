using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>Merges held off by commands to a ring's nodes, each of which the ring passes on to all.</summary>
/// <param name="cluster">The cluster, for messages.</param>
/// <param name="isSparing">Whether few commands at a time are to go round the ring: chmpx 1.0.113 reads and writes one TLS connection from
/// several threads, and loses it when both happen at once; its neighbour counts as down then.</param>
/// <param name="options">Who watches.</param>
/// <param name="time">The clock.</param>
/// <param name="stop">Ends the hold quickly.</param>
internal sealed class MergeHold(
    string cluster, bool isSparing, FlowOptions options, TimeProvider time, CancellationToken stop) : IMergeHold
{
    // Nodes that turn this host away read their configuration once a minute; two rounds and the time to rewrite and reload.
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(150);

    // What a stopped flow may still take.
    private static readonly TimeSpan StoppedLimit = TimeSpan.FromMilliseconds(700);

    private readonly Lock _lock = new();
    private readonly List<ControlPortClient> _held = [];
    private int _speaker;

    /// <summary>Holds merges off; a node that cannot be reached gets the command from the others.</summary>
    /// <exception cref="DbaasException">No node took the command.</exception>
    public async Task TakeAsync(IEnumerable<ControlPortClient> ports, CancellationToken cancellationToken)
    {
        var faults = await Task.WhenAll(ports.Select(async port =>
        {
            // Before its answer: one that is lost may have done it all the same.
            lock (_lock) _held.Add(port);
            var fault = await TryAsync(ct => port.SuspendMergeAsync(ct), cancellationToken).ConfigureAwait(false);
            if (fault?.Kind == ErrorKind.Unreachable) lock (_lock) _held.Remove(port);
            if (fault is not null) options.Observer.Verbose(fault.Message);
            return fault;
        })).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (faults.Length > 0 && faults.All(f => f is not null)) throw faults[0]!;
    }

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        if (isSparing)
        {
            for (var i = 0; i < _held.Count; i++)
            {
                if (await TryAsync(_held[_speaker % _held.Count].SuspendMergeAsync, cancellationToken).ConfigureAwait(false) is not { } no)
                    return true;
                options.Observer.Verbose(no.Message);
                _speaker++;
            }

            return false;
        }

        var faults = await Task.WhenAll(_held.Select(p => TryAsync(p.SuspendMergeAsync, cancellationToken))).ConfigureAwait(false);
        foreach (var fault in faults.OfType<DbaasException>()) options.Observer.Verbose(fault.Message);
        return faults.Contains(null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var poll = new Poll(time, options.Timeout < ReleaseLimit ? options.Timeout : ReleaseLimit);
        var (left, any) = (_held.ToList(), false);
        while (left.Count > 0)
        {
            var faults = await Task.WhenAll(left.Select(p => TryAsync(ct => p.ResumeMergeAsync(ct), stop))).ConfigureAwait(false);
            any |= faults.Contains(null);
            // A node that has gone meanwhile holds nothing off.
            left = [.. left.Where((_, i) => faults[i] is { } fault && !(any && fault.Kind == ErrorKind.Unreachable))];
            if (left.Count == 0) return;
            options.Observer.Progress(new FlowProgress($"Letting merges of {cluster} go", "waiting until its nodes let this host in"));
            if (!stop.IsCancellationRequested && await NextAsync(poll).ConfigureAwait(false)) continue;
            options.Observer.Warning(
                $"Merges of cluster '{cluster}' may still be held off on {string.Join(", ", left.Select(p => p.Address))}, which did not "
                    + $"take NOSUSPENDMERGE. Let them go with Resume-K2hdkcMerge.");
            return;
        }
    }

    private async Task<bool> NextAsync(Poll poll)
    {
        try
        {
            return await poll.NextAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped: once more, and quickly.
            return true;
        }
    }

    // Also after the user's stop, but then quickly.
    private static async Task<DbaasException?> TryAsync(Func<CancellationToken, Task> command, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource();
        using var onStop = cancellationToken.Register(() => limit.CancelAfter(StoppedLimit));
        try
        {
            await command(limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (DbaasException fault)
        {
            return fault;
        }
        catch (OperationCanceledException)
        {
            return new DbaasException(ErrorKind.Timeout, K2hdkcErrors.ControlPortFailed, "The control port did not answer in time.",
                "Look at the ring with Get-K2hdkcNodeStatus.");
        }
    }
}
