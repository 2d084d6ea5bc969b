using K2hdkcDbaas.Protocol.Hashing;

namespace K2hdkcDbaas.Protocol.Ring;

/// <summary>
/// All servers of a ring, in ring order, and who serves which hash. Immutable: each change makes a new state, so readers need no lock.
/// Order, slots and choice follow chmpx, which recomputes them after every record that it learns.
/// </summary>
public sealed class RingState
{
    private readonly ServerRecord[] _servers;
    private readonly ServerRecord[] _base;
    private readonly ServerRecord[] _pending;

    /// <summary>Orders the servers and numbers their slots.</summary>
    /// <param name="idType">What the ring makes ids from; it decides the order.</param>
    /// <param name="mode">How keys are spread.</param>
    /// <param name="replicas">Copies beside the first; none in random mode.</param>
    /// <param name="servers">The servers, in any order; their slots are recomputed.</param>
    public RingState(NodeIdType idType, DeliveryMode mode, int replicas, IEnumerable<ServerRecord> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentOutOfRangeException.ThrowIfNegative(replicas);
        IdType = idType;
        Mode = mode;
        Replicas = mode == DeliveryMode.Random ? 0 : replicas;
        var ordered = servers.Order(Comparer<ServerRecord>.Create((x, y) => Compare(idType, x, y))).ToArray();
        ulong bases = 0, pendings = 0;
        for (var i = 0; i < ordered.Length; i++)
        {
            var status = ordered[i].Status;
            ordered[i] = ordered[i] with
            {
                BaseSlot = status.OwnsBaseSlot ? bases++ : ServerRecord.NoSlot,
                PendingSlot = status.OwnsPendingSlot ? pendings++ : ServerRecord.NoSlot,
            };
            IsMerging |= status.IsMerging;
        }

        _servers = ordered;
        _base = ordered.Where(s => s.BaseSlot != ServerRecord.NoSlot).ToArray();
        _pending = ordered.Where(s => s.PendingSlot != ServerRecord.NoSlot).ToArray();
    }

    /// <summary>What the ring makes ids from.</summary>
    public NodeIdType IdType { get; }

    /// <summary>How keys are spread.</summary>
    public DeliveryMode Mode { get; }

    /// <summary>Copies of a key beside the first. Not told on the wire: it comes from the configuration.</summary>
    public int Replicas { get; }

    /// <summary>All servers, in ring order.</summary>
    public IReadOnlyList<ServerRecord> Servers => _servers;

    /// <summary>Data is being moved between servers.</summary>
    public bool IsMerging { get; }

    /// <summary>Slots of the present ring.</summary>
    public int BaseSlots => _base.Length;

    /// <summary>Slots of the ring after the merge.</summary>
    public int PendingSlots => _pending.Length;

    /// <summary>Some server's membership is changing or it is down while it owns data: a deleted key may come back with it.</summary>
    public bool MayResurrectDeletedKeys
    {
        get
        {
            foreach (var server in _servers)
            {
                var status = server.Status;
                if (status.Membership == RingMembership.ServiceIn ? !status.IsUp || status.Action != RingAction.None
                    : status is { Membership: RingMembership.ServiceOut, IsUp: true } && status.Action != RingAction.None) return true;
            }

            return false;
        }
    }

    /// <summary>The server with an id, if there is one.</summary>
    /// <param name="id">The id.</param>
    public ServerRecord? Find(ulong id)
    {
        foreach (var server in _servers)
            if (server.Id == id) return server;
        return null;
    }

    /// <summary>Takes in one record that a server sent.</summary>
    /// <param name="record">The record.</param>
    /// <param name="now">The present time, by which old-style status times are known.</param>
    /// <returns>The new state, or this one when nothing changes.</returns>
    public RingState Merge(ServerRecord record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        var known = Find(record.Id);
        var merged = Merged(known, record, now);
        if (ReferenceEquals(merged, known)) return this;
        return With(known is null ? _servers.Append(merged!) : _servers.Select(s => s.Id == record.Id ? merged! : s));
    }

    /// <summary>Takes in a server's whole list: its records are merged, and servers that are not in it are forgotten.</summary>
    /// <param name="records">The list.</param>
    /// <param name="now">The present time.</param>
    public RingState MergeAll(IReadOnlyList<ServerRecord> records, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(records);
        var known = _servers.ToDictionary(s => s.Id);
        var merged = new Dictionary<ulong, ServerRecord>(records.Count);
        foreach (var record in records)
        {
            // A list that names a server twice has its later word.
            if (Merged(merged.GetValueOrDefault(record.Id) ?? known.GetValueOrDefault(record.Id), record, now) is { } server)
                merged[record.Id] = server;
        }

        var isSame = merged.Count == known.Count
            && merged.Values.All(s => known.TryGetValue(s.Id, out var before) && ReferenceEquals(before, s));
        return isSame ? this : With(merged.Values);
    }

    /// <summary>Notes that the connection to a server is lost.</summary>
    /// <param name="id">The server's id.</param>
    public RingState MarkDown(ulong id)
    {
        var known = Find(id);
        if (known is null || !known.Status.IsUp) return this;
        return With(_servers.Select(s => s.Id == id ? s with { Status = s.Status.Down() } : s));
    }

    /// <summary>
    /// The one server that a command with this hash goes to, as libk2hdkc on a slave chooses it; null when none can serve it now.
    /// </summary>
    /// <param name="hash">The routing hash.</param>
    /// <param name="turn">A running number, by which servers take turns in random mode.</param>
    public ServerRecord? Route(ulong hash, uint turn = 0)
    {
        if (Mode == DeliveryMode.Random) return RouteInTurn(turn);
        return FirstRoutable(_base, hash) ?? (IsMerging ? FirstRoutable(_pending, hash) : null);
    }

    /// <summary>All servers that hold a hash and can answer, the first owner first; during a merge the coming owners after them.</summary>
    /// <param name="hash">The routing hash.</param>
    public IReadOnlyList<ServerRecord> Candidates(ulong hash)
    {
        var found = new List<ServerRecord>();
        AddHolders(_base, hash, found);
        if (IsMerging) AddHolders(_pending, hash, found);
        return found;
    }

    /// <summary>The servers that own a hash in the present ring, whether up or not: the first owner and the replicas.</summary>
    /// <param name="hash">The routing hash.</param>
    public IReadOnlyList<ServerRecord> Owners(ulong hash)
    {
        var owners = new ServerRecord[Math.Min(Replicas + 1, _base.Length)];
        for (var i = 0; i < owners.Length; i++) owners[i] = Holder(_base, hash, i);
        return owners;
    }

    private static ServerRecord Holder(ServerRecord[] slots, ulong hash, int copy) =>
        slots[(int)(((hash % (ulong)slots.Length) + (ulong)copy) % (ulong)slots.Length)];

    private ServerRecord? FirstRoutable(ServerRecord[] slots, ulong hash)
    {
        for (var copy = 0; copy <= Replicas && copy < slots.Length; copy++)
        {
            var status = Holder(slots, hash, copy).Status;
            if (status.CanAnswer && status.TakesRoutedKeys) return Holder(slots, hash, copy);
        }

        return null;
    }

    private ServerRecord? RouteInTurn(uint turn)
    {
        var able = _servers.Count(s => s.Status is { IsServicing: true, IsSuspended: false });
        return able == 0
            ? null
            : _servers.Where(s => s.Status is { IsServicing: true, IsSuspended: false }).ElementAt((int)(turn % (uint)able));
    }

    private void AddHolders(ServerRecord[] slots, ulong hash, List<ServerRecord> found)
    {
        for (var copy = 0; copy <= Replicas && copy < slots.Length; copy++)
        {
            var holder = Holder(slots, hash, copy);
            if (holder.Status.CanAnswer && !found.Exists(f => f.Id == holder.Id)) found.Add(holder);
        }
    }

    /// <returns>What is known of a server after one more record of it: the known record itself when nothing changes.</returns>
    private static ServerRecord? Merged(ServerRecord? known, ServerRecord record, DateTimeOffset now)
    {
        record = record with { StatusTime = record.StatusTime.Normalised(now) };
        if (known is null) return record.Status == NodeStatus.Absent || !record.Status.IsServer ? null : record;
        // Whole seconds: within one second the last message wins.
        if (record.StatusTime < known.StatusTime) record = record with { Status = known.Status, StatusTime = known.StatusTime };
        return Same(known, record) ? known : record;
    }

    private RingState With(IEnumerable<ServerRecord> servers) => new(IdType, Mode, Replicas, servers);

    // Slots are this side's own computation, so a difference there alone is none.
    private static bool Same(ServerRecord known, ServerRecord record) =>
        known.Status == record.Status && known.StatusTime == record.StatusTime && known.Port == record.Port
        && known.ControlPort == record.ControlPort
        && known.Name == record.Name && known.Cuk == record.Cuk && known.CustomSeed == record.CustomSeed && known.Tls == record.Tls
        && known.Endpoints.SequenceEqual(record.Endpoints) && known.ControlEndpoints.SequenceEqual(record.ControlEndpoints)
        && known.ForwardPeers.SequenceEqual(record.ForwardPeers) && known.ReversePeers.SequenceEqual(record.ReversePeers);

    private static int Compare(NodeIdType idType, ServerRecord x, ServerRecord y)
    {
        var bySeed = CompareBytes(x.CustomSeed, y.CustomSeed);
        if (idType == NodeIdType.Custom && bySeed != 0) return bySeed;
        var byName = CompareBytes(x.Name, y.Name);
        if (byName != 0) return byName;
        var byPort = unchecked((short)x.ControlPort).CompareTo(unchecked((short)y.ControlPort));
        if (byPort != 0) return byPort;
        var byCuk = CompareBytes(x.Cuk, y.Cuk);
        return byCuk != 0 ? byCuk : bySeed;
    }

    // UTF-16 ordinal order differs from byte order beyond the BMP only; names and seeds are compared as bytes.
    private static int CompareBytes(string x, string y) =>
        System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y));
}
