using System.Text.Json;
using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>Who a one-time check of a token showed.</summary>
/// <param name="User">The user.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Service">The service.</param>
public sealed record AcrTokenInfo(string User, string Tenant, string Service);

/// <summary>A resource that a service lends.</summary>
/// <param name="Name">Its name.</param>
public sealed record AcrResource(string Name)
{
    /// <summary><c>string</c> or <c>object</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Its content.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Its keys.</summary>
    public JsonElement? Keys { get; init; }
}

/// <summary>K2HR3's side of taking up other tenants' services (k2hr3_api "ACR", src/routes/acr.ts).</summary>
internal interface IAcr
{
    /// <summary>Takes up a service for the session's tenant.</summary>
    /// <param name="service">The service.</param>
    /// <param name="body">Nothing, but 2.0.3 wants an object.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/acr/{**service}"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> PostAsync(string service, [Body] TenantNameBody body, CancellationToken cancellationToken);

    /// <summary>Gives a service up.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/acr/{**service}"), Headers(Call.Expect + "204")]
    Task DeleteAsync(string service, CancellationToken cancellationToken);

    /// <summary>Checks that a token's tenant may use a service; K2HR3 destroys that token.</summary>
    /// <param name="service">The service.</param>
    /// <param name="token">The user token, with <c>U=</c> before it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/acr/{**service}")]
    Task<AcrTokenInfo> GetTokenInfoAsync(string service, [Property(Call.Token)] string token, CancellationToken cancellationToken);

    /// <summary>The resources that a service lends to a client's role.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cip">The client's address.</param>
    /// <param name="crole">The full yrn of the client's role.</param>
    /// <param name="srole">The full yrn of the service's role that this host is in.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/acr/{**service}"), Headers(Call.Anonymous)]
    Task<IReadOnlyList<AcrResource>> GetResourcesAsync(string service, [Query] string cip, [Query] string crole, [Query] string srole,
        CancellationToken cancellationToken);
}

/// <summary>Taking up other tenants' services.</summary>
public sealed class AcrClient
{
    private readonly IAcr _acr;
    private readonly K2hr3Session _session;

    internal AcrClient(IAcr acr, K2hr3Session session)
    {
        _acr = acr;
        _session = session;
    }

    /// <summary>Takes up a service for the session's tenant.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Forbidden when the tenant may not, or the service's address cannot be asked.</exception>
    public Task JoinAsync(string service, CancellationToken cancellationToken) => _acr.PostAsync(service, new TenantNameBody(), cancellationToken);

    /// <summary>Gives a service up.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task LeaveAsync(string service, CancellationToken cancellationToken) => _acr.DeleteAsync(service, cancellationToken);

    /// <summary>Checks that the session's tenant may use a service. K2HR3 destroys the token of this call, so it is made with one of its own.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<AcrTokenInfo> VerifyAsync(string service, CancellationToken cancellationToken) =>
        await _acr.GetTokenInfoAsync(service, await _session.OneOffAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>The resources that a service lends to a client's role; asked without a token from one of the service's own hosts.</summary>
    /// <param name="service">The service.</param>
    /// <param name="clientIp">The client's address.</param>
    /// <param name="clientRole">The full yrn of the client's role.</param>
    /// <param name="serviceRole">The full yrn of the service's role that this host is in.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<IReadOnlyList<AcrResource>> GetResourcesAsync(string service, string clientIp, string clientRole, string serviceRole,
        CancellationToken cancellationToken) => _acr.GetResourcesAsync(service, clientIp, clientRole, serviceRole, cancellationToken);
}
