using System.Net;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Protocol;

namespace K2hdkcDbaas.Core.Clusters;

/// <summary>
/// Steers a ring also from a host that is no member of it. Nodes answer only hosts that their configuration lists; a host that K2HR3 does not
/// list joins the cluster's slave role for as long as the work takes, and the nodes follow when they read their configuration again.
/// </summary>
internal sealed class AdmittedRingControl(IRingControl inner, K2hr3Access access, TimeProvider time) : IRingControl
{
    private static readonly TimeSpan KnockLimit = TimeSpan.FromSeconds(4);

    // Nodes look for changes once a minute; two rounds and the time to rewrite and reload.
    private static readonly TimeSpan AdmissionLimit = TimeSpan.FromSeconds(150);

    // What a stopped flow may still take for leaving no trace.
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromMilliseconds(700);

    /// <inheritdoc/>
    public async Task LeaveAsync(RingMembers ring, ClusterNode node, FlowOptions options, CancellationToken cancellationToken)
    {
        var pass = await AdmitAsync(ring, options, cancellationToken).ConfigureAwait(false);
        await using var _ = pass.ConfigureAwait(false);
        await inner.LeaveAsync(ring, node, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IMergeHold> HoldMergesAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken)
    {
        var pass = await AdmitAsync(ring, options, cancellationToken).ConfigureAwait(false);
        try
        {
            var hold = await inner.HoldMergesAsync(ring, options, cancellationToken).ConfigureAwait(false);
            return new AdmittedHold(hold, pass, () => AdmitAsync(ring, options, cancellationToken), cancellationToken);
        }
        catch
        {
            await pass.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Pass> AdmitAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken)
    {
        var (answers, turnsAway) = await KnockAsync(ring, cancellationToken).ConfigureAwait(false);
        if (!answers && !turnsAway) return new Pass(null);
        var address = await OwnAddress.TowardsAsync(ring.Cluster, Ports(ring), cancellationToken).ConfigureAwait(false);
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        // A node that lets this host in may do so only until it reads its configuration again: K2HR3 knows better.
        if (!turnsAway && await IsListedAsync(k2hr3, ring, address, cancellationToken).ConfigureAwait(false)) return new Pass(null);

        var role = ClusterNames.Child(ring.Cluster, NodeRole.Slave);
        var host = new RoleHost { Host = address, Cuk = Guid.NewGuid().ToString("D"), Tag = Dns.GetHostName() };
        options.Observer.Verbose($"The cluster {ring.Cluster} does not list this host: it joins the role {role} as {address} for as long as this takes.");
        var pass = new Pass(ct => k2hr3.Roles.RemoveHostAsync(role, host, ct));
        try
        {
            await k2hr3.Roles.AddHostsAsync(role, [host], cancellationToken).ConfigureAwait(false);
            var poll = new Poll(time, options.Timeout < AdmissionLimit ? options.Timeout : AdmissionLimit);
            while ((await KnockAsync(ring, cancellationToken).ConfigureAwait(false)).TurnsAway)
            {
                options.Observer.Progress(new FlowProgress($"Reaching the ring of {ring.Cluster}", "waiting until its nodes list this host"));
                // The flow itself says what to do about nodes that answer nobody.
                if (!await poll.NextAsync(cancellationToken).ConfigureAwait(false)) break;
            }
            return pass;
        }
        catch
        {
            await pass.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<bool> IsListedAsync(K2hr3Client k2hr3, RingMembers ring, string address, CancellationToken cancellationToken)
    {
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            if ((await k2hr3.Roles.GetAsync(ClusterNames.Child(ring.Cluster, role), cancellationToken).ConfigureAwait(false)).Hosts.Any(h => h.Host == address)) return true;
        }
        return false;
    }

    /// <summary>Whether a node answers, and whether one closes its door to this host; those that cannot be reached at all are another matter.</summary>
    private async Task<(bool Answers, bool TurnsAway)> KnockAsync(RingMembers ring, CancellationToken cancellationToken)
    {
        var knocks = await Task.WhenAll(Ports(ring).Select(async port =>
        {
            try
            {
                await new ControlPortClient(port, KnockLimit, time).GetSelfStatusAsync(cancellationToken).ConfigureAwait(false);
                return (ErrorKind?)null;
            }
            catch (DbaasException e)
            {
                return e.Kind;
            }
        })).ConfigureAwait(false);
        return (knocks.Contains(null), knocks.Contains(ErrorKind.Forbidden));
    }

    private static IEnumerable<HostPort> Ports(RingMembers ring) => ring.Servers.Where(s => s.IPAddress is not null).Select(s => new HostPort(s.IPAddress!, ring.Ports.ServerControl));

    /// <summary>Ends the membership; also after the user's stop, so with a short time of its own.</summary>
    private sealed class Pass(Func<CancellationToken, Task>? leave) : IAsyncDisposable
    {
        public bool IsOwn => leave is not null;

        public async ValueTask DisposeAsync()
        {
            if (leave is null) return;
            using var limit = new CancellationTokenSource(GoodbyeLimit);
            try
            {
                await leave(limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is DbaasException or OperationCanceledException)
            {
                // A line that stays only lists one host more; removing the cluster takes it along.
            }
        }
    }

    /// <summary>A hold that this host can end also when whoever had let it in has left the role meanwhile.</summary>
    private sealed class AdmittedHold(IMergeHold hold, Pass pass, Func<Task<Pass>> admit, CancellationToken stop) : IMergeHold
    {
        public Task RenewAsync(CancellationToken cancellationToken) => hold.RenewAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            if (stop.IsCancellationRequested)
            {
                // A second is all there is; nodes do not notice at once that this host leaves the role.
                await Task.WhenAll(hold.DisposeAsync().AsTask(), pass.DisposeAsync().AsTask()).ConfigureAwait(false);
                return;
            }
            var late = pass.IsOwn ? null : await TryAdmitAsync().ConfigureAwait(false);
            await hold.DisposeAsync().ConfigureAwait(false);
            if (late is not null) await late.DisposeAsync().ConfigureAwait(false);
            await pass.DisposeAsync().ConfigureAwait(false);
        }

        private async Task<Pass?> TryAdmitAsync()
        {
            try
            {
                return await admit().ConfigureAwait(false);
            }
            catch (Exception e) when (e is DbaasException or OperationCanceledException)
            {
                // Ending the hold tells what stays held off.
                return null;
            }
        }
    }
}
