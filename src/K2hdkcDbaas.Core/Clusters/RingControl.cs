using K2hdkcDbaas.Client;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Ring;

namespace K2hdkcDbaas.Core.Clusters;

/// <summary>Steers rings over the nodes' control ports.</summary>
internal sealed class RingControl(TimeProvider time) : IRingControl
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan ReachLimit = TimeSpan.FromSeconds(30);

    // A merge that should have begun, or ended, by itself gets a push after this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task LeaveAsync(RingMembers ring, ClusterNode node, FlowOptions options, CancellationToken cancellationToken)
    {
        var activity = $"Moving the data of {node.Name} to the other nodes of {ring.Cluster}";
        var others = ring.Servers.Where(s => s.IPAddress != node.IPAddress).ToList();
        if (others.Count == 0) throw AtRisk(node, "it is the last server node of the ring, and all data would be lost with it");
        options.Observer.Progress(new FlowProgress(activity, "asking the ring"));
        var (speaker, status) = await AskAsync(ring, others, cancellationToken).ConfigureAwait(false)
            ?? throw AtRisk(node, $"none of the other nodes' control ports (port {ring.Ports.ServerControl}) answers this machine");
        if (Find(status, node) is not { } record)
        {
            await CheckOutsideAsync(ring, node, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (IsOut(record.Status)) return;

        await SettleAsync(activity, speaker, null, true, options, cancellationToken).ConfigureAwait(false);
        status = await speaker.GetAllStatusAsync(cancellationToken).ConfigureAwait(false);
        record = Find(status, node) ?? record;
        if (!status.Servers.Any(s => !IsSame(s, node) && s.Status is { Membership: RingMembership.ServiceIn, CanAnswer: true }))
            throw AtRisk(node, "no other node of the ring is up and in service");
        if (status.Servers.FirstOrDefault(s => !IsSame(s, node) && s.Status is { Membership: RingMembership.ServiceIn, CanAnswer: false }) is { } down)
            throw AtRisk(node, $"node {down.Name} is in service but down, and the leaving node may hold the only copy of its data");

        options.Observer.Verbose($"Taking {record.Name} out of service.");
        await speaker.ServiceOutAsync(record, cancellationToken).ConfigureAwait(false);
        await SettleAsync(activity, speaker, node, true, options, cancellationToken).ConfigureAwait(false);
        options.Observer.Verbose($"{record.Name} is out of service, and its data has moved.");
    }

    /// <inheritdoc/>
    public async Task<IMergeHold> HoldMergesAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken)
    {
        var hold = new MergeHold(ring.Cluster, options, time, cancellationToken);
        if (ring.Servers.Count == 0) return hold;
        var speaker = await ReachAsync(ring, options, cancellationToken).ConfigureAwait(false);
        if (DumpFacts.Read(await speaker.DumpAsync(cancellationToken).ConfigureAwait(false)).HoldsMerges)
        {
            options.Observer.Warning($"Merges of {ring.Cluster} were held off before and stay so; Resume-K2hdkcMerge lets them go.");
            return hold;
        }
        await SettleAsync($"Waiting for the merge of {ring.Cluster}", speaker, null, false, options, cancellationToken).ConfigureAwait(false);
        try
        {
            await hold.TakeAsync(ring.Servers.Select(s => Port(ring, s)), cancellationToken).ConfigureAwait(false);
            return hold;
        }
        catch
        {
            await hold.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // The port of a node that has only just booted opens in a moment.
    private async Task<ControlPortClient> ReachAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout < ReachLimit ? options.Timeout : ReachLimit);
        while (true)
        {
            if (await AskAsync(ring, ring.Servers, cancellationToken).ConfigureAwait(false) is { } answer) return answer.Speaker;
            options.Observer.Progress(new FlowProgress($"Reaching the ring of {ring.Cluster}", "no control port answers"));
            if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false))
                throw new DbaasException(ErrorKind.Unreachable, K2hdkcErrors.ControlPortFailed, $"None of the control ports of cluster '{ring.Cluster}' (port {ring.Ports.ServerControl}) answers this machine.",
                    "Run this where the control ports can be reached.")
                { Target = ring.Cluster };
        }
    }

    private ControlPortClient Port(RingMembers ring, ClusterNode node) => new(new HostPort(node.IPAddress!, ring.Ports.ServerControl), CommandLimit, time);

    private async Task<(ControlPortClient Speaker, RingStatus Status)?> AskAsync(RingMembers ring, IReadOnlyList<ClusterNode> nodes, CancellationToken cancellationToken)
    {
        // All at once, since a network that swallows packets makes each wait for its time-out.
        var asked = nodes.Select(async n =>
        {
            try
            {
                var client = Port(ring, n);
                return (client, await client.GetAllStatusAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (DbaasException)
            {
                return ((ControlPortClient, RingStatus)?)null;
            }
        }).ToList();
        await foreach (var done in Task.WhenEach(asked).ConfigureAwait(false))
        {
            if (await done.ConfigureAwait(false) is { } answer) return answer;
        }
        return null;
    }

    // Waits until nothing moves any more and, if given, the node is out of service.
    private async Task SettleAsync(string activity, ControlPortClient speaker, ClusterNode? leaving, bool push, FlowOptions options, CancellationToken cancellationToken)
    {
        var poll = new Poll(time, options.Timeout);
        var (pushedStart, pushedEnd) = (false, false);
        while (true)
        {
            RingStatus status;
            try
            {
                status = await speaker.GetAllStatusAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DbaasException e) when (e.Kind == ErrorKind.Forbidden)
            {
                // A node that read its configuration between two memberships of this host lets it in again with the next reading.
                if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false)) throw;
                continue;
            }
            var busy = status.Servers.Where(s => s.Status.Action != RingAction.None || s.Status.Merge != MergeProgress.None).ToList();
            var stays = leaving is not null && Find(status, leaving) is { } record && !IsOut(record.Status);
            if (busy.Count == 0 && !stays) return;

            options.Observer.Progress(new FlowProgress(activity, busy.Count == 0 ? "waiting for the merge to begin" : $"merging: {string.Join(", ", busy.Select(s => $"{s.Name} {s.Status.Merge}"))}"));
            if (push && poll.Elapsed > Patience && !pushedStart && busy.Count > 0 && busy.All(s => s.Status.Merge is MergeProgress.None or MergeProgress.Pending))
            {
                // A ring whose configuration has AUTOMERGE off waits for the command.
                pushedStart = true;
                await TryAsync(speaker.StartMergeAsync(cancellationToken), options).ConfigureAwait(false);
            }
            else if (push && poll.Elapsed > Patience && !pushedEnd && busy.Count > 0 && busy.All(s => s.Status.Merge is MergeProgress.Done or MergeProgress.None))
            {
                pushedEnd = true;
                await TryAsync(speaker.CompleteMergeAsync(cancellationToken), options).ConfigureAwait(false);
            }
            if (await poll.NextAsync(cancellationToken).ConfigureAwait(false)) continue;
            throw new DbaasException(ErrorKind.Timeout, ErrorIds.MergeTimeout, $"After {poll.Elapsed.TotalSeconds:0} s the ring has not settled: {string.Join(", ", busy.Select(s => $"{s.Name} {s.Status}"))}. {(leaving is null ? "Nothing was changed" : "No node was removed")}.",
                "Look at the ring with Get-K2hdkcNodeStatus; give a longer -Timeout, or end the merge by hand.")
            { Target = leaving?.Name };
        }
    }

    // A node that the others do not list has never joined, and has nothing to lose; unless it says otherwise itself.
    private async Task CheckOutsideAsync(RingMembers ring, ClusterNode node, CancellationToken cancellationToken)
    {
        if (node.IPAddress is null) return;
        NodeSelfStatus self;
        try
        {
            self = await Port(ring, node).GetSelfStatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException)
        {
            return;
        }
        if (self.Status is { } status && !IsOut(status))
            throw AtRisk(node, $"it says of itself that it is in service ({status}), and the other nodes do not know it by its address or key");
    }

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

    private static bool IsOut(NodeStatus status) => status.Membership == RingMembership.ServiceOut && status is { Action: RingAction.None, Merge: MergeProgress.None };

    private static ServerRecord? Find(RingStatus status, ClusterNode node) => status.Servers.FirstOrDefault(s => IsSame(s, node));

    private static bool IsSame(ServerRecord record, ClusterNode node) => record.Cuk.Length > 0 && node.Cuk is not null ? record.Cuk == node.Cuk : record.Name == node.IPAddress || record.Name == node.Tag;

    private static DbaasException AtRisk(ClusterNode node, string reason) => new(ErrorKind.Conflict, ErrorIds.DataAtRisk, $"Node '{node.Name}' was not removed: {reason}.",
        "Bring the ring into order or run this where the control ports can be reached; -Force removes the node without moving its data.")
    { Target = node.Name };
}
