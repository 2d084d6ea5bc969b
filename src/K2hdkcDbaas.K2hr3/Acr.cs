using K2hdkcDbaas.Http;
using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>Who a one-time check of a token showed.</summary>
/// <param name="User">The user.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Service">The service.</param>
public sealed record AcrTokenInfo(string User, string Tenant, string Service);

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
    /// <param name="cport">The client's port; null for any.</param>
    /// <param name="ccuk">The client's custom unique key; null for none.</param>
    /// <param name="sport">This host's port; null for any.</param>
    /// <param name="scuk">This host's custom unique key; null for none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/acr/{**service}"), Headers(Call.Anonymous)]
    Task<IReadOnlyList<AcrResource>> GetResourcesAsync(string service, [Query] string cip, [Query] string crole, [Query] string srole,
        [Query] int? cport, [Query] string? ccuk, [Query] int? sport, [Query] string? scuk, CancellationToken cancellationToken);
}
