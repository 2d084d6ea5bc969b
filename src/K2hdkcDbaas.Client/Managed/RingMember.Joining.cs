using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Client.Managed;

/// <content>The ways in: the first server of a join, and then the others.</content>
internal sealed partial class RingMember
{
    private static readonly TimeSpan JoinStagger = TimeSpan.FromMilliseconds(250);

    // Begins with one server and takes another along every quarter of a second: a dead first server costs no whole timeout.
    private async Task<JoinedServer> JoinAnyAsync(CancellationToken cancellationToken)
    {
        var addresses = Addresses();
        if (addresses.Count == 0)
            throw ClientErrors.InvalidOptions($"The configuration of the ring {_configuration.Group} names no server.",
                "Give at least one SVRNODE, or a server's address.");
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var running = new List<Task<JoinedServer>>();
        Exception? failure = null;
        var next = 0;
        try
        {
            while (next < addresses.Count || running.Count > 0)
            {
                if (next < addresses.Count) running.Add(_joiner.JoinAsync(addresses[next++], _identity, Open, race.Token));
                var stagger = next < addresses.Count
                    ? Task.Delay(JoinStagger, _options.TimeProvider, race.Token)
                    : Task.Delay(Timeout.InfiniteTimeSpan, race.Token);
                var done = await Task.WhenAny(running.Cast<Task>().Append(stagger)).ConfigureAwait(false);
                if (done == stagger)
                {
                    race.Token.ThrowIfCancellationRequested();
                    continue;
                }

                var ended = (Task<JoinedServer>)done;
                running.Remove(ended);
                if (ended.IsCompletedSuccessfully) return await ended.ConfigureAwait(false);
                failure = More(failure, ended.Exception?.InnerException);
            }
        }
        finally
        {
            await race.CancelAsync().ConfigureAwait(false);
            foreach (var loser in running) _ = DropAsync(loser);
        }

        cancellationToken.ThrowIfCancellationRequested();
        // A refusal, or a wrong certificate, says more than an unreachable fellow.
        if (failure is DbaasException
            {
                ErrorId: K2hdkcErrors.AdmissionRefused or K2hdkcErrors.TlsFailed
            or K2hdkcErrors.InvalidClientOptions
            }) throw failure;
        throw ClientErrors.RingUnavailable(_configuration.Group, addresses.Select(a => a.Display), failure);
    }

    private static Exception? More(Exception? known, Exception? failure) =>
        failure is DbaasException { Kind: ErrorKind.Forbidden or ErrorKind.InvalidInput } || known is null ? failure ?? known : known;

    private static async Task DropAsync(Task<JoinedServer> loser)
    {
        try
        {
            await (await loser.ConfigureAwait(false)).Connection.DisposeAsync().ConfigureAwait(false);
        }
        catch
        {
            // It lost anyway.
        }
    }

    private List<ServerAddress> Addresses()
    {
        lock (_lock)
        {
            // What the ring told last is newer than the configuration; both are tried.
            var known = _reported.Servers.Where(s => s.Status.IsServer).Select(s => ServerAddress.From(_configuration, s)).ToList();
            var configured = _configuration.Servers.Where(n => n.Port > 0).Select(n => ServerAddress.From(_configuration, n));
            return [.. known, .. configured.Where(c => known.TrueForAll(k => k.Display != c.Display))];
        }
    }

    /// <summary>Dials what is due.</summary>
    /// <returns>When the next server is due.</returns>
    private TimeSpan DialDueServers()
    {
        var wait = Timeout.InfiniteTimeSpan;
        lock (_lock)
        {
            foreach (var server in _reported.Servers)
            {
                // A server that owns data is worth dialling even when others call it down: they may be the ones cut off.
                if (!server.Status.IsServer || (!server.Status.IsUp && !server.Status.OwnsBaseSlot)) continue;
                var link = LinkTo(server.Id);
                if (link.Connection is not null || link.IsDialling) continue;
                var left = link.Failures == 0
                    ? TimeSpan.Zero
                    : Delay(link.Failures) - _options.TimeProvider.GetElapsedTime(link.LastAttempt);
                if (left > TimeSpan.Zero)
                {
                    if (wait == Timeout.InfiniteTimeSpan || left < wait) wait = left;
                    continue;
                }

                link.Dialling = DialAsync(link, ServerAddress.From(_configuration, server));
            }
        }

        // Timers may ring a little early; a whole millisecond keeps the loop from spinning.
        return wait == Timeout.InfiniteTimeSpan ? wait : wait + TimeSpan.FromMilliseconds(1);
    }

    private async Task DialAsync(ServerLink link, ServerAddress address)
    {
        await Task.Yield();
        try
        {
            var joined = await _joiner.JoinAsync(address, _identity, Open, _closing.Token).ConfigureAwait(false);
            lock (_lock) link.Dialling = null;
            Adopt(joined);
        }
        catch (Exception e)
        {
            Volatile.Write(ref _lastFailure, e);
            lock (_lock) link.Failed(_options.TimeProvider.GetTimestamp());
            Publish($"cannot reach {address.Display}: {e.Message}");
        }
    }
}
