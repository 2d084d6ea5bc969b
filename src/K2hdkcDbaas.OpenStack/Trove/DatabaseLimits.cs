using K2hdkcDbaas.OpenStack.Wire;

namespace K2hdkcDbaas.OpenStack.Trove;

/// <summary>What the project may have; -1 is no limit.</summary>
public sealed record DatabaseLimits
{
    /// <summary>ABSOLUTE for these; other entries are rates.</summary>
    public string? Verb { get; init; }

    /// <summary>Instances allowed.</summary>
    public int? MaxInstances { get; init; }

    /// <summary>Backups allowed.</summary>
    public int? MaxBackups { get; init; }

    /// <summary>Volume allowed, GiB.</summary>
    public int? MaxVolumes { get; init; }

    /// <summary>Memory allowed, MiB.</summary>
    public int? MaxRam { get; init; }
}

/// <summary>A quota of a project.</summary>
/// <param name="Resource"><c>instances</c>, <c>volumes</c>, <c>backups</c> or <c>ram</c>.</param>
/// <param name="Limit">How much is allowed; -1 is no limit.</param>
public sealed record DatabaseQuota(string Resource, long Limit)
{
    /// <summary>How much is used.</summary>
    public long InUse { get; init; }

    /// <summary>How much is set aside for what is being made.</summary>
    public long Reserved { get; init; }
}

/// <summary>Trove's limits and quotas (/limits, /mgmt/quotas).</summary>
public sealed class DatabaseLimitsClient
{
    private readonly ServiceEndpoint _trove;

    internal DatabaseLimitsClient(ServiceEndpoint trove) => _trove = trove;

    /// <summary>What the project may have.</summary>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<DatabaseLimits> GetAsync(CancellationToken cancellationToken) =>
        (await _trove.GetAsync("/limits", DatabaseJson.Default.DatabaseLimitsReply, cancellationToken).ConfigureAwait(false)).Limits.FirstOrDefault(l => l.Verb == "ABSOLUTE") ?? new DatabaseLimits();

    /// <summary>A project's quotas with what is used; the session's own project, or any for administrators.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<DatabaseQuota>> GetQuotasAsync(string projectId, CancellationToken cancellationToken) =>
        (await _trove.GetAsync("/mgmt/quotas/" + ServiceEndpoint.Segment(projectId, "project"), DatabaseJson.Default.DatabaseQuotasReply, cancellationToken).ConfigureAwait(false)).Quotas;
}

internal sealed record DatabaseLimitsReply(IReadOnlyList<DatabaseLimits> Limits);

internal sealed record DatabaseQuotasReply(IReadOnlyList<DatabaseQuota> Quotas);
