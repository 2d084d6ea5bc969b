using System.Text.Json;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A configuration group.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; not unique.</param>
public sealed record DatabaseConfiguration(string Id, string Name)
{
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Its settings; only when shown alone.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Values { get; init; }

    /// <summary>How many instances have it; only when shown alone.</summary>
    public int? InstanceCount { get; init; }

    /// <summary>The datastore's name.</summary>
    public string? DatastoreName { get; init; }

    /// <summary>The name of the datastore's version.</summary>
    public string? DatastoreVersionName { get; init; }

    /// <summary>The id of the datastore's version.</summary>
    public string? DatastoreVersionId { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }
}

/// <summary>Trove's configuration groups (Database API reference, "Configuration groups").</summary>
internal interface IConfigurations
{
    /// <summary>A page of the project's groups.</summary>
    /// <param name="marker">Where the page before ended; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/configurations")]
    Task<ConfigurationsReply> ListPageAsync([Query] string? marker, CancellationToken cancellationToken);

    /// <summary>A group with its settings, by its id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    [Get("/configurations/{id}")]
    Task<DatabaseConfiguration> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>A page of the instances that have a group.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="marker">Where the page before ended; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/configurations/{id}/instances")]
    Task<InstanceReferencesReply> ListInstancesPageAsync(string id, [Query] string? marker, CancellationToken cancellationToken);

    /// <summary>Makes a group.</summary>
    /// <param name="group">Its name, datastore and settings.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/configurations"), Headers(Call.Expect + "200,202")]
    Task<DatabaseConfiguration> PostAsync([Body] ConfigurationBody group, CancellationToken cancellationToken);

    /// <summary>Replaces all settings of a group.</summary>
    /// <param name="id">The id.</param>
    /// <param name="group">All its settings, and name and description where they shall change.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Put("/configurations/{id}"), Headers(Call.Expect + "200,202")]
    Task PutAsync(string id, [Body] ConfigurationBody group, CancellationToken cancellationToken);

    /// <summary>Changes single settings of a group.</summary>
    /// <param name="id">The id.</param>
    /// <param name="group">The settings to change.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Patch("/configurations/{id}"), Headers(Call.Expect + "200,202")]
    Task PatchAsync(string id, [Body] ConfigurationBody group, CancellationToken cancellationToken);

    /// <summary>Asks for the deletion of a group.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/configurations/{id}"), Headers(Call.Expect + "202")]
    Task DeleteOneAsync(string id, CancellationToken cancellationToken);

    /// <summary>The project's groups, page by page.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<DatabaseConfiguration> ListAsync(CancellationToken cancellationToken) =>
        Pages.AllAsync("trove", ListPageAsync, p => p.Configurations, p => LinkBody.Next(p.Links), cancellationToken);

    /// <summary>The instances that have a group, members of clusters among them.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<InstanceReference> ListInstancesAsync(string id, CancellationToken cancellationToken) =>
        Pages.AllAsync("trove", (marker, ct) => ListInstancesPageAsync(id, marker, ct), p => p.Instances, p => LinkBody.Next(p.Links),
            cancellationToken);

    /// <summary>Makes a group.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="datastore">The datastore and version it is for.</param>
    /// <param name="values">Its settings, integers as numbers.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">InvalidRequest for an unknown setting, a wrong type or a value out of range, and the common
    /// ones.</exception>
    Task<DatabaseConfiguration> CreateAsync(string name, string? description, DatastoreReference datastore,
        IReadOnlyDictionary<string, JsonElement> values,
        CancellationToken cancellationToken) =>
        PostAsync(new ConfigurationBody { Name = name, Description = description, Datastore = datastore, Values = values },
            cancellationToken);

    /// <summary>Replaces all settings of a group, and its name and description where given.</summary>
    /// <param name="id">The id.</param>
    /// <param name="values">All its settings.</param>
    /// <param name="name">Its new name; null leaves it.</param>
    /// <param name="description">Its new description; null leaves it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task ReplaceAsync(string id, IReadOnlyDictionary<string, JsonElement> values, string? name, string? description,
        CancellationToken cancellationToken) =>
        PutAsync(id, new ConfigurationBody { Values = values, Name = name, Description = description }, cancellationToken);

    /// <summary>Changes single settings of a group.</summary>
    /// <param name="id">The id.</param>
    /// <param name="values">The settings to change.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task ChangeAsync(string id, IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken) =>
        PatchAsync(id, new ConfigurationBody { Values = values }, cancellationToken);

    /// <summary>
    /// Asks for the deletion of a group (202); it is gone when <see cref="GetAsync"/> says NotFound. Conflict while an instance has it.
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => Pages.WasThereAsync(DeleteOneAsync(id, cancellationToken));
}

internal sealed record ConfigurationsReply(IReadOnlyList<DatabaseConfiguration> Configurations)
{
    public IReadOnlyList<LinkBody>? Links { get; init; }
}

internal sealed record ConfigurationBody
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public DatastoreReference? Datastore { get; init; }
    public IReadOnlyDictionary<string, JsonElement>? Values { get; init; }
}

internal sealed record InstanceReferencesReply(IReadOnlyList<InstanceReference> Instances)
{
    public IReadOnlyList<LinkBody>? Links { get; init; }
}
