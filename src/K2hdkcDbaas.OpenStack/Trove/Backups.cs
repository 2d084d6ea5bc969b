using System.Net;
using System.Text.Json.Serialization;
using K2hdkcDbaas.Http;
using K2hdkcDbaas.OpenStack.Wire;

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

/// <summary>Where backups go.</summary>
public sealed record BackupStrategy
{
    /// <summary>The instance it is for; empty for the whole project.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The container in object storage.</summary>
    public string? SwiftContainer { get; init; }

    /// <summary>The project.</summary>
    public string? ProjectId { get; init; }
}

/// <summary>Trove's backups (/backups, /backup_strategies).</summary>
public sealed class BackupsClient
{
    private readonly ServiceEndpoint _trove;

    internal BackupsClient(ServiceEndpoint trove) => _trove = trove;

    /// <summary>The project's backups, page by page.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<DatabaseBackup> ListAsync(CancellationToken cancellationToken) => List("/backups", cancellationToken);

    /// <summary>The backups of one instance.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<DatabaseBackup> ListOfInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        List($"/instances/{ServiceEndpoint.Segment(instanceId, "instance")}/backups", cancellationToken);

    /// <summary>A backup by its id (never by name).</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">NotFound and the common ones.</exception>
    public async Task<DatabaseBackup> GetAsync(string id, CancellationToken cancellationToken) =>
        (await _trove.GetAsync(Path(id), DatabaseJson.Default.BackupReply, cancellationToken).ConfigureAwait(false)).Backup;

    /// <summary>Asks for a whole backup of an instance (202).</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="name">The backup's name.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ServiceException">Conflict while the instance is not ready; NotFound, QuotaExceeded and the common ones.</exception>
    public async Task<DatabaseBackup> CreateAsync(string instanceId, string name, string? description, CancellationToken cancellationToken) =>
        (await _trove.PostAsync("/backups", new NewBackupRequest(new NewBackupBody(name, instanceId) { Description = description }), DatabaseJson.Default.NewBackupRequest,
            DatabaseJson.Default.BackupReply, [HttpStatusCode.Accepted], cancellationToken).ConfigureAwait(false)).Backup;

    /// <summary>Asks for a backup's deletion (202).</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>False when there was no such backup.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var response = await _trove.SendAsync(HttpMethod.Delete, Path(id), [HttpStatusCode.Accepted, HttpStatusCode.NotFound], cancellationToken).ConfigureAwait(false);
        return response.Status == HttpStatusCode.Accepted;
    }

    /// <summary>Where backups go.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<BackupStrategy>> ListStrategiesAsync(CancellationToken cancellationToken) =>
        (await _trove.GetAsync("/backup_strategies", DatabaseJson.Default.BackupStrategiesReply, cancellationToken).ConfigureAwait(false)).BackupStrategies;

    /// <summary>Says where backups go (202).</summary>
    /// <param name="swiftContainer">The container in object storage.</param>
    /// <param name="instanceId">The instance it is for; null for the whole project.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<BackupStrategy> SetStrategyAsync(string swiftContainer, string? instanceId, CancellationToken cancellationToken) =>
        (await _trove.PostAsync("/backup_strategies", new BackupStrategyBody(new BackupStrategy { SwiftContainer = swiftContainer, InstanceId = instanceId }), DatabaseJson.Default.BackupStrategyBody,
            DatabaseJson.Default.BackupStrategyBody, [HttpStatusCode.OK, HttpStatusCode.Accepted], cancellationToken).ConfigureAwait(false)).BackupStrategy;

    private IAsyncEnumerable<DatabaseBackup> List(string path, CancellationToken cancellationToken) =>
        _trove.ListAsync(path, DatabaseJson.Default.BackupsReply, p => p.Backups, p => LinkBody.Next(p.Links), cancellationToken);

    private static string Path(string id) => "/backups/" + ServiceEndpoint.Segment(id, "backup");
}

internal sealed record BackupsReply(IReadOnlyList<DatabaseBackup> Backups)
{
    public IReadOnlyList<LinkBody>? Links { get; init; }
}

internal sealed record BackupReply(DatabaseBackup Backup);

internal sealed record NewBackupRequest(NewBackupBody Backup);

internal sealed record NewBackupBody(string Name, string Instance)
{
    public string? Description { get; init; }
    public int Incremental { get; init; }
}

internal sealed record BackupStrategiesReply(IReadOnlyList<BackupStrategy> BackupStrategies);

internal sealed record BackupStrategyBody(BackupStrategy BackupStrategy);
