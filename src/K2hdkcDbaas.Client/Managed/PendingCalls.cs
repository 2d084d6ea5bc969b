using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>A request on its way, and the task that its reply completes.</summary>
internal sealed class PendingCall(ulong messageId, ServerConnection connection, CommandRequest request, ReplySink? sink, long sentAt)
    : TaskCompletionSource<CommandReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private long _sentAt = sentAt;

    public ulong MessageId { get; } = messageId;

    public ServerConnection Connection { get; } = connection;

    public CommandType Command { get; } = request.Command;

    /// <summary>Takes a value too large for memory; null when the caller wants it in memory.</summary>
    public ReplySink? Sink { get; } = sink;

    private long Length { get; } = request.EncodedLength;

    /// <summary>When it was sent, or when the server last took or sent a part of it, in ticks of the time provider.</summary>
    public long SentAt => Interlocked.Read(ref _sentAt);

    /// <summary>
    /// How long it may wait where a small one waits a given time. Servers take a second for 8 to 50 MB of a large value before anything of
    /// it moves, and how large one to be read into a stream is nobody knows.
    /// </summary>
    public TimeSpan Allowed(TimeSpan patience) =>
        Sink is null ? patience + (TimeSpan.FromMilliseconds(125) * (Length >> 20)) : patience * 10;

    public void Renew(long now) => Interlocked.Exchange(ref _sentAt, now);
}

/// <summary>
/// All requests of one client that wait for a reply. One table for all connections: a server sends a reply on any connection of ours that
/// it finds. Deadlines are kept by one sweep in place of a timer per call.
/// </summary>
internal sealed class PendingCalls(TimeProvider time)
{
    private static readonly IReadOnlyList<PendingCall> Nothing = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, PendingCall> _calls = [];
    private uint _counter;

    /// <summary>The upper half of all message ids: that of this client's id.</summary>
    public ulong MessageBase { get; set; }

    public PendingCall Add(ServerConnection connection, CommandRequest request, ReplySink? sink)
    {
        lock (_lock)
        {
            // Real clients keep the top bit clear; the number may come round while an old call still waits.
            do _counter = (_counter + 1) & int.MaxValue;
            while (_counter == 0 || _calls.ContainsKey(MessageBase | _counter));
            var call = new PendingCall(MessageBase | _counter, connection, request, sink, time.GetTimestamp());
            _calls.Add(call.MessageId, call);
            return call;
        }
    }

    public void Remove(PendingCall call)
    {
        lock (_lock) _calls.Remove(call.MessageId);
    }

    /// <summary>The call that a reply belongs to, taken out of the table; null for a late one, which is nobody's.</summary>
    public PendingCall? Take(ulong messageId)
    {
        lock (_lock) return _calls.Remove(messageId, out var call) ? call : null;
    }

    /// <summary>The call that a reply belongs to, left where it is; null for a late one.</summary>
    public PendingCall? Find(ulong messageId)
    {
        lock (_lock) return _calls.GetValueOrDefault(messageId);
    }

    /// <summary>Takes out all calls of a connection that is lost.</summary>
    public IReadOnlyList<PendingCall> TakeAll(ServerConnection connection) => TakeWhere(call => call.Connection == connection);

    /// <summary>Takes out all calls that have waited for longer than is allowed to them.</summary>
    public IReadOnlyList<PendingCall> TakeOverdue(TimeSpan patience) =>
        TakeWhere(call => time.GetElapsedTime(call.SentAt) >= call.Allowed(patience));

    private IReadOnlyList<PendingCall> TakeWhere(Func<PendingCall, bool> wanted)
    {
        lock (_lock)
        {
            List<PendingCall>? taken = null;
            foreach (var call in _calls.Values)
                if (wanted(call)) (taken ??= []).Add(call);
            if (taken is null) return Nothing;
            foreach (var call in taken) _calls.Remove(call.MessageId);
            return taken;
        }
    }
}
