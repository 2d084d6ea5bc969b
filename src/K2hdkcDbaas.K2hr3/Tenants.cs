using System.Net;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A tenant as K2HR3 shows it.</summary>
/// <param name="Name">Its name: the lower-cased project name, or <c>local@NAME</c>.</param>
public sealed record Tenant(string Name)
{
    /// <summary>Its id: the project's.</summary>
    public string? Id { get; init; }

    /// <summary>Its name for people: the project's as it is.</summary>
    public string? Display { get; init; }

    /// <summary>Its description, where a user's tenants are listed.</summary>
    public string? Description { get; init; }

    /// <summary>Its description, where local tenants are listed.</summary>
    public string? Desc { get; init; }

    /// <summary>Its users; only of a local tenant.</summary>
    public IReadOnlyList<string>? Users { get; init; }
}

/// <summary>Tenants that K2HR3 keeps itself (/v1/tenant); only where its administrator allows them.</summary>
public sealed class TenantsClient
{
    private readonly K2hr3Endpoint _k2hr3;

    internal TenantsClient(K2hr3Endpoint k2hr3) => _k2hr3 = k2hr3;

    /// <summary>The local tenants of the user.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<Tenant>> ListAsync(CancellationToken cancellationToken) =>
        (await _k2hr3.GetAsync("/v1/tenant?expand=true", K2hr3Json.Default.TenantsReply, cancellationToken).ConfigureAwait(false)).Tenants;

    /// <summary>A local tenant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<Tenant> GetAsync(string name, CancellationToken cancellationToken) =>
        (await _k2hr3.GetAsync(Path(name), K2hr3Json.Default.TenantReply, cancellationToken).ConfigureAwait(false)).Tenant;

    /// <summary>Makes a local tenant; K2HR3 puts <c>local@</c> before its name and drops users it does not know.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="display">Its name for people.</param>
    /// <param name="description">Its description.</param>
    /// <param name="users">Its users.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task CreateAsync(string name, string display, string description, IReadOnlyList<string> users, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync("/v1/tenant", new TenantRequest(new TenantBody { Name = name, Display = display, Desc = description, Users = users }), K2hr3Json.Default.TenantRequest, cancellationToken);

    /// <summary>Changes a local tenant.</summary>
    /// <param name="tenant">The tenant as read, with its id.</param>
    /// <param name="display">Its name for people.</param>
    /// <param name="description">Its description.</param>
    /// <param name="users">Its users.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task UpdateAsync(Tenant tenant, string display, string description, IReadOnlyList<string> users, CancellationToken cancellationToken) =>
        _k2hr3.SaveAsync(Path(tenant.Name), new TenantRequest(new TenantBody { Id = tenant.Id, Display = display, Desc = description, Users = users }), K2hr3Json.Default.TenantRequest,
            cancellationToken, HttpStatusCode.OK);

    /// <summary>Deletes a local tenant.</summary>
    /// <param name="tenant">The tenant as read, with its id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DeleteAsync(Tenant tenant, CancellationToken cancellationToken) => _k2hr3.DeleteAsync(Path(tenant.Name) + K2hr3Endpoint.Query(("id", tenant.Id)), cancellationToken);

    // "local@" keeps its sign in the path.
    private static string Path(string name) => "/v1/tenant/" + K2hr3Endpoint.Name(name, "tenant").Replace("%40", "@", StringComparison.Ordinal);
}
