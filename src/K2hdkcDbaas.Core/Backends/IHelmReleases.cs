using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>What Helm keeps of clusters that are releases of a chart, and what became of it.</summary>
[FeatureName("Helm releases")]
public interface IHelmReleases
{
    /// <summary>The revisions of a cluster's release that Helm keeps, the newest first.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<HelmRevision>> GetRevisionsAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>Goes back to a former revision, which becomes a new one (rollback).</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="revision">The revision's number; null for the one before the newest that was deployed.</param>
    /// <param name="options">How to behave; <see cref="FlowOptions.Force"/> also where data may be lost by it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="Errors.DbaasException"><c>HelmReleaseNotFound</c>, or <c>DataAtRisk</c>: it would change the number of nodes
    /// without moving keys, or restart pods.</exception>
    Task<HelmRevision> RestoreAsync(string cluster, int? revision, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>In what the release's objects are not as Helm made them: others have changed them, and the next change by Helm may change
    /// them back.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<HelmDrift>> GetDriftAsync(string cluster, CancellationToken cancellationToken);
}
