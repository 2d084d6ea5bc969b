using System.Text.Json;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A database instance: one node.</summary>
public sealed record DatabaseInstance
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>BUILD, ACTIVE, HEALTHY, RESTART_REQUIRED, RESIZE, BACKUP, SHUTDOWN, ERROR and so on.</summary>
    public required string Status { get; init; }

    /// <summary>HEALTHY when the guest says so; empty while it does not.</summary>
    public string? OperatingStatus { get; init; }

    /// <summary>What it runs.</summary>
    public DatastoreReference? Datastore { get; init; }

    /// <summary>Its flavor's id.</summary>
    [JsonPropertyName("flavor")]
    [JsonConverter(typeof(ReferenceConverter))]
    public string? FlavorId { get; init; }

    /// <summary>Its volume.</summary>
    public DatabaseVolume? Volume { get; init; }

    /// <summary>Its addresses.</summary>
    public IReadOnlyList<DatabaseAddress>? Addresses { get; init; }

    /// <summary>Its configuration group; only when shown alone.</summary>
    public ConfigurationReference? Configuration { get; init; }

    /// <summary>The id of the cluster it is a member of; only when shown alone.</summary>
    public string? ClusterId { get; init; }

    /// <summary>What went wrong last; may be long over.</summary>
    public DatabaseFault? Fault { get; init; }

    /// <summary>Its region.</summary>
    public string? Region { get; init; }

    /// <summary>When it was asked for; only when shown alone.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed; only when shown alone.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Whether it can be used: ACTIVE or HEALTHY.</summary>
    [JsonIgnore]
    public bool IsReady => Status is "ACTIVE" or "HEALTHY";
}

/// <summary>Trove's instances (Database API reference, "Instances" and "Instance actions").</summary>
internal interface IInstances
{
    /// <summary>A page of the project's instances, members of clusters too.</summary>
    /// <param name="marker">Where the page before ended; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/instances?include_clustered=true")]
    Task<InstancesReply> ListPageAsync([Query] string? marker, CancellationToken cancellationToken);

    /// <summary>An instance by its id (never by name).</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    [Get("/instances/{id}")]
    Task<DatabaseInstance> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Makes an instance.</summary>
    /// <param name="instance">What to make.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/instances"), Headers(Call.Expect + "200,202")]
    Task<DatabaseInstance> PostAsync([Body] NewInstanceBody instance, CancellationToken cancellationToken);

    /// <summary>Changes an instance.</summary>
    /// <param name="id">The id.</param>
    /// <param name="change">What to change. A null must be there as such: without the member Trove says 202 and does nothing.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Put("/instances/{id}"), Headers(Call.Expect + "202")]
    Task PutAsync(string id, [Body] ModifyInstanceBody change, CancellationToken cancellationToken);

    /// <summary>Runs an action.</summary>
    /// <param name="id">The id.</param>
    /// <param name="action">The action and its arguments.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/instances/{id}/action"), Headers(Call.Expect + "202")]
    Task ActAsync(string id, [Body] JsonElement action, CancellationToken cancellationToken);

    /// <summary>Asks for the deletion of an instance.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/instances/{id}"), Headers(Call.Expect + "202")]
    Task DeleteOneAsync(string id, CancellationToken cancellationToken);

    /// <summary>The project's instances, members of clusters too, page by page.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<DatabaseInstance> ListAsync(CancellationToken cancellationToken) =>
        Pages.AllAsync("trove", ListPageAsync, p => p.Instances, p => LinkBody.Next(p.Links), cancellationToken);

    /// <summary>Makes an instance, empty or from a backup (200); it is BUILD until <see cref="DatabaseInstance.IsReady"/>.</summary>
    /// <param name="instance">What to make.</param>
    /// <param name="cancellationToken">Ends the request; the instance may have been made then.</param>
    /// <exception cref="ServiceException">
    /// QuotaExceeded, FlavorNotFound, DatastoreNotFound, DatastoreVersionNotFound and the common ones. An unknown network is taken, and
    /// ends in ERROR with a fault.
    /// </exception>
    async Task<DatabaseInstance> CreateAsync(NewDatabaseInstance instance, CancellationToken cancellationToken)
    {
        var body = new NewInstanceBody
        {
            Name = instance.Name,
            FlavorRef = instance.FlavorId,
            Volume = new NewVolumeBody(instance.VolumeSize) { Type = instance.VolumeType },
            Nics = instance.Nics,
            Datastore = instance.Datastore,
            Configuration = instance.ConfigurationId,
            AvailabilityZone = instance.AvailabilityZone,
            Locality = instance.Locality,
            RestorePoint = instance.BackupId is null ? null : new RestorePointBody(instance.BackupId),
        };
        try
        {
            return await PostAsync(body, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceException e)
        {
            throw TroveRefusals.Explain(e, instance.Datastore, instance.FlavorId, instance.Nics);
        }
    }

    /// <summary>
    /// Asks for the deletion of an instance (202); it is gone when <see cref="GetAsync"/> says NotFound. A cluster's member is refused
    /// unless the cluster is being deleted or shrunk.
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => Pages.WasThereAsync(DeleteOneAsync(id, cancellationToken));

    /// <summary>Gives an instance a configuration group: its node joins that cluster. It may be RESTART_REQUIRED after.</summary>
    /// <param name="id">The instance's id.</param>
    /// <param name="configurationId">The group's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task AttachConfigurationAsync(string id, string configurationId, CancellationToken cancellationToken) =>
        PutAsync(id, new ModifyInstanceBody(configurationId), cancellationToken);

    /// <summary>
    /// Takes the configuration group from an instance: its node leaves the cluster and keeps running. It may be RESTART_REQUIRED after.
    /// </summary>
    /// <param name="id">The instance's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task DetachConfigurationAsync(string id, CancellationToken cancellationToken) =>
        PutAsync(id, new ModifyInstanceBody(null), cancellationToken);

    /// <summary>Restarts the database of an instance (202).</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task RestartAsync(string id, CancellationToken cancellationToken) =>
        ActAsync(id, JsonElement.Parse("""{"restart":{}}"""), cancellationToken);

    /// <summary>Sets an instance's status right after a task got stuck; for administrators.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    Task ResetStatusAsync(string id, CancellationToken cancellationToken) =>
        ActAsync(id, JsonElement.Parse("""{"reset_status":{}}"""), cancellationToken);
}

internal sealed record InstancesReply(IReadOnlyList<DatabaseInstance> Instances)
{
    public IReadOnlyList<LinkBody>? Links { get; init; }
}

internal sealed record NewInstanceBody
{
    public required string Name { get; init; }
    [JsonPropertyName("flavorRef")]
    public required string FlavorRef { get; init; }
    public required NewVolumeBody Volume { get; init; }
    public required DatastoreReference Datastore { get; init; }
    public IReadOnlyList<DatabaseNic>? Nics { get; init; }
    public string? Configuration { get; init; }
    [JsonPropertyName("restorePoint")]
    public RestorePointBody? RestorePoint { get; init; }
    public string? AvailabilityZone { get; init; }
    public string? Locality { get; init; }
}

internal sealed record NewVolumeBody(int Size)
{
    public string? Type { get; init; }
}

internal sealed record RestorePointBody([property: JsonPropertyName("backupRef")] string BackupRef);

internal sealed record ModifyInstanceBody([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Configuration);
