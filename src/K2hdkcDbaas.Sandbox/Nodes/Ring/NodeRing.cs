using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes.Store;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>The nodes of one cluster in this process, their common state and their data.</summary>
/// <remarks>
/// State and data change together (a write goes to the holders of the moment), so one lock guards both; what is done under it takes
/// microseconds.
/// </remarks>
internal sealed class NodeRing : IAsyncDisposable
{
    private readonly CommandProcessor _processor;
    private readonly List<RingMember> _members = [];
    private readonly bool _leavesJoinersOut;

    public NodeRing(string cluster, RingState empty, NodeRuntimeOptions options)
    {
        Cluster = cluster;
        State = empty;
        Clock = options.Clock;
        _leavesJoinersOut = options.Merge == MergeBehavior.Released;
        _processor = new CommandProcessor(this);
        Merges = new RingMerges(this, options);
    }

    /// <summary>Name of the cluster that its nodes are of.</summary>
    public string Cluster { get; }

    /// <summary>Takes servers in and out of service.</summary>
    public RingMerges Merges { get; }

    public TimeProvider Clock { get; }

    /// <summary>Guards <see cref="State"/>, <see cref="Members"/> and every member's data.</summary>
    public Lock Gate { get; } = new();

    /// <summary>All servers that the nodes know of, with their slots. Replaced as a whole.</summary>
    public RingState State { get; private set; }

    /// <summary>The nodes that run.</summary>
    public IReadOnlyList<RingMember> Members => _members;

    public StatusTime Now => StatusTime.From(Clock.GetUtcNow());

    public CommandReply? Run(RingMember node, CommandRequest request)
    {
        lock (Gate)
        {
            return node.IsRunning ? _processor.Run(node, request) : null;
        }
    }

    /// <summary>Runs a command on the node that owns its key, as a server asks another one. Under the lock.</summary>
    /// <returns>Null when no node can take it or it does not answer.</returns>
    public CommandReply? Nested(CommandRequest request) =>
        State.Route(request.RoutingHash) is { } owner && Find(owner.Id) is { } node ? _processor.Run(node, request) : null;

    /// <summary>Sends a key as it now is to the other nodes that hold copies of it. Under the lock.</summary>
    public void Replicate(RingMember from, ReadOnlyMemory<byte> key)
    {
        var hash = K2hash.Hash(key.Span);
        if (!from.Keys.Store.TryFind(key.Span, out var stored, out var entry)) stored = null;
        WireTime sent = default;
        foreach (var holder in CopyHolders(hash))
        {
            if (holder.Id == from.Id || Find(holder.Id) is not { } node) continue;
            if (sent == default)
            {
                sent = from.Keys.Now;
                stored ??= key.ToArray();
            }

            node.Keys.Accept(stored!, entry, sent);
        }
    }

    /// <summary>Removes the copies of a key. Under the lock.</summary>
    public void ReplicateRemoval(RingMember from, ReadOnlyMemory<byte> key)
    {
        foreach (var holder in CopyHolders(K2hash.Hash(key.Span)))
            if (holder.Id != from.Id && Find(holder.Id) is { } node) node.Keys.AcceptRemoval(key.Span, from.Keys.Now);
    }

    /// <summary>Ends the ring and every node in it.</summary>
    public async ValueTask DisposeAsync()
    {
        RingMember[] members;
        lock (Gate)
        {
            members = [.. _members];
        }

        foreach (var member in members)
            if (member.Listener is { } listener) await listener.DisposeAsync().ConfigureAwait(false);
        await Merges.DisposeAsync().ConfigureAwait(false);
    }

    // Released chmpx leaves a joining server out until its merge is over: what is written meanwhile does not reach it.
    private IEnumerable<ServerRecord> CopyHolders(ulong hash) =>
        State.Candidates(hash).Where(h => !_leavesJoinersOut || h.Status.Action != RingAction.Add);

    public RingMember? Find(ulong id)
    {
        foreach (var member in _members)
            if (member.Id == id) return member;
        return null;
    }

    public void Add(RingMember member)
    {
        _members.Add(member);
        Learn(member);
    }

    public void Remove(RingMember member)
    {
        member.IsRunning = false;
        _members.Remove(member);
    }

    /// <summary>
    /// Takes over the servers of a member's configuration and drops those that no member lists any more and that hold nothing. Under the
    /// lock.
    /// </summary>
    public void Learn(RingMember member)
    {
        var now = Now;
        var known = State.Servers.ToDictionary(s => s.Id);
        foreach (var server in member.Configuration.Servers)
        {
            var record = RingMember.RecordOf(member.Configuration, server, NodeStatus.Absent, now);
            known.TryAdd(record.Id, record);
        }

        // A node that comes back at another address keeps its id: where it is, itself knows best.
        if (known.TryGetValue(member.Id, out var before)) known[member.Id] = member.Record(before.Status, before.StatusTime);
        var listed = _members.SelectMany(
            m => m.Configuration.Servers.Select(s => RingMember.RecordOf(m.Configuration, s, NodeStatus.Absent, now).Id)).ToHashSet();
        var kept = known.Values.Where(s => listed.Contains(s.Id) || s.Status != NodeStatus.Absent);
        State = new RingState(member.Configuration.IdType, member.Configuration.DeliveryMode, member.Configuration.Replicas, kept);
    }

    /// <summary>Changes the status of some servers at once and tells every slave. Under the lock.</summary>
    public void Change(params ReadOnlySpan<(ulong Id, NodeStatus Status)> changes)
    {
        var before = State;
        var now = Now;
        var records = before.Servers.ToArray();
        foreach (var (id, status) in changes)
        {
            var at = Array.FindIndex(records, r => r.Id == id);
            if (at >= 0) records[at] = records[at] with { Status = status, StatusTime = now };
        }

        State = new RingState(before.IdType, before.Mode, before.Replicas, records);
        foreach (var record in State.Servers)
        {
            var old = before.Find(record.Id);
            if (old is null || old.Status != record.Status || old.BaseSlot != record.BaseSlot || old.PendingSlot != record.PendingSlot)
                Tell(record);
        }
    }

    /// <summary>Gives a server's record a new time and tells every slave, changed or not. Under the lock.</summary>
    public void Renew(ulong id)
    {
        if (State.Find(id) is not { } record) return;
        Change((id, record.Status));
        Tell(State.Find(id)!);
    }

    /// <summary>Sends a server's record to the slaves of every node, as the nodes do with each change they learn.</summary>
    public void Tell(ServerRecord record)
    {
        foreach (var member in _members)
            foreach (var session in member.Sessions) session.Tell(record);
    }

    public NodeStatus StatusOf(ulong id) => State.Find(id)?.Status ?? NodeStatus.Absent;
}
