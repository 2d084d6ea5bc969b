using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;
using K2hdkcDbaas.Protocol.Values;

namespace K2hdkcDbaas.Core.Ring;

/// <content>
/// Changes that hide no key. Released chmpx lets only the joining or leaving server merge, so keys whose holders change between the others
/// would not be found: they are copied to their new holders before the switch, what is written meanwhile follows right after it, and copies
/// on servers that are no holders any more are removed, so that no later change serves them. See docs/ring-changes.md.
/// </content>
public sealed partial class RingController
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // Passes over what was written during the one before; the ring changes over after a short one.
    private const int MostPasses = 5;
    private static readonly TimeSpan ShortPass = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan NoteRace = TimeSpan.FromMilliseconds(500);

    // Clocks and the moment between a server's stamp and its store.
    private const int MarginSeconds = 1;

    /// <summary>
    /// What bringing a node into service, or taking it out, would come to, for a decision: nothing is changed, not even this host's
    /// membership. Where the ring does not answer this host yet, the configuration stands in for it.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="joins">Whether it comes into service.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<RingPlan> ForeseeAsync(RingNode node, bool joins, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        try
        {
            return await PlanAsync(node, joins, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (e.ErrorId == K2hdkcErrors.ControlPortFailed)
        {
            return Configured(node.Name, joins, joins ? Nodes.Count - 1 : Nodes.Count);
        }
    }

    /// <summary>The same for a node that is still to be made.</summary>
    /// <param name="name">What the node is called.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<RingPlan> ForeseeNewAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var (status, replicas) = await CountedAsync(cancellationToken).ConfigureAwait(false);
            return new RingPlan(name, true, InService(status), replicas);
        }
        catch (DbaasException e) when (e.ErrorId == K2hdkcErrors.ControlPortFailed)
        {
            return Configured(name, true, Nodes.Count);
        }
    }

    private RingPlan Configured(string name, bool joins, int before) =>
        new(name, joins, before, configuration.Replicas) { IsFromConfiguration = true };

    private async Task<RingPlan> PlanAsync(RingNode node, bool joins, CancellationToken cancellationToken)
    {
        var (status, replicas) = await CountedAsync(cancellationToken).ConfigureAwait(false);
        var record = status.Servers.FirstOrDefault(s => IsSame(s, node));
        return new RingPlan(record is null ? node.Name : NameOf(record), joins, InService(status), replicas)
        {
            IsDone = joins ? record?.Status == NodeStatus.InService : record is null || IsOut(record.Status),
        };
    }

    private async Task<(RingStatus Status, int Replicas)> CountedAsync(CancellationToken cancellationToken)
    {
        var (port, status) = await SpeakerAsync(null, cancellationToken).ConfigureAwait(false);
        return (status, DumpFacts.Read(await port.DumpAsync(cancellationToken).ConfigureAwait(false)).Replicas ?? configuration.Replicas);
    }

    private static int InService(RingStatus status) => status.Servers.Count(s => s.Status.OwnsBaseSlot);

    /// <summary>Brings a node into service; its keys are copied to where the new ring looks for them first.</summary>
    /// <param name="node">The node.</param>
    /// <param name="options">How long to wait, who watches, and whether the plain way is to be taken
    /// (<see cref="FlowOptions.Force"/>).</param>
    /// <param name="cancellationToken">Stops the change; run again, it goes on.</param>
    public async Task EnableAsync(RingNode node, FlowOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        var pass = await AdmitAsync(options, cancellationToken).ConfigureAwait(false);
        await using var member = pass.ConfigureAwait(false);
        var (_, status) = await SpeakerAsync(node, cancellationToken).ConfigureAwait(false);
        var record = Find(status, node);
        if (record?.Status == NodeStatus.InService)
        {
            options.Observer.Verbose($"{NameOf(record)} is in service.");
            return;
        }

        await ChangeAsync(node, node.Name, joins: true, pass, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a node out of service after its keys were copied to their new holders; it goes on running.</summary>
    /// <param name="node">The node; forced, it need not answer itself.</param>
    /// <param name="options">How long to wait, who watches, and whether the plain way is to be taken
    /// (<see cref="FlowOptions.Force"/>).</param>
    /// <param name="cancellationToken">Stops the change; run again, it goes on.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.DataAtRisk"/> unless forced.</exception>
    public async Task DisableAsync(RingNode node, FlowOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(options);
        var pass = await AdmitAsync(options, cancellationToken).ConfigureAwait(false);
        await using var member = pass.ConfigureAwait(false);
        var (_, status) = await SpeakerAsync(node, cancellationToken).ConfigureAwait(false);
        if (Find(status, node) is not { } record)
            throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound, $"The ring does not know the node {node.Name}.",
                "Get-K2hdkcNodeStatus lists the nodes of the ring.")
            { Target = node.Name };
        if (IsOut(record.Status))
        {
            options.Observer.Verbose($"{NameOf(record)} is out of service.");
            return;
        }

        await ChangeAsync(node, node.Name, joins: false, pass, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a node ready to be deleted; see <see cref="IRingControl.LeaveAsync"/>.</summary>
    internal async Task LeaveAsync(RingNode node, string name, FlowOptions options, CancellationToken cancellationToken)
    {
        options.Observer.Progress(new FlowProgress($"Moving the data of {name} to the other nodes of {Ring}", "asking the ring"));
        var pass = await AdmitAsync(options, cancellationToken).ConfigureAwait(false);
        await using var member = pass.ConfigureAwait(false);
        await LeaveAsync(node, name, pass, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for a host that is let in already.</summary>
    internal async Task LeaveAsync(RingNode node, string name, RingPass pass, FlowOptions options, CancellationToken cancellationToken)
    {
        if (Nodes.All(n => ControlOf(n) == ControlOf(node)))
            throw AtRisk(name, "it is the last server node of the ring, and all data would be lost with it");
        RingStatus status;
        try
        {
            (_, status) = await SpeakerAsync(node, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            throw AtRisk(name, $"none of the other nodes' control ports answers this machine ({e.Message.TrimEnd('.')})", e);
        }

        if (Find(status, node) is not { } record)
        {
            await CheckOutsideAsync(node, name, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (IsOut(record.Status))
        {
            // It may still have the only readable copy of what the ring hid when it went.
            if (record.Status.CanAnswer) await SyncAsync(pass, options, cancellationToken).ConfigureAwait(false);
            return;
        }

        await ChangeAsync(node, name, joins: false, pass, options, cancellationToken).ConfigureAwait(false);
        options.Observer.Verbose($"{name} is out of service, and its data has moved.");
    }

    private static ServerRecord? Find(RingStatus status, RingNode node) => status.Servers.FirstOrDefault(s => IsSame(s, node));

    // Those that can be asked what they store: one that has asked to join, and waits for its merge, answers no listing.
    private static List<ServerRecord> Running(RingState state) =>
        [.. state.Servers.Where(s => s.Status is { IsServer: true, CanAnswer: true, Action: not RingAction.Add })];

    private static DbaasException AtRisk(string node, string reason, Exception? cause = null) => new(
        ErrorKind.Conflict, ErrorIds.DataAtRisk, $"Node '{node}' was not changed: {reason}.",
        "Bring the ring into order or run this where its ports can be reached; -Force goes on without moving the data.", cause)
    { Target = node };

    private async Task ChangeAsync(RingNode node, string name, bool joins, RingPass pass, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(node, joins, cancellationToken).ConfigureAwait(false);
        if (options.Force)
        {
            if (plan.HiddenByPlainWay > 0)
                options.Observer.Warning(
                    $"The plain way hides {RingPlan.Percent(plan.HiddenByPlainWay)} of the keys of '{Ring}' from readers, and old values "
                        + $"can come back. Sync-K2hdkcRing puts them in place as long as no node is deleted.");
            await SwitchAsync(node, joins, cancellationToken).ConfigureAwait(false);
            if (options.Wait)
                await SettleAsync(IsAt(node, joins ? RingMembership.ServiceIn : RingMembership.ServiceOut), true, options,
                    cancellationToken).ConfigureAwait(false);
            return;
        }

        var status = await SettleAsync(_ => true, true, options, cancellationToken).ConfigureAwait(false);
        var others = status.Servers.Where(s => !IsSame(s, node) && s.Status.Membership == RingMembership.ServiceIn).ToList();
        if (others.TrueForAll(s => !s.Status.CanAnswer) && !joins) throw AtRisk(name, "no other node of the ring is up and in service");
        if (others.Find(s => !s.Status.CanAnswer) is { } down)
            throw AtRisk(name,
                $"node {NameOf(down)} is in service but down, and "
                    + $"{(joins ? "keys may be on it alone" : "the leaving node may hold the only copy of its data")}");
        IK2hdkcClient client;
        try
        {
            client = await ConnectAsync(pass, cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            if (plan.HiddenByPlainWay > 0)
                throw AtRisk(name,
                    $"the servers' data ports do not answer this machine, so keys cannot be copied, and "
                        + $"{RingPlan.Percent(plan.HiddenByPlainWay)} of them would be hidden ({e.Message.TrimEnd('.')})", e);
            options.Observer.Verbose(
                $"The servers' data ports do not answer this machine; no key would be hidden, so the ring changes by itself. {e.Message}");
            await SwitchAsync(node, joins, cancellationToken).ConfigureAwait(false);
            await SettleAsync(IsAt(node, joins ? RingMembership.ServiceIn : RingMembership.ServiceOut), true,
                options, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using var _ = client.ConfigureAwait(false);
        var (direct, mover) =
            await MoverAsync(client, $"{(joins ? "Bringing" : "Taking")} {name} {(joins ? "into" : "out of")} service",
                options, cancellationToken).ConfigureAwait(false);
        var record = await KnownAsync(direct, node, name, cancellationToken).ConfigureAwait(false);
        await MoveAsync(client, mover, record, joins, ct => SwitchAsync(node, joins, ct), options, cancellationToken).ConfigureAwait(false);
    }

    private async Task MoveAsync(IK2hdkcClient client, RingMover mover, ServerRecord record, bool joins,
        Func<CancellationToken, Task> switchover, FlowOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await StepsAsync(client, mover, record, joins, switchover, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new FlowCanceledException(
                $"{(joins ? "Bringing" : "Taking")} {NameOf(record)} {(joins ? "into" : "out of")} service was stopped. Keys may be "
                    + "hidden until Sync-K2hdkcRing has put all copies where the ring looks for them; Get-K2hdkcNodeStatus shows the node.",
                [], cancellationToken).Told(options.Observer);
        }
    }

    private async Task StepsAsync(IK2hdkcClient client, RingMover mover, ServerRecord record, bool joins,
        Func<CancellationToken, Task> switchover, FlowOptions options, CancellationToken cancellationToken)
    {
        var direct = client.Direct!;
        var state = direct.State;
        if (state.Mode == DeliveryMode.Random)
        {
            await switchover(cancellationToken).ConfigureAwait(false);
            await SwitchedAsync(client, record, joins, switchover, options, cancellationToken).ConfigureAwait(false);
            return;
        }

        var (before, after) = (RingMap.Of(state), RingMap.After(state, record.Id, joins));
        var share = RingPlan.ShareHidden(before.Members.Count, joins, state.Replicas);
        ulong? except = joins ? record.Id : null;
        var name = NameOf(record);
        var note = await TakeNoteAsync(direct, new RingNote
        {
            Run = Guid.NewGuid().ToString("N"),
            Owner = Owner,
            Member = name,
            MemberId = record.Id,
            Joins = joins,
            Before = [.. before.Members.Select(m => m.Id)],
            Started = time.GetUtcNow(),
        }, options, cancellationToken).ConfigureAwait(false);
        var kept = new KeptNote(direct, note, time);
        await using var _ = kept.ConfigureAwait(false);

        Say(options, $"{name}: 1. every key to where it belongs now");
        if (before.Members.Count > 1 || !joins)
            options.Observer.Verbose(
                (await mover.ReconcileAsync(before, Running(direct.State), null, true, cancellationToken).ConfigureAwait(false))
                    .ToString());

        // Where every server held every key, whoever joins gets by itself all that it is to hold.
        Say(options, share > 0
            ? $"{name}: 2. copying keys to their new holders; {RingPlan.Percent(share)} of the keys would be hidden without"
            : $"{name}: 2. no key needs a copy first");
        var mark = mover.Now(before.Members);
        StoredTime pass = mark, earlier;
        // A lone server lists nothing, and needs to: whoever joins it gets all that it is to hold.
        var copies = before.Members.Count > 1;
        if (copies && share > 0)
        {
            var written = await mover.CopyAsync(before, after, StoredTime.None, except, share, false,
                cancellationToken).ConfigureAwait(false);
            // What clients write meanwhile follows, in passes that get shorter: the last one leaves the time in which others may read old
            // values.
            for (var i = 0; i < MostPasses; i++)
            {
                earlier = pass;
                pass = mover.Now(before.Members);
                var start = time.GetTimestamp();
                written += await mover.CopyAsync(before, after, Since(earlier), except, share, false,
                    cancellationToken).ConfigureAwait(false);
                if (time.GetElapsedTime(start) < ShortPass) break;
            }

            options.Observer.Verbose($"{written} copies were written to their new holders.");
        }

        note = note with { Copied = pass };
        await kept.WriteAsync(note, cancellationToken).ConfigureAwait(false);
        var switched = mover.Now(before.Members);
        note = note with { Switched = switched };
        await kept.WriteAsync(note, cancellationToken).ConfigureAwait(false);

        Say(options, $"{name}: 3. {(joins ? "into" : "out of")} service");
        await switchover(cancellationToken).ConfigureAwait(false);
        await SwitchedAsync(client, record, joins, switchover, options, cancellationToken).ConfigureAwait(false);

        Say(options, $"{name}: 4. what was written and removed meanwhile");
        var findings = await FinishAsync(direct, mover, kept, note, pass, copies, options, cancellationToken).ConfigureAwait(false);
        options.Observer.Verbose(findings.ToString());
    }

    // Three passes, each over before the next: what was written during the switch (a joining server is left out of replication while it
    // merges); what was removed before it; copies on servers that are no holders any more. The first two may be repeated until the third
    // has begun.
    private static async Task<RingFindings> FinishAsync(
        IDirectAccess direct, RingMover mover, KeptNote kept, RingNote note, StoredTime pass, bool copies, FlowOptions options,
        CancellationToken cancellationToken)
    {
        // The ring as it came to be; a server that was lost meanwhile is still a member of it.
        var after = RingMap.Of(direct.State);
        var former = RingMap.From(direct.State, [.. note.Before]) is { } before ? new FormerRing(before, note.Copied, note.Switched) : null;
        var findings = new RingFindings();
        if (Running(direct.State).Count < 2) copies = false;
        if (former is not null && !note.Swept)
        {
            var start = mover.Now(Running(direct.State));
            if (copies && former.Before.Members.All(m => direct.State.Find(m.Id) is { Status.CanAnswer: true }))
            {
                await mover.CopyAsync(former.Before, after, Since(pass), null, 0, true, cancellationToken).ConfigureAwait(false);
                note = note with { Copied = start };
                await kept.WriteAsync(note, cancellationToken).ConfigureAwait(false);
                former = former with { Copied = start };
            }

            if (copies)
                findings += await mover.ReconcileAsync(after, Running(direct.State), former, false,
                    cancellationToken).ConfigureAwait(false);
            note = note with { Swept = true };
            await kept.WriteAsync(note, cancellationToken).ConfigureAwait(false);
        }

        Say(options, $"{note.Member}: 5. removing copies from servers that hold them no longer");
        if (Running(direct.State).Count >= 2)
        {
            var swept = await mover.ReconcileAsync(after, Running(direct.State), former, true, cancellationToken).ConfigureAwait(false);
            findings = swept with
            {
                Written = swept.Written + findings.Written,
                Removed = swept.Removed + findings.Removed,
                KeptRemoved = swept.KeptRemoved + findings.KeptRemoved,
                Hidden = Math.Max(swept.Hidden, findings.Hidden)
            };
        }

        await kept.DropAsync(cancellationToken).ConfigureAwait(false);
        return findings;
    }

    private static StoredTime Since(StoredTime time) => time with { Seconds = time.Seconds - MarginSeconds };

    private static string Owner => $"{Environment.UserName}@{Environment.MachineName}, process {Environment.ProcessId}";

    private static void Say(FlowOptions options, string step) => options.Observer.Verbose(step);

    private async Task SwitchAsync(RingNode node, bool joins, CancellationToken cancellationToken)
    {
        if (joins)
        {
            await Port(node).ServiceInAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var (port, status) = await SpeakerAsync(node, cancellationToken).ConfigureAwait(false);
        if (Find(status, node) is { } record) await port.ServiceOutAsync(record, cancellationToken).ConfigureAwait(false);
    }

    // Watched over the client's own connections: each command to a control port makes chmpx look up names, and disturbs a merge.
    private async Task SwitchedAsync(
        IK2hdkcClient client, ServerRecord record, bool joins, Func<CancellationToken, Task> switchover, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var direct = client.Direct!;
        var (start, ordered) = (time.GetTimestamp(), time.GetTimestamp());
        var pushes = new Pushes();
        var stuck = new StuckMerge(client, record, ControlOf(record), time, MergeStillLimit, options);
        while (true)
        {
            var state = direct.State;
            var now = state.Find(record.Id)?.Status ?? NodeStatus.Absent;
            var busy = state.Servers.Where(IsBusy).ToList();
            if (busy.Count == 0 && now.Membership == (joins ? RingMembership.ServiceIn : RingMembership.ServiceOut))
            {
                // Word of the last change may come before the ring has done with it.
                await SettleAsync(_ => true, true, options, cancellationToken).ConfigureAwait(false);
                if (!direct.State.Servers.Any(IsBusy)) return;
            }

            var waited = time.GetElapsedTime(start);
            if (waited > options.Timeout) throw NotSettled(waited, busy.Count == 0 ? state.Servers : busy);
            options.Observer.Progress(
                new FlowProgress(
                    $"Merging {Ring}", busy.Count == 0
                        ? "waiting for the merge to begin"
                        : string.Join(", ", busy.Select(s => $"{NameOf(s)} {s.Status.Action} {s.Status.Merge}"))));
            if (busy.Exists(s => s.Status.Merge == MergeProgress.Doing))
            {
                await stuck.LookAsync(cancellationToken).ConfigureAwait(false);
                ordered = time.GetTimestamp();
            }
            else if (waited > Patience && busy.Count > 0)
            {
                var (port, _) = await SpeakerAsync(null, cancellationToken).ConfigureAwait(false);
                await PushAsync(pushes, waited, busy, port, options, cancellationToken).ConfigureAwait(false);
            }
            else if (busy.Count == 0 && stuck.Aborted && time.GetElapsedTime(ordered) > Patience)
            {
                // A merge that was broken off leaves the server where it was.
                ordered = time.GetTimestamp();
                options.Observer.Verbose($"{NameOf(record)}: once more {(joins ? "into" : "out of")} service");
                await switchover(cancellationToken).ConfigureAwait(false);
            }

            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ServerRecord> KnownAsync(IDirectAccess direct, RingNode node, string name, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, ReachLimit);
        while (true)
        {
            if (direct.State.Servers.FirstOrDefault(s => IsSame(s, node)) is { } record
                && (record.Status.CanAnswer || record.Status.Membership == RingMembership.ServiceIn)) return record;
            if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false))
                throw AtRisk(name, "it does not run, or the other servers do not know it");
        }
    }

    // A node that the others do not list has never joined, and has nothing to lose; unless it says otherwise itself.
    private async Task CheckOutsideAsync(RingNode node, string name, CancellationToken cancellationToken)
    {
        if (node.Name.Length == 0) return;
        NodeSelfStatus self;
        try
        {
            self = await Port(node).GetSelfStatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException)
        {
            return;
        }
        if (!IsOut(self.Status))
            throw AtRisk(name,
                $"it says of itself that it is in service ({self.Status}), and the other nodes do not know it by its address or key");
    }

    private async Task<RingNote> TakeNoteAsync(IDirectAccess direct, RingNote note, FlowOptions options,
        CancellationToken cancellationToken, bool isRepair = false)
    {
        var servers = Running(direct.State).Select(s => s.Id).ToList();
        var left = await RingNote.ReadAsync(direct, servers, cancellationToken).ConfigureAwait(false);
        if (left is not null && time.GetUtcNow() - left.Seen < RingNote.AliveFor) throw InProgress(left);
        if (left is { Member.Length: > 0 } && !isRepair && (left.MemberId != note.MemberId || left.Joins != note.Joins))
            throw new DbaasException(ErrorKind.Conflict, ErrorIds.RingChangeUnfinished,
                $"A change of ring '{Ring}' that {left.Owner} began at {left.Started:u} ({left.What}) has not been finished.",
                "Finish it with Sync-K2hdkcRing, then run this again.")
            { Target = Ring };
        note = note with { Seen = time.GetUtcNow() };
        await note.WriteAsync(direct, servers, time, cancellationToken).ConfigureAwait(false);
        // Two that began at the same time: the one whose word stands goes on.
        await Task.Delay(NoteRace, time, cancellationToken).ConfigureAwait(false);
        if (await RingNote.ReadAsync(direct, servers, cancellationToken).ConfigureAwait(false) is { } standing && standing.Run != note.Run)
            throw InProgress(standing);
        options.Observer.Verbose($"Noted in the ring: {note.What}.");
        return note;
    }

    private DbaasException InProgress(RingNote note) => new(
        ErrorKind.Conflict, ErrorIds.RingChangeInProgress,
        $"Ring '{Ring}' is being changed already: {note.What}, by {note.Owner}, since {note.Started:u}. One change at a time.",
        $"Wait until it is over. A run that was killed counts as ended {RingNote.AliveFor.TotalSeconds:0} s after its last sign; then the "
            + $"same command, or Sync-K2hdkcRing, goes on.")
    { Target = Ring };
}
