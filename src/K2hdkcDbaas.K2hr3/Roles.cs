using System.Globalization;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A role as it is, without what it takes from others.</summary>
/// <param name="Policies">The full names of its policies.</param>
/// <param name="Aliases">The full names of roles it takes more from.</param>
/// <param name="Hosts">Its hosts.</param>
public sealed record Role(IReadOnlyList<string> Policies, IReadOnlyList<string> Aliases, IReadOnlyList<RoleHost> Hosts);

/// <summary>K2HR3's roles and their hosts (/v1/role).</summary>
public sealed class RolesClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal RolesClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>Makes a role or changes it.</summary>
    /// <param name="name">Its name or full yrn; lower-cased by K2HR3.</param>
    /// <param name="policies">The full names of its policies; null leaves them, an empty list clears.</param>
    /// <param name="aliases">The full names of roles it takes more from; null leaves them, an empty list clears.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task SaveAsync(string name, IReadOnlyList<string>? policies, IReadOnlyList<string>? aliases, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync("/v1/role", new RoleRequest(new RoleBody(name) { Policies = policies, Alias = aliases }), K2hr3Json.Default.RoleRequest, cancellationToken);

    /// <summary>A role with its hosts. For a role that is not there K2HR3 answers an empty one; <see cref="ListsClient"/> tells what is there.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<Role> GetAsync(string name, CancellationToken cancellationToken)
    {
        var role = (await _k2hr3.GetAsync(Path(name) + "?expand=false", K2hr3Json.Default.RoleReply, cancellationToken).ConfigureAwait(false)).Role;
        var lines = (role.Hosts?.Hostnames ?? []).Concat(role.Hosts?.Ips ?? []);
        return new Role(role.Policies ?? [], role.Aliases ?? [], [.. lines.Select(RoleHost.Parse)]);
    }

    /// <summary>All policies that count for a role, with those of parents and aliases.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<string>> GetPoliciesAsync(string name, CancellationToken cancellationToken) =>
        (await _k2hr3.GetAsync(Path(name) + "?expand=true", K2hr3Json.Default.RoleReply, cancellationToken).ConfigureAwait(false)).Role.Policies ?? [];

    /// <summary>Deletes a role with its hosts and tokens. K2HR3 takes the deletion of what is not there for done.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _k2hr3.DeleteAsync(Path(name), cancellationToken);

    /// <summary>Adds hosts to a role. K2HR3 does so even for a role that is not there.</summary>
    /// <param name="name">The role's name or full yrn.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task AddHostsAsync(string name, IReadOnlyList<RoleHost> hosts, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync(Path(name), new HostsRequest([.. hosts.Select(h => new HostBody(h.Host)
        {
            Port = h.Port, Cuk = Some(h.Cuk), Extra = Some(h.Extra), Tag = Some(h.Tag), Inboundip = Some(h.InboundIp), Outboundip = Some(h.OutboundIp),
        })]), K2hr3Json.Default.HostsRequest, cancellationToken);

    /// <summary>Takes a host's line out of a role; one line per address, port and cuk.</summary>
    /// <param name="name">The role's name or full yrn.</param>
    /// <param name="host">The host as it stands in the role.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task RemoveHostAsync(string name, RoleHost host, CancellationToken cancellationToken) =>
        _k2hr3.DeleteAsync(Path(name) + K2hr3Endpoint.Query(("host", host.Host), ("port", host.Port.ToString(CultureInfo.InvariantCulture)), ("cuk", Some(host.Cuk))), cancellationToken);

    /// <summary>Registers the machine this runs on in a role, as cloud-init does in a guest.</summary>
    /// <param name="yrn">The role's full yrn.</param>
    /// <param name="roleToken">The role's token.</param>
    /// <param name="cuk">The machine's custom unique key: on OpenStack its server id.</param>
    /// <param name="tag">The machine's full host name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task RegisterSelfAsync(string yrn, string roleToken, string cuk, string tag, CancellationToken cancellationToken)
    {
        var path = Path(yrn) + K2hr3Endpoint.Query(("cuk", cuk), ("extra", RoleHost.OpenStackAuto), ("tag", tag));
        var response = await _k2hr3.SendAsync(HttpMethod.Put, path, System.Net.HttpStatusCode.Created, cancellationToken, r => r with { Token = new FixedToken("R=" + roleToken) }).ConfigureAwait(false);
        K2hr3Endpoint.Checked(response, K2hr3Json.Default.BaseReply);
    }

    private static string? Some(string text) => text.Length == 0 ? null : text;

    private static string Path(string name) => "/v1/role/" + K2hr3Endpoint.Name(name, "role");
}
