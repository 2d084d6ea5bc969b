using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// The one hand on a ring: who joins, who leaves, when the ring has settled, what a node may not take with it, merges and their holds. It
/// speaks through the nodes' control ports (any of them speaks for the ring) and, where keys have to be moved, through a client of its own.
/// </summary>
/// <param name="configuration">The ring, for the nodes' control ports and the way to their data.</param>
/// <param name="time">Where waits take the time from.</param>
public sealed partial class RingController(RingConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan ReachLimit = TimeSpan.FromSeconds(30);

    // A merge that should have begun, or ended, by itself gets a push after this long; one that moves data for ever, much later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(60);

    private readonly RingAdmission? _admission;

    internal RingController(RingConfiguration configuration, TimeProvider time, RingAdmission? admission)
        : this(configuration, time) => _admission = admission;

    /// <summary>The nodes with their control ports.</summary>
    public IReadOnlyList<RingNode> Nodes { get; } =
        [.. configuration.Servers.Where(s => s.ControlPort > 0 || s.ControlEndpoints.Count > 0)];

    /// <summary>How long a merge may stand still before it is broken off; longer than chmpx itself waits for its k2hdkc.</summary>
    internal TimeSpan MergeStillLimit { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>The ring's name.</summary>
    public string Ring => configuration.Group;

    /// <summary>
    /// The controller of a ring as its source tells it now. Hosts that a cluster does not list are let in for the time of each change.
    /// </summary>
    /// <param name="source">Where the ring is.</param>
    /// <param name="time">Where waits take the time from.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<RingController> OpenAsync(IRingSource source, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var admission = source is ClusterRing cluster ? new RingAdmission(cluster.Name, cluster.Session.GetK2hr3Async, time) : null;
        return new RingController(await source.ReadAsync(cancellationToken).ConfigureAwait(false), time, admission);
    }

    /// <summary>The address of a node's control port.</summary>
    /// <param name="node">The node.</param>
    public static HostPort ControlOf(RingNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.ControlEndpoints.Count > 0 ? node.ControlEndpoints[0]
            // An endpoint that replaces the name is where the node is; its control port is there too.
            : new HostPort(node.Endpoints.Count > 0 ? node.Endpoints[0].Host : node.Name, node.ControlPort);
    }

    /// <summary>Asks every node for its status. A node that does not answer is in the list with its fault.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<RingNodeStatus>> GetStatusAsync(CancellationToken cancellationToken)
    {
        var ring = TryAskAsync(cancellationToken);
        var nodes = await Task.WhenAll(Nodes.Select(n => AskAsync(n, cancellationToken))).ConfigureAwait(false);
        var records = (await ring.ConfigureAwait(false))?.Servers ?? [];
        return [.. nodes.Select((n, i) => n with { Record = records.FirstOrDefault(r => IsSame(r, Nodes[i])) })];
    }

    /// <summary>The ring as one of its nodes sees it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DbaasException">No node answers (<see cref="K2hdkcErrors.ControlPortFailed"/>).</exception>
    public async Task<RingStatus> GetRingAsync(CancellationToken cancellationToken) =>
        (await SpeakerAsync(null, cancellationToken).ConfigureAwait(false)).Status;

    /// <summary>Sends the whole ring a command about its merge.</summary>
    /// <param name="command">Which, as a method of <see cref="ControlPortClient"/>.</param>
    /// <param name="options">How long to wait until this host is let in, and who watches.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CommandAsync(Func<ControlPortClient, CancellationToken, Task> command, FlowOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var pass = await AdmitAsync(options, cancellationToken).ConfigureAwait(false);
        await using var member = pass.ConfigureAwait(false);
        var (port, _) = await SpeakerAsync(null, cancellationToken).ConfigureAwait(false);
        await command(port, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until no data moves any more and nothing is pending.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Ends the wait; the merge goes on.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.MergeTimeout"/>.</exception>
    public Task<RingStatus> SettleAsync(TimeSpan timeout, IFlowObserver observer, CancellationToken cancellationToken) =>
        SettleAsync(_ => true, false, new FlowOptions { Timeout = timeout, Observer = observer }, cancellationToken);

    /// <summary>
    /// Waits until a node is in or out of service and no data moves any more. A ring that is quiet may only not have heard of the change
    /// yet.
    /// </summary>
    /// <param name="node">The node whose place was changed.</param>
    /// <param name="wanted">Where it is to be.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Ends the wait; the merge goes on.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.MergeTimeout"/>.</exception>
    public Task<RingStatus> SettleAsync(RingNode node, RingMembership wanted, TimeSpan timeout, IFlowObserver observer,
        CancellationToken cancellationToken) =>
        SettleAsync(IsAt(node, wanted), false, new FlowOptions { Timeout = timeout, Observer = observer }, cancellationToken);

    /// <summary>Lets this host into the ring for the time of one operation.</summary>
    internal Task<RingPass> AdmitAsync(FlowOptions options, CancellationToken cancellationToken) =>
        _admission is null
            ? Task.FromResult(RingPass.None)
            : _admission.AdmitAsync([.. Nodes.Where(n => n.Name.Length > 0).Select(ControlOf)], options, cancellationToken);

    /// <summary>See <see cref="IRingControl.HoldMergesAsync"/>.</summary>
    internal async Task<IMergeHold> HoldMergesAsync(FlowOptions options, CancellationToken cancellationToken)
    {
        var hold = new MergeHold(Ring, configuration.Servers.Any(s => s.Tls.IsEnabled), options, time, cancellationToken);
        if (Nodes.Count == 0) return hold;
        var speaker = await ReachAsync(options, cancellationToken).ConfigureAwait(false);
        if (DumpFacts.Read(await speaker.DumpAsync(cancellationToken).ConfigureAwait(false)).HoldsMerges)
        {
            options.Observer.Warning($"Merges of {Ring} were held off before and stay so; Resume-K2hdkcMerge lets them go.");
            return hold;
        }
        await SettleAsync(_ => true, false, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await hold.TakeAsync(Nodes.Select(Port), cancellationToken).ConfigureAwait(false);
            return hold;
        }
        catch
        {
            await hold.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A server by what tells it from others of the ring.</summary>
    internal static string NameOf(ServerRecord server) =>
        server.CustomSeed.Length > 0 ? server.CustomSeed : new HostPort(server.Name, server.ControlPort).ToString();

    private static Func<RingStatus, bool> IsAt(RingNode node, RingMembership wanted) =>
        status => (status.Servers.FirstOrDefault(s => IsSame(s, node))?.Status.Membership ?? RingMembership.ServiceOut) == wanted;

    private static bool IsBusy(ServerRecord server) => server.Status.Action != RingAction.None || server.Status.Merge != MergeProgress.None;

    private static bool IsOut(NodeStatus status) =>
        status.Membership == RingMembership.ServiceOut && status is { Action: RingAction.None, Merge: MergeProgress.None };

    // A CUK is a node's own; without one on both sides its name or seed must do. Nodes of one host differ in their ports.
    private static bool IsSame(ServerRecord record, RingNode node) =>
        record.ControlPort == node.ControlPort
        && (record.Cuk.Length > 0 && node.Cuk.Length > 0
            ? record.Cuk == node.Cuk
            : record.Name == node.Name || (record.CustomSeed.Length > 0 && record.CustomSeed == node.CustomSeed));

    private async Task<RingStatus> SettleAsync(Func<RingStatus, bool> isThere, bool push, FlowOptions options,
        CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        var pushes = new Pushes();
        while (true)
        {
            ControlPortClient port;
            RingStatus status;
            try
            {
                (port, status) = await SpeakerAsync(null, cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.Forbidden)
            {
                // A node that read its configuration between two memberships of this host lets it in again with the next reading.
                if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false)) throw;
                continue;
            }

            var busy = status.Servers.Where(IsBusy).ToList();
            if (busy.Count == 0 && isThere(status)) return status;
            options.Observer.Progress(
                new FlowProgress(
                    $"Merging {Ring}", busy.Count == 0
                        ? "waiting for the merge to begin"
                        : string.Join(", ", busy.Select(s => $"{NameOf(s)} {s.Status.Action} {s.Status.Merge}"))));
            if (push) await PushAsync(pushes, poll.Elapsed, busy, port, options, cancellationToken).ConfigureAwait(false);
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw NotSettled(poll.Elapsed, busy.Count == 0 ? status.Servers : busy);
        }
    }

    // What a merge needs that does not go on by itself: MERGE where AUTOMERGE is off, COMPMERGE where the data has moved and nobody says
    // so, and at last COMPMERGE by the node itself, which ends [DELETE][Doing] for ever in most cases.
    private async Task PushAsync(Pushes pushes, TimeSpan waited, List<ServerRecord> busy, ControlPortClient port, FlowOptions options,
        CancellationToken cancellationToken)
    {
        if (busy.Count == 0 || waited < Patience) return;
        if (!pushes.Start && busy.All(s => s.Status.Merge is MergeProgress.None or MergeProgress.Pending))
        {
            pushes.Start = true;
            await TryAsync(port.StartMergeAsync(cancellationToken), options).ConfigureAwait(false);
        }
        else if (!pushes.End && busy.All(s => s.Status.Merge is MergeProgress.Done or MergeProgress.None))
        {
            pushes.End = true;
            await TryAsync(port.CompleteMergeAsync(cancellationToken), options).ConfigureAwait(false);
        }
        else if (!pushes.Last && waited >= LongPatience)
        {
            pushes.Last = true;
            foreach (var server in busy)
            {
                // A node that has only just come in is not among those that the configuration told.
                var control = Nodes.FirstOrDefault(n => IsSame(server, n)) is { } node
                    ? ControlOf(node)
                    : ControlOf(server);
                options.Observer.Warning(
                    $"The merge of {NameOf(server)} does not end ({server.Status}); it is told to complete it (COMPMERGE). If that "
                        + "does not help, send ABORTMERGE to the control port of that very node, or restart chmpx and k2hdkc there.");
                await TryAsync(new ControlPortClient(control, Limit, time).CompleteMergeAsync(cancellationToken),
                    options).ConfigureAwait(false);
            }
        }
    }

    private DbaasException NotSettled(TimeSpan waited, IEnumerable<ServerRecord> servers) => new(
        ErrorKind.Timeout, ErrorIds.MergeTimeout,
        $"After {waited.TotalSeconds:0} s ring '{Ring}' has not settled: "
            + $"{string.Join(", ", servers.Select(s => $"{NameOf(s)} {s.Status}"))}.",
        "Look at it with Get-K2hdkcNodeStatus. A merge that only pends wants Start-K2hdkcMerge or Resume-K2hdkcMerge; one that stays at "
            + "Done wants Stop-K2hdkcMerge -Complete; a node that stays at Doing is restarted "
        + "(chmpx and k2hdkc on that node). Then Sync-K2hdkcRing puts every key where it belongs.")
    { Target = Ring };

    private static async Task TryAsync(Task command, FlowOptions options)
    {
        try
        {
            await command.ConfigureAwait(false);
        }
        catch (DbaasException e)
        {
            options.Observer.Verbose(e.Message);
        }
    }

    // What the ring tells of a server is where the other nodes reach it; this host may have another way.
    private HostPort ControlOf(ServerRecord server, string? host = null)
    {
        var address = new HostPort(host ?? server.Name, server.ControlPort);
        return configuration.Route?.Invoke(address) ?? address;
    }

    private ControlPortClient Port(RingNode node) => new(ControlOf(node), Limit, time);

    private async Task<RingNodeStatus> AskAsync(RingNode node, CancellationToken cancellationToken)
    {
        var status = new RingNodeStatus(node.Name, ControlOf(node)) { Ring = Ring };
        try
        {
            var port = Port(node);
            var self = await port.GetSelfStatusAsync(cancellationToken).ConfigureAwait(false);
            return status with
            {
                Self = self,
                Ring = self.Group,
                Version = await port.GetVersionAsync(cancellationToken).ConfigureAwait(false)
            };
        }
        catch (DbaasException fault)
        {
            return status with { Fault = fault };
        }
    }

    private async Task<RingStatus?> TryAskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GetRingAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException)
        {
            return null;
        }
    }

    // The port of a node that has only just booted opens in a moment.
    private async Task<ControlPortClient> ReachAsync(FlowOptions options, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout < ReachLimit ? options.Timeout : ReachLimit);
        while (true)
        {
            try
            {
                return (await SpeakerAsync(null, cancellationToken).ConfigureAwait(false)).Port;
            }
            catch (DbaasException e)
            {
                options.Observer.Progress(new FlowProgress($"Reaching the ring of {Ring}", "no control port answers"));
                if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
                throw new DbaasException(ErrorKind.Unreachable, K2hdkcErrors.ControlPortFailed,
                    $"None of the control ports of '{Ring}' answers this machine.", "Run this where the control ports can be reached.",
                    e)
                { Target = Ring };
            }
        }
    }

    // All at once, since a network that swallows packets makes each wait for its time-out; another node than the one that a command
    // concerns is preferred.
    private async Task<(ControlPortClient Port, RingStatus Status)> SpeakerAsync(RingNode? concerned, CancellationToken cancellationToken)
    {
        if (Nodes.Count == 0)
            throw new DbaasException(ErrorKind.InvalidInput, K2hdkcErrors.ControlPortFailed,
                $"Ring '{Ring}' has no server with a control port.", "Give its servers CTLPORT in the configuration.")
            { Target = Ring };
        DbaasException? last = null;
        var asked = Nodes.Where(n => concerned is null || ControlOf(n) != ControlOf(concerned)).DefaultIfEmpty(Nodes[0])
            .Select(async node =>
        {
            var port = Port(node);
            return (port, await port.GetAllStatusAsync(cancellationToken).ConfigureAwait(false));
        }).ToList();
        await foreach (var done in Task.WhenEach(asked).ConfigureAwait(false))
        {
            try
            {
                return await done.ConfigureAwait(false);
            }
            catch (DbaasException fault)
            {
                last = fault;
            }
        }

        throw last!;
    }

    /// <summary>What a merge that does not go on was told already.</summary>
    private sealed class Pushes
    {
        public bool Start { get; set; }

        public bool End { get; set; }

        public bool Last { get; set; }
    }
}
