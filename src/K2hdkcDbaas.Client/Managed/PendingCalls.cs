using K2hdkcDbaas.Protocol.Commands;

namespace K2hdkcDbaas.Client.Managed;

/// <summary>A request on its way, and the task that its reply completes.</summary>
internal sealed class PendingCall(ulong messageId, ServerConnection connection, CommandType command, long sentAt)
    : TaskCompletionSource<CommandReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ulong MessageId { get; } = messageId;

    public ServerConnection Connection { get; } = connection;

    public CommandType Command { get; } = command;

    /// <summary>When it was sent, in ticks of the time provider.</summary>
    public long SentAt { get; } = sentAt;
}

/// <summary>
/// All requests of one client that wait for a reply. One table for all connections: a server sends a reply on any connection of ours that it finds.
/// Deadlines are kept by one sweep in place of a timer per call.
/// </summary>
internal sealed class PendingCalls(TimeProvider time)
{
    private static readonly IReadOnlyList<PendingCall> Nothing = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, PendingCall> _calls = [];
    private uint _counter;

    /// <summary>The upper half of all message ids: that of this client's id.</summary>
    public ulong MessageBase { get; set; }

    public PendingCall Add(ServerConnection connection, CommandType command)
    {
        lock (_lock)
        {
            // Real clients keep the top bit clear; the number may come round while an old call still waits.
            do _counter = (_counter + 1) & int.MaxValue;
            while (_counter == 0 || _calls.ContainsKey(MessageBase | _counter));
            var call = new PendingCall(MessageBase | _counter, connection, command, time.GetTimestamp());
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

    /// <summary>Takes out all calls of a connection that is lost.</summary>
    public IReadOnlyList<PendingCall> TakeAll(ServerConnection connection) => TakeWhere(call => call.Connection == connection);

    /// <summary>Takes out all calls that were sent before a moment.</summary>
    public IReadOnlyList<PendingCall> TakeOlderThan(TimeSpan age) => TakeWhere(call => time.GetElapsedTime(call.SentAt) >= age);

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
