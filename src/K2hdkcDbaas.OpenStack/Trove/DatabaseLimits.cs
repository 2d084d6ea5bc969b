using Refit;

namespace K2hdkcDbaas.OpenStack.Trove;

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

/// <summary>Trove's quotas (Database API reference, "Quotas").</summary>
internal interface IDatabaseLimits
{
    /// <summary>A project's quotas with what is used; the session's own project, or any for administrators.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [Get("/mgmt/quotas/{projectId}")]
    Task<IReadOnlyList<DatabaseQuota>> GetQuotasAsync(string projectId, CancellationToken cancellationToken);
}
