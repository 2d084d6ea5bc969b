using System.Text.Json;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.Templates;
using Refit;

namespace K2hdkcDbaas.K2hr3;

/// <summary>A service: resources that its owner lends to other tenants.</summary>
public sealed record Service
{
    /// <summary>Where its resources come from: an address to ask, or the resources themselves.</summary>
    public JsonElement? Verify { get; init; }

    /// <summary>The full names of the tenants that may take it up.</summary>
    public IReadOnlyList<string>? Tenant { get; init; }
}

/// <summary>K2HR3's services (k2hr3_api "SERVICE", src/routes/service.ts).</summary>
internal interface IServices
{
    private const string TenantPrefix = Yrn.Prefix + "::";

    /// <summary>A service of this tenant.</summary>
    /// <param name="name">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Forbidden when another tenant owns it.</exception>
    [Get("/v1/service/{**name}")]
    Task<Service> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes a service.</summary>
    /// <param name="name">The service.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/v1/service/{**name}"), Headers(Call.Expect + "204")]
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes a service, or changes it.</summary>
    /// <param name="service">Its name, and where its resources come from.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/service"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> PostAsync([Body] ServiceBody service, CancellationToken cancellationToken);

    /// <summary>Changes who may take a service up.</summary>
    /// <param name="name">The service.</param>
    /// <param name="change">The tenants, and whether all others lose the right.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/v1/service/{**name}"), Headers(Call.Expect + "201", Call.Repeatable)]
    Task<BaseReply> PostTenantsAsync(string name, [Body] ServiceBody change, CancellationToken cancellationToken);

    /// <summary>Asks whether a tenant may take a service up: 204 when it may.</summary>
    /// <param name="name">The service.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Head("/v1/service/{**name}"), Headers(Call.Expect + "204")]
    Task AskTenantAsync(string name, [Query] string tenant, CancellationToken cancellationToken);

    /// <summary>Makes a service, or changes where its resources come from.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="verify">An address as text, or the resources as an array.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Forbidden when another tenant owns it.</exception>
    Task SaveAsync(string name, JsonElement verify, CancellationToken cancellationToken) =>
        PostAsync(new ServiceBody { Name = name, Verify = verify }, cancellationToken);

    /// <summary>Says which tenants may take it up.</summary>
    /// <param name="name">The service.</param>
    /// <param name="tenants">The tenants.</param>
    /// <param name="replace">Whether all others lose the right, and what they have of the service; else these are added. The owner always
    /// has it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task SetTenantsAsync(string name, IReadOnlyList<string> tenants, bool replace, CancellationToken cancellationToken)
    {
        // Several tenants go as a text that holds a JSON array; a real array is refused. They go by full name: what is to stay is told by
        // comparing those.
        var full = tenants.Select(Full).ToList();
        var text = full.Count == 1 ? full[0] : JsonSerializer.Serialize(full, K2hr3Json.Default.IReadOnlyListString);
        return PostTenantsAsync(name, new ServiceBody { Tenant = text, ClearTenant = replace ? true : null }, cancellationToken);
    }

    /// <summary>The full name of a tenant.</summary>
    /// <param name="tenant">Its name, or its full name.</param>
    static string Full(string tenant) => tenant.StartsWith(TenantPrefix, StringComparison.Ordinal) ? tenant : TenantPrefix + tenant;

    /// <summary>Whether a tenant may take it up.</summary>
    /// <param name="name">The service.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task<bool> HasTenantAsync(string name, string tenant, CancellationToken cancellationToken) =>
        Answers.IsYesAsync(AskTenantAsync(name, tenant, cancellationToken));
}
