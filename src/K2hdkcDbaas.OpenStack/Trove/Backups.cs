using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;
using Refit;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A backup of one instance.</summary>
public sealed record DatabaseBackup
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>NEW, BUILDING, COMPLETED, FAILED, DELETE_FAILED and so on.</summary>
    public required string Status { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The id of the instance it is of.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The backup it only adds to; null for a whole one.</summary>
    public string? ParentId { get; init; }

    /// <summary>GiB; null until it is done.</summary>
    public double? Size { get; init; }

    /// <summary>What it is of.</summary>
    public DatastoreReference? Datastore { get; init; }

    /// <summary>Where it lies.</summary>
    [JsonPropertyName("locationRef")]
    public string? Location { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Whether it can be restored.</summary>
    [JsonIgnore]
    public bool IsComplete => Status == "COMPLETED";
}

/// <summary>Trove's backups (Database API reference, "Backups").</summary>
internal interface IBackups
{
    /// <summary>A page of the project's backups.</summary>
    /// <param name="marker">Where the page before ended; null for the first page.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/backups")]
    Task<BackupsReply> ListPageAsync([Query] string? marker, CancellationToken cancellationToken);

    /// <summary>A backup by its id (never by name).</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    [Get("/backups/{id}")]
    Task<DatabaseBackup> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Asks for a backup of an instance.</summary>
    /// <param name="backup">Its name, and the instance.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Post("/backups"), Headers(Call.Expect + "202")]
    Task<DatabaseBackup> PostAsync([Body] NewBackupBody backup, CancellationToken cancellationToken);

    /// <summary>Asks for the deletion of a backup.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Delete("/backups/{id}"), Headers(Call.Expect + "202")]
    Task DeleteOneAsync(string id, CancellationToken cancellationToken);

    /// <summary>The project's backups, page by page.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<DatabaseBackup> ListAsync(CancellationToken cancellationToken) =>
        Pages.AllAsync("trove", ListPageAsync, p => p.Backups, p => LinkBody.Next(p.Links), cancellationToken);

    /// <summary>Asks for a whole backup of an instance.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="name">The backup's name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Conflict while the instance is not ready; NotFound, QuotaExceeded and the common
    /// ones.</exception>
    Task<DatabaseBackup> CreateAsync(string instanceId, string name, string? description, CancellationToken cancellationToken) =>
        PostAsync(new NewBackupBody(name, instanceId) { Description = description }, cancellationToken);

    /// <summary>Asks for the deletion of a backup (202); it is gone when <see cref="GetAsync"/> says NotFound.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => Pages.WasThereAsync(DeleteOneAsync(id, cancellationToken));
}

internal sealed record BackupsReply(IReadOnlyList<DatabaseBackup> Backups)
{
    public IReadOnlyList<LinkBody>? Links { get; init; }
}

internal sealed record NewBackupBody(string Name, string Instance)
{
    public string? Description { get; init; }
    public int Incremental { get; init; }
}
