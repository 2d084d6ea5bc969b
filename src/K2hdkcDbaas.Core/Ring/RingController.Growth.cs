using System.Collections.Concurrent;
using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Ring;

/// <content>New nodes are held off until the keys that move to them are there.</content>
public sealed partial class RingController
{
    // How long a node that runs may take until it asks to join, and again until it begins once nothing holds it off.
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(5);

    // How long a server may seem down while the ring takes in another.
    private static readonly TimeSpan UpLimit = TimeSpan.FromSeconds(40);

    // A node that has been told so often not to merge, while it was up, does not ask by itself any more: the first word may have come
    // before the others passed any on to it.
    private const int WordsThatHold = 2;

    // How often a hold is renewed while a node boots, beside the times when the ring's members change.
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GuardLook = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Lets new nodes join one by one. Merges are held off while a node boots; once the ring knows it, and with it its place, the keys that
    /// move are copied, and only then it is let in.
    /// </summary>
    /// <param name="launch">Makes one node and waits until it runs.</param>
    /// <param name="address">The made node's address; null when it has none.</param>
    /// <param name="pass">The membership of this host, which lasts over several nodes.</param>
    /// <param name="options">How long to wait, and who watches.</param>
    /// <param name="cancellationToken">Stops the change; <see cref="SyncAsync(FlowOptions, CancellationToken)"/> finishes what was
    /// begun.</param>
    /// <param name="replaced">A node out of service whose place the new one takes, with its id; null for none.</param>
    internal async Task<T> GrowAsync<T>(
        Func<CancellationToken, Task<T>> launch, Func<T, string?> address, RingPass pass, FlowOptions options,
        CancellationToken cancellationToken, RingNode? replaced = null)
    {
        await SettleAsync(_ => true, true, options, cancellationToken).ConfigureAwait(false);
        var client = await ConnectAsync(pass, cancellationToken).ConfigureAwait(false);
        await using var __ = client.ConfigureAwait(false);
        var (direct, mover) = await MoverAsync(client, $"Adding a node to {Ring}", options, cancellationToken).ConfigureAwait(false);
        // One that is down may be recreated with its name, and comes back with its id.
        var known = direct.State.Servers.Where(s => s.Status.CanAnswer && (replaced is null || !IsSame(s, replaced))).Select(s => s.Id)
            .ToHashSet();
        var hold = await HoldMergesAsync(options, cancellationToken).ConfigureAwait(false);
        var released = false;
        using var guarded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var told = new ConcurrentDictionary<ulong, int>();
        var guard = GuardAsync(direct, hold, told, guarded.Token);
        async Task ReleaseAsync()
        {
            if (released) return;
            released = true;
            await guarded.CancelAsync().ConfigureAwait(false);
            await guard.ConfigureAwait(false);
            await hold.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            var made = await launch(cancellationToken).ConfigureAwait(false);
            var newcomer = await NewcomerAsync(direct, known, told, options, cancellationToken).ConfigureAwait(false);
            if (newcomer.Status == NodeStatus.InService)
            {
                options.Observer.Warning($"{NameOf(newcomer)} has joined before its keys could be copied; they are put in place now.");
                await ReleaseAsync().ConfigureAwait(false);
                await SyncAsync(pass, options, cancellationToken).ConfigureAwait(false);
                return made;
            }

            await AllUpAsync(direct, known, options, cancellationToken).ConfigureAwait(false);
            await MoveAsync(client, mover, newcomer, joins: true, async ct =>
            {
                await ReleaseAsync().ConfigureAwait(false);
                ct.ThrowIfCancellationRequested();
                await LetInAsync(direct, newcomer, address(made), ct).ConfigureAwait(false);
            }, options, cancellationToken).ConfigureAwait(false);
            return made;
        }
        finally
        {
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    // A newcomer changes who is connected to whom, and a server whose new link has failed is taken for down until that is mended.
    private async Task AllUpAsync(IDirectAccess direct, HashSet<ulong> known, FlowOptions options, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, UpLimit);
        while (direct.State.Servers.FirstOrDefault(s => known.Contains(s.Id) && !s.Status.IsUp) is { } down)
        {
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            options.Observer.Warning(
                $"The other servers of ring '{Ring}' take {NameOf(down)} for down ({down.Status}); the keys' other copies are used.");
            return;
        }
    }

    // Nodes that read the new configuration forget the hold (chmpx resets it with each reading), and word of the newcomer comes with it.
    private async Task GuardAsync(IDirectAccess direct, IMergeHold hold, ConcurrentDictionary<ulong, int> told,
        CancellationToken cancellationToken)
    {
        var (seen, renewed) = ("", 0L);
        try
        {
            while (true)
            {
                var servers = direct.State.Servers;
                var now = string.Join(' ', servers.Select(s => $"{s.Id:x}{s.Status}"));
                if (now != seen || time.GetElapsedTime(renewed) > RenewEvery)
                {
                    (seen, renewed) = (now, time.GetTimestamp());
                    if (await hold.RenewAsync(cancellationToken).ConfigureAwait(false))
                    {
                        foreach (var server in servers.Where(s => s.Status.IsUp)) told.AddOrUpdate(server.Id, 1, (_, n) => n + 1);
                    }
                }

                await Task.Delay(GuardLook, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The newcomer is let in.
        }
    }

    // A node that was held off before it asked to join does not ask again by itself.
    private async Task LetInAsync(IDirectAccess direct, ServerRecord newcomer, string? address, CancellationToken cancellationToken)
    {
        // It joins by itself, or now: each second that passes, writes go where the new ring does not look.
        var port = new ControlPortClient(ControlOf(newcomer, address), Limit, time);
        var poll = new Poll(time, JoinLimit);
        DbaasException? last = null;
        do
        {
            if (direct.State.Find(newcomer.Id)?.Status is { } now && !IsOut(now)) return;
            try
            {
                await port.ServiceInAsync(cancellationToken).ConfigureAwait(false);
                last = null;
            }
            catch (DbaasException e)
            {
                // It may just have begun by itself.
                last = e;
            }
        }
        while (await poll.NextAsync(cancellationToken).ConfigureAwait(false));
        if (last is not null && direct.State.Find(newcomer.Id)?.Status is { } then && IsOut(then)) throw last;
    }

    private async Task<ServerRecord> NewcomerAsync(IDirectAccess direct, HashSet<ulong> known, ConcurrentDictionary<ulong, int> told,
        FlowOptions options, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        while (true)
        {
            if (direct.State.Servers.FirstOrDefault(
                s => !known.Contains(s.Id) && s.Status.CanAnswer && (s.Status.OwnsPendingSlot || IsOut(s.Status))) is { } found
                && (found.Status.OwnsPendingSlot || poll.Elapsed > JoinLimit
                    || told.GetValueOrDefault(found.Id) >= WordsThatHold)) return found;
            options.Observer.Progress(new FlowProgress($"Adding a node to {Ring}", "waiting until the ring knows it"));
            if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false))
                throw new DbaasException(ErrorKind.Timeout, ErrorIds.MergeTimeout,
                    $"The new node has not asked to join ring '{Ring}' within {poll.Elapsed.TotalSeconds:0} s.",
                    "Look at it with Get-K2hdkcNodeStatus; when it is in service, Sync-K2hdkcRing puts every key where it belongs.")
                { Target = Ring };
        }
    }
}
