using System.Net;
using K2hdkcDbaas.Core.Sessions;
using K2hdkcDbaas.K2hr3;
using K2hdkcDbaas.Protocol;
using K2hdkcDbaas.Protocol.Configuration;

namespace K2hdkcDbaas.Core.Data;

/// <summary>
/// This host as a member of a cluster's slave role, from <see cref="AddAsync"/> to <see cref="RemoveAsync"/>. The servers accept it once
/// they have read their configuration again.
/// </summary>
public sealed class SlaveRegistration
{
    private readonly IDbaasSession _session;
    private readonly string _role;

    private SlaveRegistration(IDbaasSession session, string role, RoleHost host)
    {
        (_session, _role) = (session, role);
        (Address, Cuk) = (host.Host, host.Cuk);
        Host = host;
    }

    /// <summary>The address that the servers see.</summary>
    public string Address { get; }

    /// <summary>The custom unique key of this registration alone.</summary>
    public string Cuk { get; }

    private RoleHost Host { get; }

    /// <summary>Registers this host.</summary>
    /// <param name="ring">The cluster.</param>
    /// <param name="role">The role of its slaves.</param>
    /// <param name="configuration">Its configuration, for the way to its servers.</param>
    /// <param name="cuk">The key to register with; null makes a unique one.</param>
    /// <param name="cancellationToken">Ends the call; the host may be registered by then.</param>
    public static async Task<SlaveRegistration> AddAsync(ClusterRing ring, string role, RingConfiguration configuration, string? cuk,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(configuration);
        var servers = configuration.Servers.Select(s => s.Endpoints.Count > 0 ? s.Endpoints[0] : new HostPort(s.Name, s.Port));
        var address = await OwnAddress.TowardsAsync(configuration.Group, servers, cancellationToken).ConfigureAwait(false);
        // No 'openstack-auto-v1': K2HR3's watcher removes such hosts when no server of the cloud has their cuk.
        var host = new RoleHost { Host = address, Cuk = cuk ?? Guid.NewGuid().ToString("D"), Tag = Dns.GetHostName() };
        var k2hr3 = await ring.Session.GetK2hr3Async(cancellationToken).ConfigureAwait(false);
        await k2hr3.Roles.AddHostsAsync(role, [host], cancellationToken).ConfigureAwait(false);
        return new SlaveRegistration(ring.Session, role, host);
    }

    /// <summary>Takes this host out of the role again.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var k2hr3 = await _session.GetK2hr3Async(cancellationToken).ConfigureAwait(false);
        await k2hr3.Roles.RemoveHostAsync(_role, Host, cancellationToken).ConfigureAwait(false);
    }
}
