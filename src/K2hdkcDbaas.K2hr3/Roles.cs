using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A role as it is, without what it takes from others.</summary>
/// <param name="Policies">The full names of its policies.</param>
/// <param name="Aliases">The full names of roles it takes more from.</param>
/// <param name="Hosts">Its hosts.</param>
public sealed record Role(IReadOnlyList<string> Policies, IReadOnlyList<string> Aliases, IReadOnlyList<RoleHost> Hosts);

/// <summary>K2HR3's roles and their hosts (k2hr3_api "ROLE", src/routes/role.ts).</summary>
internal interface IRoles
{
    /// <summary>Deletes a role with its hosts and tokens. K2HR3 takes the deletion of what is not there for done.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/role/{**name}"), Headers(Call.Expect + "204")]
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets a role to what is said.</summary>
    /// <param name="role">Its name and content; members that are null stay as they are.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/role"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> PostAsync([Body] RoleBody role, CancellationToken cancellationToken);

    /// <summary>A role as K2HR3 shows it.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="expand">Whether with what it takes from parents and aliases, and then without hosts.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/role/{**name}")]
    Task<RoleReplyBody> ShowAsync(string name, [Query] bool expand, CancellationToken cancellationToken);

    /// <summary>Adds hosts.</summary>
    /// <param name="name">The role's name or full yrn.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/role/{**name}"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> PostHostsAsync(string name, [Body] IReadOnlyList<HostBody> hosts, CancellationToken cancellationToken);

    /// <summary>Takes a host out.</summary>
    /// <param name="name">The role's name or full yrn.</param>
    /// <param name="host">The host's address or name.</param>
    /// <param name="port">Its port; 0 for any.</param>
    /// <param name="cuk">Its custom unique key; null for none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/role/{**name}"), Headers(Call.Expect + "204")]
    Task DeleteHostAsync(string name, [Query] string host, [Query] int port, [Query] string? cuk, CancellationToken cancellationToken);

    /// <summary>Registers the host that asks, by its address.</summary>
    /// <param name="yrn">The role's full yrn.</param>
    /// <param name="cuk">The host's custom unique key.</param>
    /// <param name="extra">What kind of host it is.</param>
    /// <param name="tag">The host's full name.</param>
    /// <param name="token">The role token, with <c>R=</c> before it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Put("/v1/role/{**yrn}"), Headers(Call.Expect + "201")]
    Task<BaseReply> PutAsync(string yrn, [Query] string cuk, [Query] string extra, [Query] string tag, [Property(Call.Token)] string token,
        CancellationToken cancellationToken);

    /// <summary>Asks whether a role token is good: 204 when it is.</summary>
    /// <param name="name">The role's name or full yrn.</param>
    /// <param name="token">The role token, with <c>R=</c> before it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Head("/v1/role/{**name}"), Headers(Call.Expect + "204")]
    Task AskAsync(string name, [Property(Call.Token)] string token, CancellationToken cancellationToken);

    /// <summary>Makes a role or changes it.</summary>
    /// <param name="name">Its name or full yrn; lower-cased by K2HR3.</param>
    /// <param name="policies">The full names of its policies; null leaves them, an empty list clears.</param>
    /// <param name="aliases">The full names of roles it takes more from; null leaves them, an empty list clears.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task SaveAsync(string name, IReadOnlyList<string>? policies, IReadOnlyList<string>? aliases, CancellationToken cancellationToken) =>
        PostAsync(new RoleBody(name) { Policies = policies, Alias = aliases }, cancellationToken);

    /// <summary>
    /// A role with its hosts. For a role that is not there K2HR3 answers an empty one; <see cref="ILists"/> tells what is there.
    /// </summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    async Task<Role> GetAsync(string name, CancellationToken cancellationToken)
    {
        var role = await ShowAsync(name, false, cancellationToken).ConfigureAwait(false);
        var lines = (role.Hosts?.Hostnames ?? []).Concat(role.Hosts?.Ips ?? []);
        return new Role(role.Policies ?? [], role.Aliases ?? [], [.. lines.Select(RoleHost.Parse)]);
    }

    /// <summary>All policies that count for a role, with those of parents and aliases.</summary>
    /// <param name="name">Its name or full yrn.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    async Task<IReadOnlyList<string>> GetPoliciesAsync(string name, CancellationToken cancellationToken) =>
        (await ShowAsync(name, true, cancellationToken).ConfigureAwait(false)).Policies ?? [];

    /// <summary>Adds hosts to a role. K2HR3 does so even for a role that is not there.</summary>
    /// <param name="name">The role's name or full yrn.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task AddHostsAsync(string name, IReadOnlyList<RoleHost> hosts, CancellationToken cancellationToken) =>
        PostHostsAsync(name, [.. hosts.Select(h => new HostBody(h.Host)
        {
            Port = h.Port, Cuk = Some(h.Cuk), Extra = Some(h.Extra), Tag = Some(h.Tag), Inboundip = Some(h.InboundIp),
            Outboundip = Some(h.OutboundIp),
        })], cancellationToken);

    /// <summary>Takes a host's line out of a role; one line per address, port and cuk.</summary>
    /// <param name="name">The role's name or full yrn.</param>
    /// <param name="host">The host as it stands in the role.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task RemoveHostAsync(string name, RoleHost host, CancellationToken cancellationToken) =>
        DeleteHostAsync(name, host.Host, host.Port, Some(host.Cuk), cancellationToken);

    /// <summary>Registers the machine this runs on in a role, as cloud-init does in a guest.</summary>
    /// <param name="yrn">The role's full yrn.</param>
    /// <param name="roleToken">The role's token.</param>
    /// <param name="cuk">The machine's custom unique key: on OpenStack its server id.</param>
    /// <param name="tag">The machine's full host name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task RegisterSelfAsync(string yrn, string roleToken, string cuk, string tag, CancellationToken cancellationToken) =>
        PutAsync(yrn, cuk, RoleHost.OpenStackAuto, tag, "R=" + roleToken, cancellationToken);

    private static string? Some(string text) => text.Length == 0 ? null : text;
}
