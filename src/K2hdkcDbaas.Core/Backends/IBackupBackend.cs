using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>Full backups of server nodes, and what can be made from them.</summary>
[FeatureName("backups")]
public interface IBackupBackend
{
    /// <summary>Backs server nodes up, as one named set.</summary>
    /// <param name="request">What to back up.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    /// <returns>One backup per node.</returns>
    Task<IReadOnlyList<Backup>> BackupAsync(NewBackup request, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Finds backups, the newest first.</summary>
    /// <param name="cluster">Only of this cluster; a pattern is allowed; null for all.</param>
    /// <param name="pattern">Set, name or id, or a pattern for these; null for all.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    IAsyncEnumerable<Backup> GetBackupsAsync(string? cluster, string? pattern, CancellationToken cancellationToken);

    /// <summary>Deletes one backup; a backup that is already gone counts as deleted.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    Task RemoveBackupAsync(Backup backup, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Makes one server node of an existing cluster from a backup.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="backup">The backup.</param>
    /// <param name="name">The new node's name; null for the name that the backed-up node had.</param>
    /// <param name="template">How it is made; the image is the backup's own.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    Task<ClusterNode> RestoreNodeAsync(string cluster, Backup backup, string? name, NodeTemplate template, FlowOptions options,
        CancellationToken cancellationToken);

    /// <summary>Makes a cluster from a set: one server node per backup.</summary>
    /// <param name="request">The cluster; its node count is the set's.</param>
    /// <param name="backups">The set.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    Task<Cluster> RestoreClusterAsync(NewCluster request, IReadOnlyList<Backup> backups, FlowOptions options,
        CancellationToken cancellationToken);
}
