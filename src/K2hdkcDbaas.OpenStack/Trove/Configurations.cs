using System.Net;
using System.Text.Json;
using K2hdkcDbaas.OpenStack.Wire;

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

/// <summary>Trove's configuration groups (/configurations).</summary>
public sealed class ConfigurationsClient
{
    private readonly ServiceEndpoint _trove;

    internal ConfigurationsClient(ServiceEndpoint trove) => _trove = trove;

    /// <summary>The project's groups, page by page.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<DatabaseConfiguration> ListAsync(CancellationToken cancellationToken) =>
        _trove.ListAsync("/configurations", DatabaseJson.Default.ConfigurationsReply, p => p.Configurations, p => LinkBody.Next(p.Links), cancellationToken);

    /// <summary>A group with its settings, by its id.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<DatabaseConfiguration> GetAsync(string id, CancellationToken cancellationToken) =>
        (await _trove.GetAsync(Path(id), DatabaseJson.Default.ConfigurationReply, cancellationToken).ConfigureAwait(false)).Configuration;

    /// <summary>The instances that have a group, members of clusters among them.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<InstanceReference> ListInstancesAsync(string id, CancellationToken cancellationToken) =>
        _trove.ListAsync(Path(id) + "/instances", DatabaseJson.Default.InstanceReferencesReply, p => p.Instances, p => LinkBody.Next(p.Links), cancellationToken);

    /// <summary>Makes a group (200).</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="datastore">The datastore and version it is for.</param>
    /// <param name="values">Its settings, integers as numbers.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="Http.ServiceException">InvalidRequest for an unknown setting, a wrong type or a value out of range, and the common ones.</exception>
    public async Task<DatabaseConfiguration> CreateAsync(string name, string? description, DatastoreReference datastore, IReadOnlyDictionary<string, JsonElement> values,
        CancellationToken cancellationToken) =>
        (await _trove.PostAsync("/configurations", new ConfigurationRequest(new ConfigurationBody { Name = name, Description = description, Datastore = datastore, Values = values }),
            DatabaseJson.Default.ConfigurationRequest, DatabaseJson.Default.ConfigurationReply, [HttpStatusCode.OK, HttpStatusCode.Accepted], cancellationToken).ConfigureAwait(false)).Configuration;

    /// <summary>Replaces all settings of a group (PUT, 202), and its name and description where given.</summary>
    /// <param name="id">The id.</param>
    /// <param name="values">All its settings.</param>
    /// <param name="name">Its new name; null leaves it.</param>
    /// <param name="description">Its new description; null leaves it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task ReplaceAsync(string id, IReadOnlyDictionary<string, JsonElement> values, string? name, string? description, CancellationToken cancellationToken) =>
        _trove.SendAsync(HttpMethod.Put, Path(id), [HttpStatusCode.OK, HttpStatusCode.Accepted], cancellationToken,
            r => r.WithJson(new ConfigurationRequest(new ConfigurationBody { Values = values, Name = name, Description = description }), DatabaseJson.Default.ConfigurationRequest));

    /// <summary>Changes single settings of a group (PATCH, 200).</summary>
    /// <param name="id">The id.</param>
    /// <param name="values">The settings to change.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task ChangeAsync(string id, IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken) =>
        _trove.SendAsync(HttpMethod.Patch, Path(id), [HttpStatusCode.OK, HttpStatusCode.Accepted], cancellationToken,
            r => r.WithJson(new ConfigurationRequest(new ConfigurationBody { Values = values }), DatabaseJson.Default.ConfigurationRequest));

    /// <summary>Deletes a group (202).</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such group.</returns>
    /// <exception cref="Http.ServiceException">Conflict while an instance has it.</exception>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var response = await _trove.SendAsync(HttpMethod.Delete, Path(id), [HttpStatusCode.Accepted, HttpStatusCode.NotFound], cancellationToken).ConfigureAwait(false);
        return response.Status == HttpStatusCode.Accepted;
    }

    private static string Path(string id) => "/configurations/" + ServiceEndpoint.Segment(id, "configuration group");
}

internal sealed record ConfigurationsReply(IReadOnlyList<DatabaseConfiguration> Configurations)
{
    public IReadOnlyList<LinkBody>? Links { get; init; }
}

internal sealed record ConfigurationReply(DatabaseConfiguration Configuration);

internal sealed record ConfigurationRequest(ConfigurationBody Configuration);

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
