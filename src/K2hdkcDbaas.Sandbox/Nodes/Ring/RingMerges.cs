using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Sandbox.Nodes.Ring;

/// <summary>
/// Takes the servers of a ring in and out of service and moves the data that this asks for, step by step and over time as chmpx does.
/// </summary>
internal sealed class RingMerges : IAsyncDisposable
{
    // Seen on real rings: an empty merge lasts some 100 ms.
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LeastMergeTime = TimeSpan.FromMilliseconds(90);
    private const int KeysAtOnce = 256;

    private readonly NodeRing _ring;
    private readonly NodeRuntimeOptions _options;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Task _driver;
    private CancellationTokenSource? _merge;
    private bool _requested;
    private bool _held;
    private bool _isStuck;

    public RingMerges(NodeRing ring, NodeRuntimeOptions options)
    {
        _ring = ring;
        _options = options;
        _driver = Task.Run(DriveAsync);
    }

    /// <summary>Whether the ring merges by itself.</summary>
    public bool IsAutomatic => _ring.Members.Any(m => !m.HoldsMerges && IsOn(m, "AUTOMERGE"));

    /// <summary>A node has come up: out of service, and its store not attached yet. Under the lock.</summary>
    public void Joined(RingMember node)
    {
        _held = false;
        node.HoldsMerges = _ring.Members.Any(m => m.HoldsMerges);
        _ring.Change((node.Id, NodeStatus.OutOfService.WithSuspended(true)));
        _ = AttachAsync(node);
    }

    /// <summary>A node has gone without notice. Under the lock, after it was taken from the members.</summary>
    public void Gone(ulong id)
    {
        if (_merge is not null)
        {
            _merge.Cancel();
            BackToPending(except: id);
            _held = false;
        }

        _ring.Change((id, _ring.StatusOf(id).Down()));
        Wake();
    }

    public void Wake() => _wake.Release();

    /// <summary>Puts a node into service (SERVICEIN). Under the lock.</summary>
    /// <returns>Whether its status allowed it.</returns>
    public bool ServiceIn(ulong id)
    {
        NodeStatus? next = _ring.StatusOf(id).Value switch
        {
            0x11 => new NodeStatus(0x1121),
            0x1221 => NodeStatus.InService,
            _ => null,
        };
        return Request(id, next);
    }

    /// <summary>Asks for a server to leave the ring (SERVICEOUT). Under the lock.</summary>
    /// <returns>Whether its status allowed it.</returns>
    public bool ServiceOut(ulong id)
    {
        var status = _ring.StatusOf(id);
        NodeStatus? next = (status.Value & 0xFFFF) switch
        {
            0x21 or 0x1021 => new NodeStatus(0x1221).WithSuspended(status.IsSuspended),
            0x1121 => NodeStatus.OutOfService.WithSuspended(status.IsSuspended),
            0x20 => new NodeStatus(0x1220),
            _ => null,
        };
        return Request(id, next);
    }

    /// <summary>Starts a merge of what is pending (MERGE). Under the lock.</summary>
    /// <returns>Whether the servers' states allowed it.</returns>
    public bool Start()
    {
        if (!CanStart()) return false;
        _requested = true;
        _held = false;
        Wake();
        return true;
    }

    /// <summary>
    /// Stops a merge; what was pending stays pending (ABORTMERGE). One that is stuck hears of it only through the control port of the
    /// server that merges, and goes on by itself then; through any other port nothing changes. Under the lock.
    /// </summary>
    /// <param name="by">The server whose control port the command came to.</param>
    public void Abort(RingMember by)
    {
        if (!_ring.State.IsMerging || (_isStuck && _ring.StatusOf(by.Id).Merge != MergeProgress.Doing)) return;
        _merge?.Cancel();
        _held = !_isStuck;
        BackToPending(except: null);
        Wake();
    }

    /// <summary>Ends a merge whose data has moved (COMPMERGE). Under the lock.</summary>
    /// <returns>False while a server still moves data.</returns>
    public bool Complete()
    {
        var changes = new List<(ulong, NodeStatus)>();
        foreach (var server in _ring.State.Servers)
        {
            if (server.Status.Membership != RingMembership.ServiceIn) continue;
            if (server.Status is { IsUp: true, Merge: MergeProgress.Doing }) return false;
            if (server.Status.Merge != MergeProgress.Done) continue;
            var left = server.Status.IsUp ? NodeStatus.OutOfService.WithSuspended(server.Status.IsSuspended) : NodeStatus.Absent;
            changes.Add((server.Id, server.Status.Action == RingAction.Delete ? left : NodeStatus.InService));
        }

        if (changes.Count > 0) _ring.Change([.. changes]);
        if (_ring.Members.Count > 0) _ring.Learn(_ring.Members[0]);
        Wake();
        return true;
    }

    /// <summary>Holds merges off (SUSPENDMERGE); the command goes around the ring. Under the lock.</summary>
    public void Suspend()
    {
        foreach (var member in _ring.Members) (member.HoldsMerges, member.WantsService) = (true, false);
    }

    /// <summary>Lets merges go again (NOSUSPENDMERGE); the command goes around the ring. Under the lock.</summary>
    public void Resume()
    {
        foreach (var member in _ring.Members) member.HoldsMerges = false;
        _held = false;
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _driver.ConfigureAwait(false);
        _end.Dispose();
        _wake.Dispose();
    }

    private static bool IsOn(RingMember member, string key) =>
        member.Configuration.Settings.TryGetValue(key, out var text) && text.ToUpperInvariant() is "ON" or "YES" or "Y" or "TRUE" or "1";

    private bool Request(ulong id, NodeStatus? next)
    {
        if (next is not { } status) return false;
        _held = false;
        _ring.Change((id, status));
        Wake();
        return true;
    }

    private bool CanStart()
    {
        if (_ring.State.IsMerging) return false;
        foreach (var server in _ring.State.Servers)
        {
            var status = server.Status;
            if (status.Membership != RingMembership.ServiceIn) continue;
            if (status.IsUp ? status.IsSuspended : status.Action == RingAction.None) return false;
        }

        return true;
    }

    private async Task AttachAsync(RingMember node)
    {
        try
        {
            await Task.Delay(node.Description.AttachTime, _ring.Clock, _end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_ring.Gate)
        {
            if (!node.IsRunning) return;
            var status = _ring.StatusOf(node.Id);
            if (status.IsSuspended) _ring.Change((node.Id, status.WithSuspended(false)));
        }

        Wake();
    }

    private async Task DriveAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_end.Token).ConfigureAwait(false);
                while (await StepAsync(_end.Token).ConfigureAwait(false))
                {
                    // One thing may call for the next.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The ring ends.
        }
    }

    private async Task<bool> StepAsync(CancellationToken ct)
    {
        bool isAutomatic, start;
        lock (_ring.Gate)
        {
            isAutomatic = IsAutomatic;
            if (isAutomatic && !_ring.State.IsMerging && TakeOutOrIn()) return true;
            start = (isAutomatic && !_held) || _requested;
            start &= CanStart() && _ring.State.Servers.Any(s => s.Status.Merge == MergeProgress.Pending);
            if (start) _merge = CancellationTokenSource.CreateLinkedTokenSource(ct);
            _requested = false;
        }

        if (!start) return false;
        await Task.Delay(StepTime, _ring.Clock, ct).ConfigureAwait(false);
        return await MergeAsync(_merge!, ct).ConfigureAwait(false);
    }

    // What an automatic ring does before it merges anything: servers that are down leave, waiting ones come in.
    private bool TakeOutOrIn()
    {
        foreach (var server in _ring.State.Servers)
        {
            var status = server.Status;
            if (status is { Membership: RingMembership.ServiceIn, IsUp: false, Action: RingAction.None })
            {
                _ring.Change((server.Id, new NodeStatus(0x1220)));
                return true;
            }

            if (status.Value is 0x1220 or 0x3220)
            {
                _ring.Change((server.Id, NodeStatus.Absent));
                return true;
            }

            if (status == NodeStatus.OutOfService && _ring.Find(server.Id) is { WantsService: true } node)
            {
                node.WantsService = false;
                _ring.Change((server.Id, new NodeStatus(0x1121)));
                return true;
            }
        }

        return false;
    }

    private async Task<bool> MergeAsync(CancellationTokenSource merge, CancellationToken ct)
    {
        try
        {
            lock (_ring.Gate)
            {
                if (merge.IsCancellationRequested || !CanStart()) return false;
                Advance(MergeProgress.Pending, MergeProgress.Doing);
            }

            var started = _ring.Clock.GetTimestamp();
            if (_options.Faults.Takes(_ring.Cluster, MergeProgress.Doing))
            {
                lock (_ring.Gate) _isStuck = true;
                await Task.Delay(Timeout.InfiniteTimeSpan, _ring.Clock, merge.Token).ConfigureAwait(false);
            }

            if (_ring.Members.Any(m => IsOn(m, "DOMERGE"))) await MoveAsync(started, merge.Token).ConfigureAwait(false);
            var rest = LeastMergeTime - _ring.Clock.GetElapsedTime(started);
            if (rest > TimeSpan.Zero) await Task.Delay(rest, _ring.Clock, merge.Token).ConfigureAwait(false);
            lock (_ring.Gate)
            {
                merge.Token.ThrowIfCancellationRequested();
                Advance(MergeProgress.Doing, MergeProgress.Done);
            }

            await Task.Delay(StepTime, _ring.Clock, merge.Token).ConfigureAwait(false);
            lock (_ring.Gate)
            {
                merge.Token.ThrowIfCancellationRequested();
                if (IsAutomatic && !_options.Faults.Takes(_ring.Cluster, MergeProgress.Done)) Complete();
            }

            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return true;
        }
        finally
        {
            lock (_ring.Gate)
            {
                if (_merge == merge) (_merge, _isStuck) = (null, false);
            }

            merge.Dispose();
        }
    }

    private void Advance(MergeProgress from, MergeProgress to)
    {
        var changes = _ring.State.Servers.Where(s => s.Status.Merge == from && s.Status.Membership == RingMembership.ServiceIn)
            .Select(s => (s.Id, new NodeStatus((s.Status.Value & ~0x3000UL) | (ulong)to)));
        _ring.Change([.. changes]);
    }

    // A leave that is broken off is not taken up again: the server stays, with a merge before it (MergeAbort in chmeventsock.cc).
    private void BackToPending(ulong? except)
    {
        var changes = new List<(ulong, NodeStatus)>();
        foreach (var server in _ring.State.Servers)
        {
            if (!server.Status.IsMerging || server.Id == except) continue;
            var (membership, pending) = ((ulong)RingMembership.ServiceIn, (ulong)MergeProgress.Pending);
            var action = server.Status.Action == RingAction.Add ? (ulong)RingAction.Add : 0;
            changes.Add((server.Id, server.Status.IsUp ? new NodeStatus(membership | action | pending | 1) : server.Status));
        }

        if (changes.Count > 0) _ring.Change([.. changes]);
    }

    // Every server that merges asks the others for what it is to hold, up to the moment of asking. What is written later is the business of
    // NodeRing.Replicate.
    private async Task MoveAsync(long started, CancellationToken ct)
    {
        List<(MergeRequest Request, RingMember From, byte[][] Keys)> answers = [];
        lock (_ring.Gate)
        {
            foreach (var member in _ring.Members.Where(Fetches))
            {
                if (MergeRequest.Of(member, _ring.State) is not { } request) continue;
                foreach (var other in _ring.Members)
                    if (other != member && Answers(other)) answers.Add((request, other, other.Keys.Store.Keys()));
            }
        }

        long moved = 0;
        foreach (var (request, from, keys) in answers)
        {
            for (var at = 0; at < keys.Length; at += KeysAtOnce)
            {
                var count = Math.Min(KeysAtOnce, keys.Length - at);
                lock (_ring.Gate)
                {
                    ct.ThrowIfCancellationRequested();
                    foreach (var key in keys.AsSpan(at, count))
                        if (from.Keys.Store.Find(key) is { } entry && request.Filter.Includes(K2hash.Hash(key), entry))
                            request.Member.Keys.Accept(key, entry, request.Filter.Asked);
                }

                moved += count;
                var ahead = TimeSpan.FromSeconds(moved / _options.KeysPerSecond) - _ring.Clock.GetElapsedTime(started);
                if (ahead > StepTime) await Task.Delay(ahead, _ring.Clock, ct).ConfigureAwait(false);
            }
        }
    }

    private bool Fetches(RingMember member)
    {
        var status = _ring.StatusOf(member.Id);
        return _options.Merge == MergeBehavior.Patched
            ? status is { Membership: RingMembership.ServiceIn, CanAnswer: true }
            : status.Merge == MergeProgress.Doing;
    }

    private bool Answers(RingMember member) => _ring.StatusOf(member.Id) is { OwnsBaseSlot: true, CanAnswer: true };
}
