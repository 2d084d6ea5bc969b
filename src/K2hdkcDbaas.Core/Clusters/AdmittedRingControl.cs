using System.Net;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Faults;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Protocol;

namespace K2hdkcDbaas.Core;

/// <summary>
/// Steers a ring also from a host that is no member of it. Nodes answer only hosts that their configuration lists; where they turn this one
/// away it joins the cluster's slave role for as long as the work takes, and the nodes follow when they read their configuration again.
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
    public async Task<IAsyncDisposable> HoldMergesAsync(RingMembers ring, CancellationToken cancellationToken)
    {
        var pass = await AdmitAsync(ring, new FlowOptions(), cancellationToken).ConfigureAwait(false);
        try
        {
            return new Both(await inner.HoldMergesAsync(ring, cancellationToken).ConfigureAwait(false), pass);
        }
        catch
        {
            await pass.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Pass> AdmitAsync(RingMembers ring, FlowOptions options, CancellationToken cancellationToken)
    {
        if (!await IsTurnedAwayAsync(ring, cancellationToken).ConfigureAwait(false)) return new Pass(null);

        var role = ClusterNames.Child(ring.Cluster, NodeRole.Slave);
        var address = await OwnAddress.TowardsAsync(ring.Cluster, Ports(ring), cancellationToken).ConfigureAwait(false);
        var host = new RoleHost { Host = address, Cuk = Guid.NewGuid().ToString("D"), Tag = Dns.GetHostName() };
        var k2hr3 = await access.ClientAsync(cancellationToken).ConfigureAwait(false);
        options.Observer.Verbose($"The nodes of {ring.Cluster} do not list this host: it joins the role {role} as {address} for as long as this takes.");
        var pass = new Pass(ct => k2hr3.Roles.RemoveHostAsync(role, host, ct));
        try
        {
            await k2hr3.Roles.AddHostsAsync(role, [host], cancellationToken).ConfigureAwait(false);
            var poll = new Poll(time, options.Timeout < AdmissionLimit ? options.Timeout : AdmissionLimit);
            while (await IsTurnedAwayAsync(ring, cancellationToken).ConfigureAwait(false))
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

    /// <summary>Whether a node closes its door to this host; nodes that cannot be reached at all are another matter.</summary>
    private async Task<bool> IsTurnedAwayAsync(RingMembers ring, CancellationToken cancellationToken)
    {
        var knocks = await Task.WhenAll(Ports(ring).Select(async port =>
        {
            try
            {
                await new ControlPortClient(port, KnockLimit, time).GetSelfStatusAsync(cancellationToken).ConfigureAwait(false);
                return false;
            }
            catch (DbaasException e)
            {
                return e.Kind == FaultKind.Forbidden;
            }
        })).ConfigureAwait(false);
        return knocks.Contains(true);
    }

    private static IEnumerable<HostPort> Ports(RingMembers ring) => ring.Servers.Where(s => s.Address is not null).Select(s => new HostPort(s.Address!, ring.Ports.ServerControl));

    /// <summary>Ends the membership; also after the user's stop, so with a short time of its own.</summary>
    private sealed class Pass(Func<CancellationToken, Task>? leave) : IAsyncDisposable
    {
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

    private sealed class Both(IAsyncDisposable first, IAsyncDisposable second) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await first.DisposeAsync().ConfigureAwait(false);
            await second.DisposeAsync().ConfigureAwait(false);
        }
    }
}
