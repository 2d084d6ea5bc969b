using System.Net;
using K2hdkcDbaas.Client.Control;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Data;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Protocol;

namespace K2hdkcDbaas.Core.Ring;

/// <summary>
/// Lets this host into a cluster's ring for the time of one operation. Nodes answer only hosts that their configuration lists; a host that
/// K2HR3 does not list joins the cluster's slave role for as long as the work takes, and the nodes follow when they read their
/// configuration again.
/// </summary>
/// <param name="cluster">The cluster's name.</param>
/// <param name="client">The way to K2HR3.</param>
/// <param name="time">The clock.</param>
internal sealed class RingAdmission(string cluster, Func<CancellationToken, Task<K2hr3Client>> client, TimeProvider time)
{
    private static readonly TimeSpan KnockLimit = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long servers may take to know a host: they look for changes once a minute; two rounds and the time to rewrite and reload.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    /// <summary>Lets this host in if it is not.</summary>
    /// <param name="ports">The control ports of the ring's servers.</param>
    /// <param name="options">How long to wait, and who watches.</param>
    /// <param name="cancellationToken">Stops the wait; the membership ends then.</param>
    public async Task<RingPass> AdmitAsync(IReadOnlyList<HostPort> ports, FlowOptions options, CancellationToken cancellationToken)
    {
        var (answers, turnsAway) = await KnockAsync(ports, cancellationToken).ConfigureAwait(false);
        if (!answers && !turnsAway) return RingPass.None;
        var address = await OwnAddress.TowardsAsync(cluster, ports, cancellationToken).ConfigureAwait(false);
        K2hr3Client k2hr3;
        try
        {
            k2hr3 = await client(cancellationToken).ConfigureAwait(false);
        }
        catch (DbaasException e) when (!turnsAway && e.ErrorId is ErrorIds.K2hr3NotConfigured or ErrorIds.K2hr3CredentialMissing)
        {
            // A Trove cluster may have no part in K2HR3; its nodes let this host in as it is.
            return RingPass.None;
        }

        // A node that lets this host in may do so only until it reads its configuration again: K2HR3 knows better.
        if (!turnsAway && await ListedAsync(k2hr3, address, cancellationToken).ConfigureAwait(false) is { } listed)
            return new RingPass(null, listed.Cuk);

        var role = ClusterNames.Child(cluster, NodeRole.Slave);
        var host = new RoleHost { Host = address, Cuk = Guid.NewGuid().ToString("D"), Tag = Dns.GetHostName() };
        options.Observer.Verbose(
            $"The cluster {cluster} does not list this host: it joins the role {role} as {address} for as long as this takes.");
        var pass = new RingPass(ct => k2hr3.Roles.RemoveHostAsync(role, host, ct), host.Cuk);
        try
        {
            await k2hr3.Roles.AddHostsAsync(role, [host], cancellationToken).ConfigureAwait(false);
            var poll = new Poll(time, options.Timeout < Limit ? options.Timeout : Limit);
            while ((await KnockAsync(ports, cancellationToken).ConfigureAwait(false)).TurnsAway)
            {
                options.Observer.Progress(new FlowProgress($"Reaching the ring of {cluster}", "waiting until its nodes list this host"));
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

    private async Task<RoleHost?> ListedAsync(K2hr3Client k2hr3, string address, CancellationToken cancellationToken)
    {
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            if ((await k2hr3.Roles.GetAsync(ClusterNames.Child(cluster, role),
                cancellationToken).ConfigureAwait(false)).Hosts.FirstOrDefault(h => h.Host == address) is { } host) return host;
        }
        return null;
    }

    /// <summary>
    /// Whether a node answers, and whether one closes its door to this host; those that cannot be reached at all are another matter.
    /// </summary>
    private async Task<(bool Answers, bool TurnsAway)> KnockAsync(IReadOnlyList<HostPort> ports, CancellationToken cancellationToken)
    {
        var knocks = await Task.WhenAll(ports.Select(async port =>
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
}
