using System.Net;
using System.Text.Json;
using K2hdkcDbaas.Http;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A service: resources that its owner lends to other tenants.</summary>
public sealed record Service
{
    /// <summary>Where its resources come from: an address to ask, or the resources themselves.</summary>
    public JsonElement? Verify { get; init; }

    /// <summary>The full names of the tenants that may take it up.</summary>
    public IReadOnlyList<string>? Tenant { get; init; }
}

/// <summary>K2HR3's services (/v1/service).</summary>
public sealed class ServicesClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal ServicesClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>Makes a service, or changes where its resources come from.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="verify">An address as text, or the resources as an array.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Forbidden when another tenant owns it.</exception>
    public Task SaveAsync(string name, JsonElement verify, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync("/v1/service", new ServiceBody { Name = name, Verify = verify }, K2hr3Json.Default.ServiceBody, cancellationToken);

    /// <summary>Says which tenants may take it up.</summary>
    /// <param name="name">The service.</param>
    /// <param name="tenants">The tenants.</param>
    /// <param name="replace">Whether all others lose the right; else these are added.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task SetTenantsAsync(string name, IReadOnlyList<string> tenants, bool replace, CancellationToken cancellationToken)
    {
        // Several tenants go as a text that holds a JSON array; a real array is refused.
        var text = tenants.Count == 1 ? tenants[0] : JsonSerializer.Serialize(tenants, K2hr3Json.Default.IReadOnlyListString);
        return _k2hr3.SaveAsync(Path(name), new ServiceBody { Tenant = text, ClearTenant = replace ? true : null }, K2hr3Json.Default.ServiceBody, cancellationToken);
    }

    /// <summary>A service of this tenant.</summary>
    /// <param name="name">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Forbidden when another tenant owns it.</exception>
    public async Task<Service> GetAsync(string name, CancellationToken cancellationToken) =>
        (await _k2hr3.GetAsync(Path(name), K2hr3Json.Default.ServiceReply, cancellationToken).ConfigureAwait(false)).Service;

    /// <summary>Whether a tenant may take it up.</summary>
    /// <param name="name">The service.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<bool> HasTenantAsync(string name, string tenant, CancellationToken cancellationToken) =>
        _k2hr3.AskAsync(Path(name) + K2hr3Endpoint.Query(("tenant", tenant)), cancellationToken);

    /// <summary>Deletes a service.</summary>
    /// <param name="name">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _k2hr3.DeleteAsync(Path(name), cancellationToken);

    private static string Path(string name) => "/v1/service/" + K2hr3Endpoint.Name(name, "service");
}

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

/// <summary>Taking up other tenants' services (/v1/acr).</summary>
public sealed class AcrClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal AcrClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>Takes up a service for the session's tenant.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Forbidden when the tenant may not, or the service's address cannot be asked.</exception>
    public Task JoinAsync(string service, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync(Path(service), new TenantNameBody(), K2hr3Json.Default.TenantNameBody, cancellationToken);

    /// <summary>Gives a service up.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task LeaveAsync(string service, CancellationToken cancellationToken) => _k2hr3.DeleteAsync(Path(service), cancellationToken);

    /// <summary>Checks that the session's tenant may use a service. K2HR3 destroys the token of this call, so it is made with one of its own.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<AcrTokenInfo> VerifyAsync(string service, CancellationToken cancellationToken)
    {
        var token = await _k2hr3.Session.OneOffAsync(cancellationToken).ConfigureAwait(false);
        var response = await _k2hr3.SendAsync(HttpMethod.Get, Path(service), HttpStatusCode.OK, cancellationToken, r => r with { Token = token }).ConfigureAwait(false);
        return K2hr3Endpoint.Checked(response, K2hr3Json.Default.AcrTokenReply).Tokeninfo;
    }

    /// <summary>The resources that a service lends to a client's role; asked without a token from one of the service's own hosts.</summary>
    /// <param name="service">The service.</param>
    /// <param name="clientIp">The client's address.</param>
    /// <param name="clientRole">The full yrn of the client's role.</param>
    /// <param name="serviceRole">The full yrn of the service's role that this host is in.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<AcrResource>> GetResourcesAsync(string service, string clientIp, string clientRole, string serviceRole, CancellationToken cancellationToken)
    {
        var path = Path(service) + K2hr3Endpoint.Query(("cip", clientIp), ("crole", clientRole), ("srole", serviceRole));
        var response = await _k2hr3.SendAsync(HttpMethod.Get, path, HttpStatusCode.OK, cancellationToken, r => r with { Token = null }).ConfigureAwait(false);
        return K2hr3Endpoint.Checked(response, K2hr3Json.Default.AcrResourcesReply).Resources;
    }

    private static string Path(string service) => "/v1/acr/" + K2hr3Endpoint.Name(service, "service");
}
