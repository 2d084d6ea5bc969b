using System.Collections.Concurrent;
using K2hdkcDbaas.Protocol.Commands;
using K2hdkcDbaas.Protocol.Hashing;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Sandbox.Nodes;
using K2hdkcDbaas.Sandbox.Tests.Nodes.Rings;

namespace K2hdkcDbaas.Sandbox.Tests.Nodes;

/// <summary>The least slave that can follow a ring: keeps its state by the nodes' notices alone and routes as chmpx does.</summary>
internal sealed class RawRingClient(RingUnderTest ring) : IDisposable
{
    private readonly ConcurrentDictionary<ulong, RawSlave> _slaves = new();
    private readonly string _seed = Guid.NewGuid().ToString();
    private RingState _state = new(NodeIdType.Custom, DeliveryMode.Hash, 1, []);

    public RawRingClient(SandboxRing ring)
        : this(new SandboxRingUnderTest(ring))
    {
    }

    public async Task JoinAsync(CancellationToken ct)
    {
        foreach (var server in ring.Servers)
        {
            if (server is null || (_slaves.TryGetValue(server.Id, out var known) && !known.Closed.IsCompleted)) continue;
            known?.Dispose();
            var slave = _slaves[server.Id] = await RawSlave.JoinAsync(server, ring.Group, ct, _seed);
            if (_state.Servers.Count == 0) _state = _state.MergeAll(await slave.ServersAsync(ct), DateTimeOffset.UtcNow);
        }
    }

    /// <summary>
    /// Waits until the notices have told what a server says of the ring now: a request that goes by old ones finds nothing.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        await JoinAsync(ct);
        var asked = _slaves.Values.First(s => !s.Closed.IsCompleted);
        while (!(await asked.ServersAsync(ct)).All(s => _state.Find(s.Id)?.Status == s.Status))
        {
            await Task.Delay(5, ct);
            Hear();
        }
    }

    /// <summary>Sends a request where it belongs, again after a silence or when the ring has changed.</summary>
    public async Task<CommandReply> CallAsync(CommandRequest request, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            Hear();
            var target = _state.Route(request.RoutingHash);
            if (target is null || !_slaves.TryGetValue(target.Id, out var connection) || connection.Closed.IsCompleted)
            {
                await JoinAsync(ct);
                await Task.Delay(5, ct);
                continue;
            }

            if (await connection.CallAsync(request, ct, RawSlave.Silence) is { } reply) return reply;
        }
    }

    public void Dispose()
    {
        foreach (var slave in _slaves.Values) slave.Dispose();
    }

    private void Hear()
    {
        foreach (var slave in _slaves.Values)
            while (slave.Notices.TryDequeue(out var record)) _state = _state.Merge(record, DateTimeOffset.UtcNow);
    }
}
