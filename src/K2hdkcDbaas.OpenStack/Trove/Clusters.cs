using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Errors;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Keystone;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A cluster that Trove made in bulk.</summary>
public sealed record DatabaseCluster
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>What Trove is doing with it.</summary>
    public required ClusterTask Task { get; init; }

    /// <summary>What it runs.</summary>
    public DatastoreReference? Datastore { get; init; }

    /// <summary>Its members.</summary>
    public IReadOnlyList<ClusterMember> Instances { get; init; } = [];

    /// <summary>The id of its configuration group.</summary>
    [JsonPropertyName("configuration")]
    public string? ConfigurationId { get; init; }

    /// <summary><c>affinity</c> or <c>anti-affinity</c>.</summary>
    public string? Locality { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Whether no task is under way; while one is, Trove answers 422 to every action.</summary>
    [JsonIgnore]
    public bool IsIdle => Task.Name == "NONE";
}

/// <summary>Trove's clusters (Database API reference, "Clusters"; the actions are those of trove/cluster/service.py).</summary>
internal interface IDatabaseClusters
{
    /// <summary>A page of the project's clusters.</summary>
    /// <param name="marker">Where the page before ended; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/clusters")]
    Task<ClustersReply> ListPageAsync([Query] string? marker, CancellationToken cancellationToken);

    /// <summary>A cluster by its id (never by name).</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    [Get("/clusters/{id}")]
    Task<DatabaseCluster> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Makes a cluster.</summary>
    /// <param name="cluster">What to make.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/clusters"), Headers(Call.Expect + "200,202")]
    Task<DatabaseCluster> PostAsync([Body] NewClusterBody cluster, CancellationToken cancellationToken);

    /// <summary>Adds members.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="grow">Which.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/clusters/{id}"), Headers(Call.Expect + "202")]
    Task<DatabaseCluster> PostGrowAsync(string id, [Body] IReadOnlyList<NewMemberBody> grow, CancellationToken cancellationToken);

    /// <summary>Removes members.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="shrink">Which.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/clusters/{id}"), Headers(Call.Expect + "202")]
    Task<DatabaseCluster> PostShrinkAsync(string id, [Body] IReadOnlyList<IdBody> shrink, CancellationToken cancellationToken);

    /// <summary>Gives a cluster a configuration group.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="attach">Which.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/clusters/{id}"), Headers(Call.Expect + "202")]
    Task PostAttachAsync(string id, [Body] AttachBody attach, CancellationToken cancellationToken);

    /// <summary>Runs an action.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="action">Which.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/clusters/{id}"), Headers(Call.Expect + "202")]
    Task ActAsync(string id, [Body] JsonElement action, CancellationToken cancellationToken);

    /// <summary>Asks for the deletion of a cluster.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/clusters/{id}"), Headers(Call.Expect + "202")]
    Task DeleteOneAsync(string id, CancellationToken cancellationToken);

    /// <summary>The project's clusters, page by page.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<DatabaseCluster> ListAsync(CancellationToken cancellationToken) =>
        Pages.AllAsync("trove", ListPageAsync, p => p.Clusters, p => LinkBody.Next(p.Links), cancellationToken);

    /// <summary>Makes a cluster (200); its task is BUILDING until it is done.</summary>
    /// <param name="cluster">What to make.</param>
    /// <param name="cancellationToken">Ends the request; the cluster may have been made then.</param>
    /// <exception cref="ServiceException">
    /// QuotaExceeded, FlavorNotFound, NetworkNotFound, DatastoreNotFound, DatastoreVersionNotFound and the common ones. Trove may leave a
    /// cluster behind that is BUILDING for ever; the message then names it.
    /// </exception>
    async Task<DatabaseCluster> CreateAsync(NewDatabaseCluster cluster, CancellationToken cancellationToken)
    {
        var body = new NewClusterBody(cluster.Name, cluster.Datastore, Bodies(cluster.Members))
        {
            Configuration = cluster.ConfigurationId,
            Locality = cluster.Locality
        };
        try
        {
            return await PostAsync(body, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e)
        {
            var first = cluster.Members.Count > 0 ? cluster.Members[0] : null;
            var known = TroveRefusals.Explain(e, cluster.Datastore, first?.FlavorId, first?.Nics);
            throw await NameLeftoverAsync(known, cluster.Name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds members (202), all in one task.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="members">The new members.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Conflict while a task is under way; QuotaExceeded and the common ones.</exception>
    async Task<DatabaseCluster> GrowAsync(string id, IReadOnlyList<NewClusterMember> members, CancellationToken cancellationToken)
    {
        try
        {
            return await PostGrowAsync(id, Bodies(members), cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e)
        {
            throw TroveRefusals.Explain(e,
                null, members.Count > 0 ? members[0].FlavorId : null, members.Count > 0 ? members[0].Nics : null);
        }
    }

    /// <summary>Removes members (202). They are looked for first: Trove takes an unknown id, and then shrinks for ever.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="instanceIds">The members' ids.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="DbaasException">NodeNotInCluster; LastNode when nothing would be left.</exception>
    /// <exception cref="ServiceException">Conflict while a task is under way, and the common ones.</exception>
    async Task<DatabaseCluster> ShrinkAsync(string id, IReadOnlyList<string> instanceIds, CancellationToken cancellationToken)
    {
        var cluster = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (instanceIds.FirstOrDefault(i => cluster.Instances.All(m => m.Id != i)) is { } stranger)
            throw new DbaasException(ErrorKind.NotFound, "NodeNotInCluster",
                $"Cluster '{cluster.Name}' has no member with the id '{stranger}'; nothing was changed.",
                "Get-K2hdkcNode lists the cluster's members.")
            { Service = "trove", Target = stranger };
        var leaving = instanceIds.Distinct(StringComparer.Ordinal).ToList();
        if (leaving.Count == 0 || leaving.Count >= cluster.Instances.Count)
            throw new DbaasException(ErrorKind.InvalidInput, "LastNode",
                $"Cluster '{cluster.Name}' has {cluster.Instances.Count} members, of which {leaving.Count} cannot be removed.",
                "Keep one member at least, or remove the cluster.")
            { Service = "trove", Target = cluster.Name };
        return await PostShrinkAsync(id, [.. leaving.Select(i => new IdBody(i))], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Restarts all members (202).</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task RestartAsync(string id, CancellationToken cancellationToken) =>
        ActAsync(id, JsonElement.Parse("""{"restart":{}}"""), cancellationToken);

    /// <summary>Gives a cluster a configuration group (202).</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="configurationId">The group's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task AttachConfigurationAsync(string id, string configurationId, CancellationToken cancellationToken) =>
        PostAttachAsync(id, new AttachBody(configurationId), cancellationToken);

    /// <summary>Takes a cluster's configuration group away (202).</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task DetachConfigurationAsync(string id, CancellationToken cancellationToken) =>
        ActAsync(id, JsonElement.Parse("""{"configuration_detach":{}}"""), cancellationToken);

    /// <summary>Sets a cluster's task to NONE after it got stuck; for administrators, from their own project.</summary>
    /// <param name="id">The cluster's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task ResetStatusAsync(string id, CancellationToken cancellationToken) =>
        ActAsync(id, JsonElement.Parse("""{"reset-status":{}}"""), cancellationToken);

    /// <summary>Asks for the deletion of a cluster (202); it is gone when <see cref="GetAsync"/> says NotFound.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => Pages.WasThereAsync(DeleteOneAsync(id, cancellationToken));

    // After 400, 413 and 500 a row may stay BUILDING that only an administrator can free. Only one that this very call can have made is
    // named.
    private async Task<ServiceException> NameLeftoverAsync(ServiceException failure, string name, CancellationToken cancellationToken)
    {
        if (failure.Status is not (HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.InternalServerError))
            return failure;
        try
        {
            await foreach (var cluster in ListAsync(cancellationToken).ConfigureAwait(false))
            {
                if (cluster.Name != name || cluster.Task.Name != "BUILDING" || cluster.Instances.Count > 0) continue;
                return failure.Rename(failure.ErrorId, failure.Kind,
                    $"{failure.Message} Trove has left an empty cluster '{name}' ({cluster.Id}) behind that is BUILDING for ever.",
                    $"{failure.NextStep} An administrator frees the leftover with reset-status; then it can be removed.", cluster.Id);
            }
        }
        catch (ServiceException)
        {
            // The first failure is the one to tell.
        }
        return failure;
    }

    // The size goes as text, as Trove's own client sends it for clusters.
    private static IReadOnlyList<NewMemberBody> Bodies(IReadOnlyList<NewClusterMember> members) =>
        [.. members.Select(
            m => new NewMemberBody(m.FlavorId,
                new ClusterVolumeBody(m.VolumeSize.ToString(CultureInfo.InvariantCulture)) { Type = m.VolumeType })
            {
                Name = m.Name, Nics = m.Nics, AvailabilityZone = m.AvailabilityZone,
            })];
}

internal sealed record ClustersReply(IReadOnlyList<DatabaseCluster> Clusters)
{
    public IReadOnlyList<LinkBody>? Links { get; init; }
}

internal sealed record NewClusterBody(string Name, DatastoreReference Datastore, IReadOnlyList<NewMemberBody> Instances)
{
    public string? Configuration { get; init; }
    public string? Locality { get; init; }
}

internal sealed record NewMemberBody([property: JsonPropertyName("flavorRef")] string FlavorRef, ClusterVolumeBody Volume)
{
    public string? Name { get; init; }
    public IReadOnlyList<DatabaseNic>? Nics { get; init; }
    public string? AvailabilityZone { get; init; }
}

internal sealed record ClusterVolumeBody(string Size)
{
    public string? Type { get; init; }
}

internal sealed record AttachBody(string ConfigurationId);
