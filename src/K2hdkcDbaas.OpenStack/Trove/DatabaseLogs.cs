using Refit;

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

/// <summary>Trove's logs of instances (Database API reference, "Instance logs").</summary>
internal interface IDatabaseLogs
{
    /// <summary>The logs that an instance shows, null for one with nothing to show.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/instances/{instanceId}/log")]
    Task<DatabaseLogsReply> ShowAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>The logs that an instance shows; the k2hdkc datastore shows none unless the cloud's administrator lets it.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    async Task<IReadOnlyList<DatabaseLog>> ListAsync(string instanceId, CancellationToken cancellationToken) =>
        (await ShowAsync(instanceId, cancellationToken).ConfigureAwait(false)).Logs ?? [];
}

internal sealed record DatabaseLogsReply(IReadOnlyList<DatabaseLog>? Logs);
