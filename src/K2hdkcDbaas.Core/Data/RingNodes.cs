using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Data;

/// <summary>A server node as its own control port and the rest of the ring tell it.</summary>
/// <param name="Name">Its name in the ring.</param>
/// <param name="Control">The address of its control port.</param>
public sealed record RingNodeStatus(string Name, HostPort Control)
{
    /// <summary>The ring's name; null when no node answered.</summary>
    public string? Ring { get; init; }

    /// <summary>What the node says of itself; null when it does not answer.</summary>
    public NodeSelfStatus? Self { get; init; }

    /// <summary>What the ring says of it; null when nobody answered.</summary>
    public ServerRecord? Record { get; init; }

    /// <summary>Its program version; null when it does not answer.</summary>
    public string? Version { get; init; }

    /// <summary>Why it does not answer; null when it does.</summary>
    public DbaasException? Fault { get; init; }

    /// <summary>Its status: its own word, else the ring's; null when nobody answered.</summary>
    public NodeStatus? Status => Self?.Status ?? Record?.Status;
}

/// <summary>
/// The server nodes of a ring, steered over their control ports. Any of them speaks for the ring; commands that concern one node are sent so
/// that chmpx carries them out there.
/// </summary>
/// <param name="configuration">The ring, for the nodes' control ports.</param>
/// <param name="time">Where waits take the time from.</param>
public sealed class RingNodes(RingConfiguration configuration, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <summary>The nodes with their control ports.</summary>
    public IReadOnlyList<RingNode> Nodes { get; } = [.. configuration.Servers.Where(s => s.ControlPort > 0 || s.ControlEndpoints.Count > 0)];

    /// <summary>The ring's name.</summary>
    public string Ring => configuration.Group;

    /// <summary>The address of a node's control port.</summary>
    /// <param name="node">The node.</param>
    public static HostPort ControlOf(RingNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.ControlEndpoints.Count > 0 ? node.ControlEndpoints[0]
            // An endpoint that replaces the name is where the node is; its control port is there too.
            : new HostPort(node.Endpoints.Count > 0 ? node.Endpoints[0].Host : node.Name, node.ControlPort);
    }

    /// <summary>Asks every node, all at once.</summary>
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
    public async Task<RingStatus> GetRingAsync(CancellationToken cancellationToken) => (await SpeakerAsync(null, cancellationToken).ConfigureAwait(false)).Status;

    /// <summary>Brings a node into service; data moves to it with the merge that follows.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task EnableAsync(RingNode node, CancellationToken cancellationToken) => Port(node).ServiceInAsync(cancellationToken);

    /// <summary>Takes a node out of service; its data moves to the others with the merge that follows.</summary>
    /// <param name="node">The node; it need not answer itself.</param>
    /// <param name="force">Does so though no other node serves, or one that does is down.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.DataAtRisk"/> unless forced.</exception>
    public async Task DisableAsync(RingNode node, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        var (port, status) = await SpeakerAsync(node, cancellationToken).ConfigureAwait(false);
        var others = status.Servers.Where(s => !IsSame(s, node) && s.Status.Membership == RingMembership.ServiceIn).ToList();
        if (!force && others.TrueForAll(s => !s.Status.CanAnswer)) throw AtRisk(node, "no other node of the ring is up and in service");
        if (!force && others.Find(s => !s.Status.CanAnswer) is { } down) throw AtRisk(node, $"node {down.Name} (control port {down.ControlPort}) is in service but down, and this node may hold the only copy of its data");
        var record = status.Servers.FirstOrDefault(s => IsSame(s, node))
            ?? throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound, $"The ring does not know the node {node.Name}.", "Get-K2hdkcNodeStatus lists the nodes of the ring.") { Target = node.Name };
        await port.ServiceOutAsync(record, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends the whole ring a command about its merge.</summary>
    /// <param name="command">Which, as a method of <see cref="ControlPortClient"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task CommandAsync(Func<ControlPortClient, CancellationToken, Task> command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (port, _) = await SpeakerAsync(null, cancellationToken).ConfigureAwait(false);
        await command(port, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until no data moves any more and nothing is pending.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Ends the wait; the merge goes on.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.MergeTimeout"/>.</exception>
    public Task<RingStatus> SettleAsync(TimeSpan timeout, IFlowObserver observer, CancellationToken cancellationToken) => SettleAsync(_ => true, timeout, observer, cancellationToken);

    /// <summary>Waits until a node is in or out of service and no data moves any more. A ring that is quiet may only not have heard of the change yet.</summary>
    /// <param name="node">The node whose place was changed.</param>
    /// <param name="wanted">Where it is to be.</param>
    /// <param name="timeout">How long.</param>
    /// <param name="observer">Watches.</param>
    /// <param name="cancellationToken">Ends the wait; the merge goes on.</param>
    /// <exception cref="DbaasException"><see cref="ErrorIds.MergeTimeout"/>.</exception>
    public Task<RingStatus> SettleAsync(RingNode node, RingMembership wanted, TimeSpan timeout, IFlowObserver observer, CancellationToken cancellationToken) =>
        SettleAsync(status => (status.Servers.FirstOrDefault(s => IsSame(s, node))?.Status.Membership ?? RingMembership.ServiceOut) == wanted, timeout, observer, cancellationToken);

    private async Task<RingStatus> SettleAsync(Func<RingStatus, bool> isThere, TimeSpan timeout, IFlowObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var poll = new Poll(time, timeout);
        while (true)
        {
            var status = await GetRingAsync(cancellationToken).ConfigureAwait(false);
            var busy = status.Servers.Where(s => s.Status.Action != RingAction.None || s.Status.Merge != MergeProgress.None).ToList();
            if (busy.Count == 0 && isThere(status)) return status;
            observer.Progress(new FlowProgress($"Merging {Ring}", busy.Count == 0 ? "waiting for the merge to begin" : string.Join(", ", busy.Select(s => $"{s.Name} {s.Status.Action} {s.Status.Merge}"))));
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(
                ErrorKind.Timeout, ErrorIds.MergeTimeout, $"After {poll.Elapsed.TotalSeconds:0} s ring '{Ring}' has not settled: {string.Join(", ", (busy.Count == 0 ? status.Servers : busy).Select(s => $"{s.Name}:{s.ControlPort} {s.Status}"))}.",
                "Look at it with Get-K2hdkcNodeStatus. A merge that only pends wants Start-K2hdkcMerge or Resume-K2hdkcMerge; one that hangs wants Stop-K2hdkcMerge.")
            { Target = Ring };
        }
    }

    private static bool IsSame(ServerRecord record, RingNode node) =>
        record.ControlPort == node.ControlPort && (record.Name == node.Name || (record.Cuk.Length > 0 && record.Cuk == node.Cuk) || (record.CustomSeed.Length > 0 && record.CustomSeed == node.CustomSeed));

    private static DbaasException AtRisk(RingNode node, string reason) => new(
        ErrorKind.Conflict, ErrorIds.DataAtRisk, $"Node '{node.Name}' was not taken out of service: {reason}.",
        "Bring the ring into order first; -Force takes it out although data may be lost to readers.")
    { Target = node.Name };

    private ControlPortClient Port(RingNode node) => new(ControlOf(node), Limit, time);

    private async Task<RingNodeStatus> AskAsync(RingNode node, CancellationToken cancellationToken)
    {
        var status = new RingNodeStatus(node.Name, ControlOf(node)) { Ring = Ring };
        try
        {
            var port = Port(node);
            var self = await port.GetSelfStatusAsync(cancellationToken).ConfigureAwait(false);
            return status with { Self = self, Ring = self.Group, Version = await port.GetVersionAsync(cancellationToken).ConfigureAwait(false) };
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

    // All at once, since a network that swallows packets makes each wait for its time-out; another node than the one that a command concerns is preferred.
    private async Task<(ControlPortClient Port, RingStatus Status)> SpeakerAsync(RingNode? concerned, CancellationToken cancellationToken)
    {
        if (Nodes.Count == 0)
            throw new DbaasException(ErrorKind.InvalidInput, K2hdkcErrors.ControlPortFailed, $"Ring '{Ring}' has no server with a control port.", "Give its servers CTLPORT in the configuration.") { Target = Ring };
        DbaasException? last = null;
        var asked = Nodes.Where(n => !ReferenceEquals(n, concerned)).DefaultIfEmpty(Nodes[0]).Select(async node =>
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
}
