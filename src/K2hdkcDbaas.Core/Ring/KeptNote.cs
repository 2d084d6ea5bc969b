using K2hdkcDbaas.Client;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// A change's note while the change runs: a sign of life every now and then. Disposing of it without <see cref="DropAsync"/> leaves the
/// note, and in it that nobody is at it any more.
/// </summary>
internal sealed class KeptNote : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromMilliseconds(700);

    private readonly IDirectAccess _direct;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _alone = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beating;
    private RingNote? _note;

    public KeptNote(IDirectAccess direct, RingNote note, TimeProvider time)
    {
        (_direct, _note, _time) = (direct, note, time);
        _beating = Task.Run(BeatAsync);
    }

    private IEnumerable<ulong> Servers =>
        _direct.State.Servers.Where(s => s.Status is { IsServer: true, CanAnswer: true }).Select(s => s.Id);

    /// <summary>Says something new.</summary>
    public async Task WriteAsync(RingNote note, CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _note = note with { Seen = _time.GetUtcNow() };
            await _note.WriteAsync(_direct, Servers, _time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <summary>The change is over.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RingNote.ClearAsync(_direct, Servers, _time, cancellationToken).ConfigureAwait(false);
            _note = null;
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        if (_note is { } left)
        {
            using var limit = new CancellationTokenSource(GoodbyeLimit);
            try
            {
                await (left with { Seen = DateTimeOffset.UnixEpoch })
                    .WriteAsync(_direct, Servers, _time, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DbaasException or OperationCanceledException)
            {
                // Then its last sign says the same after a while.
            }
        }

        _stop.Dispose();
        _alone.Dispose();
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Beat, _time, _stop.Token).ConfigureAwait(false);
                if (_note is { } note) await WriteAsync(note, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
        catch (DbaasException)
        {
            // The change itself finds out, and says, what is wrong with the ring.
        }
    }
}
