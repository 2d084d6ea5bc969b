using System.Net;
using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>A log of an instance.</summary>
/// <param name="Name">Its name.</param>
public sealed record DatabaseLog(string Name)
{
    /// <summary><c>SYS</c> or <c>USER</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Disabled, Ready, Published, Partial and so on.</summary>
    public string? Status { get; init; }

    /// <summary>Bytes already in object storage.</summary>
    public long? Published { get; init; }

    /// <summary>Bytes not yet there.</summary>
    public long? Pending { get; init; }

    /// <summary>The container in object storage.</summary>
    public string? Container { get; init; }
}

/// <summary>Trove's logs of instances (/instances/ID/log).</summary>
public sealed class DatabaseLogsClient
{
    private readonly ServiceEndpoint _trove;

    internal DatabaseLogsClient(ServiceEndpoint trove) => _trove = trove;

    /// <summary>The logs that an instance shows; the k2hdkc datastore shows none unless the cloud's administrator lets it.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<DatabaseLog>> ListAsync(string instanceId, CancellationToken cancellationToken) =>
        (await _trove.GetAsync($"/instances/{ServiceEndpoint.Segment(instanceId, "instance")}/log", DatabaseJson.Default.DatabaseLogsReply, cancellationToken).ConfigureAwait(false)).Logs ?? [];

    /// <summary>Puts a log into object storage.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="name">The log's name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<DatabaseLog> PublishAsync(string instanceId, string name, CancellationToken cancellationToken) =>
        (await _trove.PostAsync($"/instances/{ServiceEndpoint.Segment(instanceId, "instance")}/log", new PublishLogRequest(name, 1), DatabaseJson.Default.PublishLogRequest,
            DatabaseJson.Default.DatabaseLogReply, [HttpStatusCode.OK, HttpStatusCode.Accepted], cancellationToken).ConfigureAwait(false)).Log;
}

// Null for an instance with nothing to show.
internal sealed record DatabaseLogsReply(IReadOnlyList<DatabaseLog>? Logs);

internal sealed record DatabaseLogReply(DatabaseLog Log);

internal sealed record PublishLogRequest(string Name, int Publish);
