using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>Taking up other tenants' services.</summary>
public sealed class AcrClient
{
    private readonly IAcr _acr;
    private readonly K2hr3Session _session;
    private readonly Redactor _redactor;

    internal AcrClient(IAcr acr, K2hr3Session session, Redactor redactor)
    {
        _acr = acr;
        _session = session;
        _redactor = redactor;
    }

    /// <summary>Takes up a service for the session's tenant.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Forbidden when the tenant may not, or the service's address cannot be asked.</exception>
    public Task JoinAsync(string service, CancellationToken cancellationToken) =>
        _acr.PostAsync(service, new TenantNameBody(), cancellationToken);

    /// <summary>Gives a service up.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task LeaveAsync(string service, CancellationToken cancellationToken) => _acr.DeleteAsync(service, cancellationToken);

    /// <summary>
    /// Checks that the session's tenant may use a service. K2HR3 destroys the token of this call, so it is made with one of its own.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<AcrTokenInfo> VerifyAsync(string service, CancellationToken cancellationToken) =>
        await _acr.GetTokenInfoAsync(service, await _session.OneOffAsync(cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Checks a user token that somebody has shown, as the service's own server does. K2HR3 destroys it, whatever the answer is.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="token">The user token, scoped to a tenant; a secret.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Unauthenticated for a token that is none or has ended, Forbidden when its tenant may not use the
    /// service.</exception>
    public Task<AcrTokenInfo> VerifyAsync(string service, string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        var bare = token.StartsWith("U=", StringComparison.Ordinal) ? token[2..] : token;
        _redactor.Learn(bare);
        return _acr.GetTokenInfoAsync(service, "U=" + bare, cancellationToken);
    }

    /// <summary>The resources that a service lends to a client; asked without a token from one of the service's own hosts.</summary>
    /// <param name="service">The service.</param>
    /// <param name="client">The client.</param>
    /// <param name="host">The service's role that this host is in. Its address is the one that K2HR3 sees.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<IReadOnlyList<AcrResource>> GetResourcesAsync(string service, AcrClientHost client, AcrServiceHost host,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(host);
        return _acr.GetResourcesAsync(service, client.Address, client.Role, host.Role, client.Port, client.Cuk, host.Port, host.Cuk,
            cancellationToken);
    }
}
