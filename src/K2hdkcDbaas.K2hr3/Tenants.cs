using K2hdkcDbaas.Http;
using Refit;

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

/// <summary>Tenants that K2HR3 keeps itself (k2hr3_api "TENANT", src/routes/tenant.ts); only where its administrator allows them.</summary>
internal interface ITenants
{
    /// <summary>The local tenants of the user.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/tenant?expand=true")]
    Task<IReadOnlyList<Tenant>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A local tenant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/v1/tenant/{**name}")]
    Task<Tenant> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes a local tenant.</summary>
    /// <param name="tenant">Its name and the rest.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/tenant"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> PostAsync([Body] TenantBody tenant, CancellationToken cancellationToken);

    /// <summary>Changes a local tenant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tenant">Its id and the rest.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/tenant/{**name}"), Headers(Call.Expect + "200", Call.Repeatable)]
    Task<BaseReply> PostChangeAsync(string name, [Body] TenantBody tenant, CancellationToken cancellationToken);

    /// <summary>Deletes a local tenant, with all its users' rights.</summary>
    /// <param name="tenant">Its name.</param>
    /// <param name="id">Its id, which must be right.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/tenant"), Headers(Call.Expect + "204")]
    Task DeleteAsync([Query] string tenant, [Query] string? id, CancellationToken cancellationToken);

    /// <summary>Takes the session's user out of a local tenant; with its last user the tenant goes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">Its id, which must be right.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/tenant/{**name}"), Headers(Call.Expect + "204")]
    Task LeaveAsync(string name, [Query] string? id, CancellationToken cancellationToken);

    /// <summary>Makes a local tenant; K2HR3 puts <c>local@</c> before its name and drops users it does not know.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="display">Its name for people; null for its name.</param>
    /// <param name="description">Its description; null for K2HR3's own words.</param>
    /// <param name="users">Its users.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task CreateAsync(string name, string? display, string? description, IReadOnlyList<string> users, CancellationToken cancellationToken) =>
        PostAsync(new TenantBody { Name = name, Display = display, Desc = description, Users = users }, cancellationToken);

    /// <summary>Changes a local tenant.</summary>
    /// <param name="tenant">The tenant as read, with its id.</param>
    /// <param name="display">Its name for people; null for its name.</param>
    /// <param name="description">Its description; null for K2HR3's own words.</param>
    /// <param name="users">Its users.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task UpdateAsync(Tenant tenant, string? display, string? description, IReadOnlyList<string> users,
        CancellationToken cancellationToken) =>
        PostChangeAsync(tenant.Name, new TenantBody { Id = tenant.Id, Display = display, Desc = description, Users = users },
            cancellationToken);

    /// <summary>Deletes a local tenant.</summary>
    /// <param name="tenant">The tenant as read, with its id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task DeleteAsync(Tenant tenant, CancellationToken cancellationToken) => DeleteAsync(tenant.Name, tenant.Id, cancellationToken);
}
