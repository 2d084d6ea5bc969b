using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Core.Ring;

/// <content>Where keys are, and putting them where they belong, whoever changed the ring.</content>
public sealed partial class RingController
{
    /// <summary>
    /// Puts every key where it belongs, and finishes what a change that broke off has left. Where nothing is known of the change (another
    /// tool made it), a key that only servers have which are no holders of it counts as hidden and comes back; keys removed since then come
    /// back with it.
    /// </summary>
    /// <param name="options">How long to wait for the ring, and who watches.</param>
    /// <param name="cancellationToken">Stops the work; run again, it goes on.</param>
    /// <returns>What was found and done.</returns>
    public async Task<RingFindings> SyncAsync(FlowOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var pass = await AdmitAsync(options, cancellationToken).ConfigureAwait(false);
        await using var member = pass.ConfigureAwait(false);
        return await SyncAsync(pass, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks where keys are.</summary>
    /// <param name="keys">The keys to look at; null for all that are stored.</param>
    /// <param name="repair">Puts what is not where it belongs there; asked once per key that needs it. Null for no.</param>
    /// <param name="onKey">Told of each given key, or of all keys those that are not where they belong.</param>
    /// <param name="options">Who watches.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    public async Task<RingFindings> TestAsync(
        IReadOnlyList<ReadOnlyMemory<byte>>? keys, Func<KeyPlaces, bool>? repair, Func<KeyPlaces, Task> onKey, FlowOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onKey);
        var pass = await AdmitAsync(options, cancellationToken).ConfigureAwait(false);
        await using var member = pass.ConfigureAwait(false);
        await SettleAsync(_ => true, false, options, cancellationToken).ConfigureAwait(false);
        var client = await ConnectAsync(pass, cancellationToken).ConfigureAwait(false);
        await using var __ = client.ConfigureAwait(false);
        var (direct, mover) = await MoverAsync(client, $"Looking at the keys of {Ring}", options, cancellationToken).ConfigureAwait(false);
        var map = RingMap.Of(direct.State);
        var servers = Running(direct.State);
        var wrong = new List<ReadOnlyMemory<byte>>();
        var sum = await mover.AuditAsync(map, servers, keys, async places =>
        {
            if (places.Placement is not (KeyPlacement.Ok or KeyPlacement.Missing) && repair?.Invoke(places) == true) wrong.Add(places.Key);
            await onKey(places).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        if (wrong.Count == 0) return sum;
        var done = await mover.RepairAsync(map, servers, wrong, cancellationToken).ConfigureAwait(false);
        return sum with { Written = done.Written, Removed = done.Removed };
    }

    private async Task<RingFindings> SyncAsync(RingPass pass, FlowOptions options, CancellationToken cancellationToken)
    {
        var status = await SettleAsync(_ => true, true, options, cancellationToken).ConfigureAwait(false);
        if (status.Servers.FirstOrDefault(s => s.Status is { Membership: RingMembership.ServiceIn, CanAnswer: false }) is { } down)
            throw AtRisk(NameOf(down), "it is in service but down, and may hold the newest copy of some keys");
        var client = await ConnectAsync(pass, cancellationToken).ConfigureAwait(false);
        await using var _ = client.ConfigureAwait(false);
        var (direct, mover) =
            await MoverAsync(client, $"Putting the keys of {Ring} in place", options, cancellationToken).ConfigureAwait(false);
        if (Running(direct.State).Count < 2 || direct.State.Mode == DeliveryMode.Random) return new RingFindings();
        var left = await RingNote.ReadAsync(direct, Running(direct.State).Select(s => s.Id), cancellationToken).ConfigureAwait(false);
        var note = await TakeNoteAsync(direct,
            (left ?? new RingNote { Run = "", Owner = "" }) with
            {
                Run = Guid.NewGuid().ToString("N"),
                Owner = Owner,
                Started = left?.Started ?? time.GetUtcNow()
            }, options, cancellationToken, isRepair: true).ConfigureAwait(false);
        var kept = new KeptNote(direct, note, time);
        await using var __ = kept.ConfigureAwait(false);
        if (left is { Member.Length: > 0 } && RingMap.From(direct.State, [.. left.Before]) is not null)
        {
            var hasSwitched =
                direct.State.Find(left.MemberId)?.Status.Membership == (left.Joins ? RingMembership.ServiceIn : RingMembership.ServiceOut);
            options.Observer.Verbose(
                $"A change of {left.Started:u} ({left.What}) broke off {(hasSwitched ? "after" : "before")} the switch.");
            // Before it nothing was lost to sight: copies that had gone ahead are strays.
            if (hasSwitched && left.Switched != StoredTime.None)
                return await FinishAsync(direct, mover, kept, note, left.Copied, true, options, cancellationToken).ConfigureAwait(false);
        }

        var findings = await mover.ReconcileAsync(RingMap.Of(direct.State), Running(direct.State), null, true,
            cancellationToken).ConfigureAwait(false);
        await kept.DropAsync(cancellationToken).ConfigureAwait(false);
        return findings;
    }
}
