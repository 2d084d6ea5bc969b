using K2hdkcDbaas.Client.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Client.Managed;

/// <content>Single servers asked past the ring's choice: for their copies, and for keys that the first holder does not have.</content>
internal sealed partial class ManagedClient
{
    private const int ListAttempts = 4;

    private static readonly TimeSpan ListPause = TimeSpan.FromMilliseconds(500);

    public RingState State => Member.Table.Ring;

    public TimeSpan ClockAhead(ulong server) =>
        Member.Table.Connections.TryGetValue(server, out var connection) ? connection.ClockAhead : TimeSpan.Zero;

    public async Task<int> ListAsync(ulong server, StoreListing listing, Action<StoredCopy> onCopy, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connection = await Member.ConnectionToAsync(server, cancellationToken).ConfigureAwait(false);
            var next = NextOf(server) ?? throw ClientErrors.ListingFailed(connection.Server, "no second server is up");
            try
            {
                return await connection.ListAsync(listing, next, onCopy, _options.HandshakeTimeout * attempt,
                    cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (attempt < ListAttempts && e is (DbaasException or ConnectionLostException))
            {
                // The ring is another one than we think, or just changes. Elements that came twice are the caller's to bear.
                await Task.Delay(ListPause, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
                await TryRefreshAsync(server, cancellationToken).ConfigureAwait(false);
                // It has asked to join meanwhile, and answers no listing until it has.
                if (State.Find(server)?.Status.Action == RingAction.Add) throw;
            }
        }
    }

    public async Task<StoredCopy?> ReadAsync(ulong server, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var attributes = (await AskAsync(server, new GetAttributesRequest(key), cancellationToken).ConfigureAwait(false)).Reply.Data;
        var value = (await AskAsync(server, new GetRequest(key) { CheckAttributes = false },
            cancellationToken).ConfigureAwait(false)).Reply.Data;
        var subkeys = (await AskAsync(server, new GetSubkeysRequest(key) { CheckAttributes = false },
            cancellationToken).ConfigureAwait(false)).Reply.Data;
        return attributes.IsEmpty && value.IsEmpty && subkeys.IsEmpty
            ? null
            : StoredCopy.Of(key) with { Value = value, Subkeys = subkeys, Attributes = attributes };
    }

    public async Task<StoredTime?> ReadTimeAsync(ulong server, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var attributes = (await AskAsync(server, new GetAttributesRequest(key), cancellationToken).ConfigureAwait(false)).Reply.Data;
        if (!attributes.IsEmpty) return (StoredCopy.Of(key) with { Attributes = attributes }).Modified;
        return await ReadAsync(server, key, cancellationToken).ConfigureAwait(false) is null ? null : StoredTime.None;
    }

    public async Task WriteAsync(ulong server, StoredCopy copy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(copy);
        // The server compares this time, too, with that of the copy it has: the message is as new as what it brings, whatever this host's
        // clock says.
        var now = StoredTime.From(_options.TimeProvider.GetUtcNow() + ClockAhead(server));
        var request = new ReplicateKeyRequest(copy.Hash, copy.SecondHash, copy.Key)
        {
            Value = copy.Value,
            Subkeys = copy.Subkeys,
            Attributes = copy.Attributes,
            Seconds = (ulong)Math.Max(now.Seconds, copy.Modified.Seconds + 1),
            Nanoseconds = (ulong)now.Nanoseconds,
        };
        (await AskAsync(server, request, cancellationToken).ConfigureAwait(false)).RequireSuccess();
    }

    public async Task<bool> RemoveAsync(ulong server, ReadOnlyMemory<byte> key, StoredTime notNewerThan,
        CancellationToken cancellationToken)
    {
        Arguments.Key(key);
        var copy = StoredCopy.Of(key);
        // A copy without a time is older than any.
        var time = notNewerThan == StoredTime.None ? StoredTime.From(_options.TimeProvider.GetUtcNow() + ClockAhead(server)) : notNewerThan;
        var request = new ReplicateDeleteRequest(copy.Hash, copy.SecondHash, key)
        {
            Seconds = (ulong)time.Seconds,
            Nanoseconds = (ulong)time.Nanoseconds
        };
        var answer = await AskAsync(server, request, cancellationToken).ConfigureAwait(false);
        if (answer.Reply.Result is { IsSuccess: false, Detail: ResultDetail.Replicate }) return false;
        answer.RequireSuccess();
        return true;
    }

    // All that is asked of one server may be asked again: reads, and changes that the same change does not alter any more.
    private async Task<Answer> AskAsync(ulong server, CommandRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var connection = await Member.ConnectionToAsync(server, cancellationToken).ConfigureAwait(false);
            try
            {
                return new Answer(await connection.CallAsync(request, request.RoutingHash, null, cancellationToken).ConfigureAwait(false),
                    connection.Server);
            }
            catch (Exception e)
                when (attempt < _options.MaxRetries && _closed == 0
                    && e is (ConnectionLostException { InnerException: not Protocol.ProtocolException }
                        or DbaasException { ErrorId: K2hdkcErrors.CallTimeout }))
            {
                // Once more.
            }
        }
    }

    private ulong? NextOf(ulong server)
    {
        var up = State.Servers.Where(s => s.Status.IsUp || s.Id == server).ToList();
        var at = up.FindIndex(s => s.Id == server);
        return at < 0 || up.Count < 2 ? null : up[(at + 1) % up.Count].Id;
    }

    private async Task TryRefreshAsync(ulong server, CancellationToken cancellationToken)
    {
        try
        {
            await Member.RefreshAsync(server, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbaasException or ConnectionLostException)
        {
            // The listing says what is wrong.
        }
    }

    /// <summary>Whether a read is to ask other servers now (null: it is not), and whether a copy of one that is no holder counts.</summary>
    private bool? AsksOthers(ReadPolicy policy)
    {
        if (policy == ReadPolicy.FirstHolder) return null;
        if (policy == ReadPolicy.AllMembers) return true;
        var state = State;
        if (state.Mode == DeliveryMode.Random) return null;
        if (state.MayResurrectDeletedKeys || state.IsMerging) return true;
        var now = _options.TimeProvider.GetUtcNow();
        foreach (var server in state.Servers)
            if (server.StatusTime.Time > now - _options.ChangeMemory) return false;
        return null;
    }

    /// <returns>Null when no other server has more to say than the first holder.</returns>
    private async Task<KeyReading?> ReadElsewhereAsync(GetRequest request, bool anyCopyCounts, CancellationToken cancellationToken)
    {
        var state = State;
        var hash = request.RoutingHash;
        var holders = state.Owners(hash).Select(o => o.Id).ToHashSet();
        var asked = state.Servers.Where(s => s.Status is { IsServer: true, CanAnswer: true } && (anyCopyCounts || holders.Contains(s.Id)))
            .ToList();
        var copies = await Task.WhenAll(asked.Select(s => AttributesAtAsync(s.Id, request.Key, cancellationToken))).ConfigureAwait(false);
        var best = -1;
        for (var i = 0; i < copies.Length; i++)
            if (copies[i] is { } copy && (best < 0 || copy.Modified > copies[best]!.Modified)) best = i;
        if (best < 0) return null;
        // The newest copy of all may be the mark of a removed key.
        if (copies[best]!.Expires is var expires && expires != StoredTime.None
            && expires.ToDateTimeOffset() <= _options.TimeProvider.GetUtcNow()) return null;
        var answer = await AskAsync(asked[best].Id, request, cancellationToken).ConfigureAwait(false);
        return answer.Reply.Data.IsEmpty ? null : new KeyReading(KeyState.Found, answer.Reply.Data);
    }

    private async Task<StoredCopy?> AttributesAtAsync(ulong server, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        // A server that is away now has nothing to say; only those that are connected are asked.
        if (!Member.Table.Connections.TryGetValue(server, out var connection) || !connection.IsOpen) return null;
        try
        {
            var request = new GetAttributesRequest(key);
            var reply = await connection.CallAsync(request, request.RoutingHash, null, cancellationToken).ConfigureAwait(false);
            return reply.Data.IsEmpty ? null : StoredCopy.Of(key) with { Attributes = reply.Data };
        }
        catch (Exception e) when (e is ConnectionLostException or DbaasException)
        {
            return null;
        }
    }
}
