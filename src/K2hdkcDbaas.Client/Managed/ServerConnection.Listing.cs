using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Managed;

/// <content>Listing what the server stores.</content>
internal sealed partial class ServerConnection
{
    // Elements may come a moment after the word that all were sent: several of the server's threads send them.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    private readonly SemaphoreSlim _alone = new(1);
    private Listing? _listing;
    private long _clockAhead;

    /// <summary>How far the server's clock is ahead of this host's.</summary>
    public TimeSpan ClockAhead => TimeSpan.FromTicks(Interlocked.Read(ref _clockAhead));

    /// <summary>Lists elements; one listing at a time.</summary>
    /// <param name="listing">Which.</param>
    /// <param name="next">The server that follows this one in the ring: there the request ends. To any other it would be passed on for
    /// ever.</param>
    /// <param name="onCopy">Told of each.</param>
    /// <param name="patience">How long nothing may come.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> ListAsync(StoreListing listing, ulong next, Action<StoredCopy> onCopy, TimeSpan patience,
        CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken).ConfigureAwait(false);
        var run = new Listing(onCopy, _options.TimeProvider.GetTimestamp());
        try
        {
            Volatile.Write(ref _listing, run);
            await WriteAsync(listing.ToRequest(ClientId, ServerId).ToFrame(next, ServerId, Now, ProtocolVersion), null,
                null, 0, cancellationToken).ConfigureAwait(false);
            while (true)
            {
                if (!IsOpen)
                    throw ClientErrors.ListingFailed(Server, $"the connection was lost ({(await Broken.ConfigureAwait(false)).Message})");
                var silent = _options.TimeProvider.GetElapsedTime(run.LastAt);
                if (run.IsComplete is { } complete && silent >= Quiet)
                    return complete ? run.Count : throw ClientErrors.ListingFailed(Server, "it says that it failed");
                if (silent < patience)
                {
                    await Task.Delay(Look, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                // What it may still send must not mix with the next listing, nor end it.
                Break(new TimeoutException($"The server {Server} did not list to the end."));
                throw ClientErrors.ListingFailed(Server, $"it was silent for {patience.TotalSeconds:0} s after {run.Count} of them");
            }
        }
        finally
        {
            Volatile.Write(ref _listing, null);
            _alone.Release();
        }
    }

    private sealed class Listing(Action<StoredCopy> onCopy, long now)
    {
        private long _lastAt = now;
        private int _count;
        private volatile string? _end;

        public long LastAt => Interlocked.Read(ref _lastAt);

        public int Count => Volatile.Read(ref _count);

        public bool? IsComplete => _end is { } end ? end.Length == 0 : null;

        public void Take(OpaqueMessage piece, long now)
        {
            Interlocked.Exchange(ref _lastAt, now);
            if (piece.Type == ControlMessageType.UpdateDataResult)
            {
                _end = StoreListing.ReadResult(piece) ? "" : "failed";
                return;
            }

            onCopy(StoreListing.ReadElement(piece));
            Interlocked.Increment(ref _count);
        }
    }
}
