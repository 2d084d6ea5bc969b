using System.Collections.Concurrent;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Control;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>A change that is over or under way, for those who look at copies afterwards.</summary>
/// <param name="Before">The ring before it.</param>
/// <param name="Copied">What is older than this was copied before the switch.</param>
/// <param name="Switched">When the switch was ordered.</param>
internal sealed record FormerRing(RingMap Before, StoredTime Copied, StoredTime Switched);

/// <summary>
/// Moves keys between the servers of a ring by listing each server's store and writing copies to single servers, the newest last and for
/// good.
/// </summary>
internal sealed class RingMover(IDirectAccess direct, IFlowObserver observer, string activity, TimeProvider time)
{
    // Lists are taken in parts of about so many keys: no store has to fit into memory, and long answers are what chmpx's queues choke on.
    private const long PartSize = 500;

    // Of a store that is written to while it is listed a few elements are missing; a server that lists much less has lost its way to its
    // store.
    private const double LeastListed = 0.85;
    private const int MayMiss = 50;
    private const int Passes = 2;
    private const int InFlight = 4;

    // A write on its way to the replicas looks like a difference; it is looked at again after this time.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(400);

    private static readonly ReadOnlyMemory<byte> Marker = "MARKER\0"u8.ToArray();

    private readonly Dictionary<ulong, long> _stored = [];

    // What this run has given to servers before the ring changed over, by the two hashes of each key.
    private readonly HashSet<(ulong Server, ulong Hash, ulong SecondHash)> _ahead = [];

    // When the status of those servers last changed before that.
    private readonly Dictionary<ulong, StatusTime?> _steady = [];

    private long? _changed;

    /// <summary>In how many parts stores are listed.</summary>
    public int Parts { get; private set; } = 1;

    /// <summary>Finds out how large the stores are.</summary>
    public void Measure(IEnumerable<Client.Model.ServerState> states)
    {
        foreach (var state in states)
            if (state.State is { } store) _stored[state.Id] = store.AssignedElementCount;
        Parts = (int)Math.Clamp((_stored.Values.DefaultIfEmpty().Max() / PartSize) + 1, 1, 2_000);
    }

    /// <summary>A time that has passed on the clocks of all servers.</summary>
    public StoredTime Now(IEnumerable<ServerRecord> servers) =>
        StoredTime.From(time.GetUtcNow() + servers.Select(s => direct.ClockAhead(s.Id)).DefaultIfEmpty().Min());

    /// <summary>Copies keys from their first holders to those who will hold them and do not yet.</summary>
    /// <param name="before">Who holds what now.</param>
    /// <param name="after">Who will.</param>
    /// <param name="since">Leaves out what is older; none for all.</param>
    /// <param name="except">A server that gets its share otherwise; null for none.</param>
    /// <param name="share">The share of keys at risk without, for the progress.</param>
    /// <param name="isLate">
    /// Whether the ring has changed over already. A key that was copied ahead to a server and is not there any more was removed by a client
    /// since then: it is not copied again, and its copies go.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>How many copies were written.</returns>
    public async Task<long> CopyAsync(RingMap before, RingMap after, StoredTime since, ulong? except, double share, bool isLate,
        CancellationToken cancellationToken)
    {
        // What was written since the last pass is a part of the store: that of the pass before, or a quarter at first.
        var parts = since == StoredTime.None ? Parts : (int)((_changed ?? (Parts * PartSize / 4)) / PartSize) + 1;
        var (written, changed, done) = (0L, 0L, 0);
        var total = before.Members.Count * parts;
        await Task.WhenAll(before.Members.Select(async (source, slot) =>
        {
            var mine = 0L;
            for (var part = 0; part < parts; part++)
            {
                var orders = new ConcurrentQueue<(ulong Server, StoredCopy Copy)>();
                // Slot s of n is made of the slots s, s+n, s+2n... of n*k.
                var listing = new StoreListing((ulong)total, (ulong)(slot + (part * before.Members.Count))) { Since = since };
                mine += await direct.ListAsync(source.Id, listing, copy =>
                {
                    if (IsNote(copy.Key)) return;
                    var now = HoldersOf(before, copy.Key);
                    foreach (var server in HoldersOf(after, copy.Key))
                        if (server != except && !now.Contains(server)) orders.Enqueue((server, copy));
                }, cancellationToken).ConfigureAwait(false);
                await OnEachAsync(orders, async o =>
                {
                    if (isLate && await WasOvertakenAsync(o.Server, o.Copy,
                        HoldersOf(before, o.Copy.Key).Union(HoldersOf(after, o.Copy.Key)), cancellationToken).ConfigureAwait(false)) return;
                    await direct.WriteAsync(o.Server, o.Copy, cancellationToken).ConfigureAwait(false);
                    Interlocked.Increment(ref written);
                    if (!isLate) Remember(o.Server, o.Copy);
                }).ConfigureAwait(false);
                var far = Interlocked.Increment(ref done);
                if (since == StoredTime.None)
                    observer.Progress(
                        new FlowProgress(activity,
                            $"copied from {NameOf(source)}, {RingPlan.Percent(share * (1 - (far / (double)total)))} of the keys at risk",
                            10 + (60 * far / total)));
            }

            if (since != StoredTime.None) lock (_ahead) changed = Math.Max(changed, mine);
        })).ConfigureAwait(false);
        if (since != StoredTime.None) _changed = changed;
        return written;
    }

    // A copy that ends by itself is gone without anybody's doing.
    private void Remember(ulong server, StoredCopy copy)
    {
        lock (_ahead)
        {
            if (copy.Expires == StoredTime.None) _ahead.Add((server, copy.Hash, copy.SecondHash));
            else _ahead.Remove((server, copy.Hash, copy.SecondHash));
            _steady.TryAdd(server, direct.State.Find(server)?.StatusTime);
        }
    }

    // Whether a client has written or removed the key since the ring changed over. What servers leave in the place of a key that is removed
    // during a change has a time, too, but gives way to any copy: it must not be sent one.
    private async Task<bool> WasOvertakenAsync(ulong server, StoredCopy copy, IEnumerable<ulong> holders,
        CancellationToken cancellationToken)
    {
        if (copy.Modified == StoredTime.None) return false;
        if (await direct.ReadAsync(server, copy.Key, cancellationToken).ConfigureAwait(false) is { } there)
            return there.Modified >= copy.Modified;
        lock (_ahead)
        {
            // A server that was started anew meanwhile may have lost what it was given.
            if (!_ahead.Contains((server, copy.Hash, copy.SecondHash)) || direct.State.Find(server)?.StatusTime != _steady[server])
                return false;
        }

        foreach (var holder in holders) await direct.RemoveAsync(holder, copy.Key, copy.Modified, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Gives every holder the newest copy of its keys, and removes copies from others. What was removed from the ring while it changed, and
    /// left copies behind, is told by times and does not come back; where no change is known a key that only others have counts as hidden,
    /// not as removed.
    /// </summary>
    /// <param name="map">Who holds what.</param>
    /// <param name="servers">The servers that run, holders or not.</param>
    /// <param name="former">The change that is being finished; null where none is known.</param>
    /// <param name="sweep">Removes copies from servers that are no holders. A change is finished in two passes, the first without: what was
    /// removed from the ring before the switch is told by copies that the second one removes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<RingFindings> ReconcileAsync(RingMap map, IReadOnlyList<ServerRecord> servers, FormerRing? former, bool sweep,
        CancellationToken cancellationToken)
    {
        var before = new RingFindings();
        for (var pass = 1; ; pass++)
        {
            var (sum, gap) = await ReconcileOnceAsync(map, servers, former, sweep, cancellationToken).ConfigureAwait(false);
            sum = sum with
            {
                Written = sum.Written + before.Written,
                Removed = sum.Removed + before.Removed,
                KeptRemoved = sum.KeptRemoved + before.KeptRemoved,
            };
            if (gap is null) return sum;
            if (pass == Passes) throw gap;
            observer.Verbose($"{gap.Message} All is listed once more.");
            before = sum;
        }
    }

    private async Task<(RingFindings Sum, DbaasException? Gap)> ReconcileOnceAsync(
        RingMap map, IReadOnlyList<ServerRecord> servers, FormerRing? former, bool sweep, CancellationToken cancellationToken)
    {
        var sum = new RingFindings();
        var listed = new long[servers.Count];
        var start = Now(servers);
        for (var part = 0; part < Parts; part++)
        {
            var seen = await ListAllAsync(servers, new StoreListing((ulong)Parts, (ulong)part), cancellationToken).ConfigureAwait(false);
            foreach (var places in seen.Values)
                for (var i = 0; i < listed.Length; i++) listed[i] += places[i] is null ? 0 : 1;
            sum += await ReconcileAsync(map, servers, former, seen, sweep, cancellationToken).ConfigureAwait(false);
            observer.Progress(
                new FlowProgress(activity,
                    $"{sum.Keys} keys looked at: {sum.Written} copies written, {sum.Removed} removed", 100 * (part + 1) / Parts));
        }

        // After a change and its first pass the stores are no longer as large as they were measured.
        var isMeasured = !sweep || former is null;
        return (sum, isMeasured ? await GapAsync(servers, listed, start, cancellationToken).ConfigureAwait(false) : null);
    }

    /// <summary>Where each key is: of all keys, only those that are not where they belong; of given keys, each.</summary>
    public async Task<RingFindings> AuditAsync(
        RingMap map, IReadOnlyList<ServerRecord> servers, IReadOnlyList<ReadOnlyMemory<byte>>? keys, Func<KeyPlaces, Task> onKey,
        CancellationToken cancellationToken)
    {
        var sum = new RingFindings();
        for (var part = 0; part < (keys is null ? Parts : 1); part++)
        {
            var seen = keys is null
                ? await ListAllAsync(servers, new StoreListing((ulong)Parts, (ulong)part), cancellationToken).ConfigureAwait(false)
                : await ReadAllAsync(servers, keys, cancellationToken).ConfigureAwait(false);
            // A difference that is gone a moment later was a write on its way.
            var suspects = seen.Where(s => PlacementOf(map, servers, s.Key, s.Value) is not (KeyPlacement.Ok or KeyPlacement.Stray))
                .Select(s => s.Key).ToList();
            if (suspects.Count > 0)
            {
                await Task.Delay(SecondLook, time, cancellationToken).ConfigureAwait(false);
                foreach (var (key, places) in await ReadAllAsync(servers, suspects, cancellationToken).ConfigureAwait(false)) seen[key] =
                    places;
            }

            foreach (var (key, places) in seen)
            {
                var placement = PlacementOf(map, servers, key, places);
                sum += Count(map, servers, key, places, placement);
                if (keys is not null || placement != KeyPlacement.Ok)
                    await onKey(Describe(map, servers, key, places, placement)).ConfigureAwait(false);
            }

            observer.Progress(new FlowProgress(activity, $"{sum.Keys} keys looked at", 100 * (part + 1) / Parts));
        }

        return sum;
    }

    /// <summary>Puts the newest copy of certain keys where it belongs.</summary>
    public async Task<RingFindings> RepairAsync(RingMap map, IReadOnlyList<ServerRecord> servers, IReadOnlyList<ReadOnlyMemory<byte>> keys,
        CancellationToken cancellationToken) =>
        await ReconcileAsync(map, servers, null, await ReadAllAsync(servers, keys, cancellationToken).ConfigureAwait(false), true,
            cancellationToken).ConfigureAwait(false);

    // The first server that listed much less than it stores; null when there is none.
    private async Task<DbaasException?> GapAsync(IReadOnlyList<ServerRecord> servers, long[] listed, StoredTime start,
        CancellationToken cancellationToken)
    {
        for (var i = 0; i < listed.Length; i++)
        {
            if (!_stored.TryGetValue(servers[i].Id, out var stored) || IsComplete(listed[i])) continue;
            // What was written while it was listed comes with a list of that.
            for (var part = 0; part < Parts; part++)
                listed[i] += await direct.ListAsync(servers[i].Id, new StoreListing((ulong)Parts, (ulong)part) { Since = start }, _ => { },
                    cancellationToken).ConfigureAwait(false);
            if (IsComplete(listed[i])) continue;
            return new DbaasException(
                ErrorKind.Conflict, ErrorIds.DataAtRisk,
                $"The server {NameOf(servers[i])} stores {stored} keys and listed only {listed[i]} of them.",
                "Its k2hdkc has lost its way to its chmpx. Repair what it holds on the others (Test-K2hdkcRing -Repair with your keys), "
                    + "then restart chmpx and k2hdkc on that node, and run Sync-K2hdkcRing.")
            { Target = NameOf(servers[i]) };

            bool IsComplete(long count) => count >= (stored * LeastListed) - MayMiss;
        }

        return null;
    }

    private static bool IsNote(ReadOnlyMemory<byte> key) => key.Span.SequenceEqual(RingNote.Key.Span);

    // A queue's marker lives with the first holder of the queue's name, and copies of it where its own name would have it. Source: k2hdkc's
    // queue commands.
    private static ulong[] HoldersOf(RingMap map, ReadOnlyMemory<byte> key)
    {
        var holders = map.Holders(K2hash.Hash(key.Span));
        if (key.Length <= Marker.Length || !key.Span.EndsWith(Marker.Span)) return holders;
        var first = map.Holders(K2hash.Hash(key.Span[..^Marker.Length]))[0];
        return [first, .. holders.Where(h => h != first)];
    }

    private static string NameOf(ServerRecord server) => RingController.NameOf(server);

    private static KeyPlacement PlacementOf(RingMap map, IReadOnlyList<ServerRecord> servers, ReadOnlyMemory<byte> key, Place?[] places)
    {
        var holders = HoldersOf(map, key);
        Place? first = null;
        var (missing, differs, elsewhere) = (false, false, false);
        for (var i = 0; i < servers.Count; i++)
            if (servers[i].Id == holders[0]) first = places[i];
        for (var i = 0; i < servers.Count; i++)
        {
            if (!holders.Contains(servers[i].Id)) elsewhere |= places[i] is not null;
            else if (places[i] is not { } place) missing = true;
            else differs |= first is { } f && f != place;
        }

        if (first is null) return Array.Exists(places, p => p is not null) ? KeyPlacement.Hidden : KeyPlacement.Missing;
        return differs ? KeyPlacement.Differs : missing ? KeyPlacement.CopyMissing : elsewhere ? KeyPlacement.Stray : KeyPlacement.Ok;
    }

    private static RingFindings Count(RingMap map, IReadOnlyList<ServerRecord> servers, ReadOnlyMemory<byte> key, Place?[] places,
        KeyPlacement placement)
    {
        var holders = HoldersOf(map, key);
        return new RingFindings
        {
            Keys = 1,
            Hidden = placement == KeyPlacement.Hidden ? 1 : 0,
            CopiesMissing = placement == KeyPlacement.CopyMissing ? 1 : 0,
            Differing = placement == KeyPlacement.Differs ? 1 : 0,
            Strays = Enumerable.Range(0, servers.Count).Count(i => places[i] is not null && !holders.Contains(servers[i].Id)),
        };
    }

    private static KeyPlaces Describe(RingMap map, IReadOnlyList<ServerRecord> servers, ReadOnlyMemory<byte> key, Place?[] places,
        KeyPlacement placement)
    {
        var newest = Newest(places);
        return new KeyPlaces(key, placement)
        {
            Holders = [.. HoldersOf(map, key).Select(id => NameOf(map.Members.First(m => m.Id == id)))],
            Has = [.. Enumerable.Range(0, servers.Count).Where(i => places[i] is { } p && p == newest).Select(i => NameOf(servers[i]))],
            HasOther = [.. Enumerable.Range(0, servers.Count).Where(i => places[i] is { } p && p != newest)
                .Select(i => NameOf(servers[i]))],
            Modified = newest?.Modified.ToDateTimeOffset(),
        };
    }

    private static Place? Newest(Place?[] places)
    {
        Place? newest = null;
        foreach (var place in places)
            if (place is { } p && (newest is null || p.Modified > newest.Value.Modified)) newest = p;
        return newest;
    }

    private async Task<RingFindings> ReconcileAsync(
        RingMap map, IReadOnlyList<ServerRecord> servers, FormerRing? former, Dictionary<ReadOnlyMemory<byte>, Place?[]> seen, bool sweep,
        CancellationToken cancellationToken)
    {
        var sum = new RingFindings();
        var removals = new ConcurrentQueue<(ulong Server, ReadOnlyMemory<byte> Key, StoredTime Time)>();
        var suspects = new List<ReadOnlyMemory<byte>>();
        foreach (var (key, places) in seen)
        {
            var placement = PlacementOf(map, servers, key, places);
            sum += Count(map, servers, key, places, placement);
            if (placement == KeyPlacement.Ok) continue;
            if (placement != KeyPlacement.Stray || !IsPlainStray(map, servers, former, key, places))
            {
                suspects.Add(key);
                continue;
            }

            if (sweep) Strays(map, servers, key, places, removals);
        }

        if (suspects.Count > 0)
        {
            await Task.Delay(SecondLook, time, cancellationToken).ConfigureAwait(false);
            var writes = new ConcurrentQueue<(ulong Server, ulong Source, ReadOnlyMemory<byte> Key, StoredTime? Replaces)>();
            foreach (var (key, places) in await ReadAllAsync(servers, suspects, cancellationToken).ConfigureAwait(false))
            {
                if (Newest(places) is not { } newest) continue;
                if (WasRemoved(map, servers, former, key, places, newest, sweep))
                {
                    sum += new RingFindings { KeptRemoved = 1 };
                    for (var i = 0; i < servers.Count; i++)
                        if (places[i] is { } place) removals.Enqueue((servers[i].Id, key, place.Modified));
                    continue;
                }

                var holders = HoldersOf(map, key);
                // Of copies with one time the first holder's counts (before the sweep: the former one's): others refuse changes that leave
                // the time as it was.
                ulong[] order = former is not null && !sweep ? [.. HoldersOf(former.Before, key), .. holders] : holders;
                var ranked = Enumerable.Range(0, servers.Count).Where(i => places[i] is { } place && place.Modified == newest.Modified)
                    .OrderBy(i => Array.IndexOf(order, servers[i].Id) is var at && at < 0 ? int.MaxValue : at).First();
                for (var i = 0; i < servers.Count; i++)
                {
                    if (holders.Contains(servers[i].Id) && places[i] != places[ranked])
                        writes.Enqueue((servers[i].Id, servers[ranked].Id,
                            key, places[i] is { } other && other.Modified == newest.Modified ? other.Modified : null));
                }

                if (sweep) Strays(map, servers, key, places, removals);
            }

            // Read anew right before: what is written is never older than what is there.
            await OnEachAsync(writes, async w =>
            {
                if (await direct.ReadAsync(w.Source, w.Key, cancellationToken).ConfigureAwait(false) is not { } copy) return;
                // A copy of the same time is refused where one is; one that is newer by now stays.
                if (w.Replaces is { } time && !await direct.RemoveAsync(w.Server, w.Key, time, cancellationToken).ConfigureAwait(false))
                    return;
                await direct.WriteAsync(w.Server, copy, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
            sum += new RingFindings { Written = writes.Count };
        }

        // After the writes: until then a stray may be the only copy.
        await OnEachAsync(removals, r => direct.RemoveAsync(r.Server, r.Key, r.Time, cancellationToken)).ConfigureAwait(false);
        return sum + new RingFindings { Removed = removals.Count };
    }

    // Holders agree, and nobody else has anything newer: the copies elsewhere may go without a second look.
    private static bool IsPlainStray(RingMap map, IReadOnlyList<ServerRecord> servers, FormerRing? former, ReadOnlyMemory<byte> key,
        Place?[] places)
    {
        var holders = HoldersOf(map, key);
        var newest = Newest(places)!.Value.Modified;
        // A list of subkeys changes without the time: of copies as new as the holders' another one may be the right one.
        if (former is not null && places.Where(p => p is { } place && place.Modified == newest).Distinct().Count() > 1) return false;
        if (Enumerable.Range(0, servers.Count).Any(i => holders.Contains(servers[i].Id) && places[i]!.Value.Modified < newest))
            return false;
        return former is null
            || HoldersOf(former.Before, key)
                .Any(id => Enumerable.Range(0, servers.Count).Any(i => servers[i].Id == id && places[i] is not null));
    }

    private static void Strays(RingMap map, IReadOnlyList<ServerRecord> servers, ReadOnlyMemory<byte> key, Place?[] places,
        ConcurrentQueue<(ulong, ReadOnlyMemory<byte>, StoredTime)> removals)
    {
        var holders = HoldersOf(map, key);
        for (var i = 0; i < servers.Count; i++)
            if (places[i] is { } place && !holders.Contains(servers[i].Id)) removals.Enqueue((servers[i].Id, key, place.Modified));
    }

    private static bool WasRemoved(RingMap map, IReadOnlyList<ServerRecord> servers, FormerRing? former, ReadOnlyMemory<byte> key,
        Place?[] places, Place newest, bool sweep)
    {
        if (former is null || newest.Modified == StoredTime.None) return false;
        bool Has(ulong[] holders) => Enumerable.Range(0, servers.Count).Any(i => places[i] is not null && holders.Contains(servers[i].Id));
        // It had been copied to its new holders, and none of them has it any more: removed after the switch.
        if (!Has(HoldersOf(map, key)) && former.Copied != StoredTime.None && newest.Modified < former.Copied) return true;
        // Only those have it who hold it since the change, and it is older than that: removed before the switch.
        // That is told by the former holders, so only as long as nothing has been swept off them; and one that cannot be asked may have it
        // still.
        if (sweep) return false;
        var before = HoldersOf(former.Before, key);
        return former.Switched != StoredTime.None && newest.Modified < former.Switched && before.All(id => servers.Any(s => s.Id == id))
            && !Has(before);
    }

    private async Task<Dictionary<ReadOnlyMemory<byte>, Place?[]>> ListAllAsync(IReadOnlyList<ServerRecord> servers, StoreListing listing,
        CancellationToken cancellationToken)
    {
        var seen = new Dictionary<ReadOnlyMemory<byte>, Place?[]>(BlobOrder.Instance);
        var guard = new Lock();
        await Task.WhenAll(servers.Select((server, i) => ListAsync(server, copy =>
        {
            if (IsNote(copy.Key)) return;
            var place = Place.Of(copy);
            lock (guard)
            {
                // The key is a part of a message; its own bytes let the rest go.
                if (!seen.TryGetValue(copy.Key, out var places)) seen.Add(copy.Key.ToArray(), places = new Place?[servers.Count]);
                places[i] = place;
            }
        }))).ConfigureAwait(false);
        return seen;

        async Task ListAsync(ServerRecord server, Action<StoredCopy> onCopy)
        {
            try
            {
                await direct.ListAsync(server.Id, listing, onCopy, cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException) when (direct.State.Find(server.Id)?.Status.Action == RingAction.Add)
            {
                // It was asked just as it began to join: what it stores is what this change has given it.
            }
        }
    }

    private async Task<Dictionary<ReadOnlyMemory<byte>, Place?[]>> ReadAllAsync(IReadOnlyList<ServerRecord> servers,
        IReadOnlyList<ReadOnlyMemory<byte>> keys, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<ReadOnlyMemory<byte>, Place?[]>(BlobOrder.Instance);
        foreach (var key in keys) seen[key] = new Place?[servers.Count];
        var orders = Enumerable.Range(0, servers.Count).SelectMany(i => seen.Select(s => (servers[i].Id, Index: i, s.Key, Places: s.Value)))
            .ToList();
        await OnEachAsync(orders,
            async o => o.Places[o.Index] = await direct.ReadAsync(o.Id, o.Key, cancellationToken).ConfigureAwait(false) is { } copy
                ? Place.Of(copy)
                : null).ConfigureAwait(false);
        return seen;
    }

    private static Task OnEachAsync<T>(IEnumerable<T> orders, Func<T, Task> action)
        where T : System.Runtime.CompilerServices.ITuple =>
        Task.WhenAll(orders.GroupBy(o => (ulong)o[0]!).SelectMany(server =>
        {
            var queue = new ConcurrentQueue<T>(server);
            return Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
            {
                while (queue.TryDequeue(out var order)) await action(order).ConfigureAwait(false);
            }));
        }));

    /// <summary>One server's copy, as far as copies are compared.</summary>
    private readonly record struct Place(StoredTime Modified, ulong Content)
    {
        public static Place Of(StoredCopy copy) => new(copy.Modified, K2hash.Hash(copy.Value.Span) ^ (K2hash.Hash(copy.Subkeys.Span) * 31));
    }
}
