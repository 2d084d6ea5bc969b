using System.Collections.Concurrent;
using K2hdkcDbaas.Sandbox.Nodes;

namespace K2hdkcDbaas.Sandbox.Guests;

/// <summary>The guests of one sandbox.</summary>
/// <param name="state">The sandbox.</param>
/// <param name="nodes">Runs the K2HDKC nodes in the guests; null leaves guests without: they register, and no ports answer.</param>
internal sealed class GuestRuntime(SandboxState state, INodeRuntime? nodes) : IGuestRuntime
{
    private readonly ConcurrentDictionary<string, Guest> _guests = new(StringComparer.Ordinal);
    private readonly DatabaseRings _rings = new();

    public Task BootAsync(GuestDescription guest, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(guest);
        var made = new Guest(guest, state, nodes, _rings);
        if (_guests.TryAdd(guest.Id, made))
        {
            made.PowerOn();
        }
        else
        {
            made.Dispose();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(string guestId, CancellationToken ct) =>
        _guests.TryGetValue(guestId, out var guest) ? guest.PowerOffAsync(ct) : Task.CompletedTask;

    public Task StartAsync(string guestId, CancellationToken ct)
    {
        if (_guests.TryGetValue(guestId, out var guest))
        {
            guest.PowerOn();
        }

        return Task.CompletedTask;
    }

    public async Task DestroyAsync(string guestId, CancellationToken ct)
    {
        if (_guests.TryRemove(guestId, out var guest))
        {
            await guest.VanishAsync(ct).ConfigureAwait(false);
            guest.Dispose();
        }
    }

    public Task ConfigureAsync(string guestId, IReadOnlyDictionary<string, string>? configuration, CancellationToken ct)
        => _guests.TryGetValue(guestId, out var guest) ? guest.ConfigureAsync(configuration, ct) : Task.CompletedTask;

    public Task<ReadOnlyMemory<byte>> SnapshotAsync(string guestId, CancellationToken ct)
        => _guests.TryGetValue(guestId, out var guest) ? guest.SnapshotAsync(ct) : Task.FromResult(ReadOnlyMemory<byte>.Empty);

    public string ConsoleLog(string guestId) => _guests.TryGetValue(guestId, out var guest) ? guest.Console.ToString() : "";

    public async ValueTask DisposeAsync()
    {
        foreach (var id in _guests.Keys.ToList())
        {
            await DestroyAsync(id, CancellationToken.None).ConfigureAwait(false);
        }

        _rings.Dispose();
        if (nodes is not null)
        {
            await nodes.DisposeAsync().ConfigureAwait(false);
        }
    }
}
