using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>
/// What a service that manages clusters itself can do with them and their members, beside what every back end can. A member is meant by
/// name or id.
/// </summary>
[FeatureName("operations of the service on clusters and members")]
public interface IServiceOperations
{
    /// <summary>Restarts a cluster, or one member.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="node">The member; null for all.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    Task RestartAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Gives a cluster another configuration group, or lets one instance (back) into the cluster that the group names.</summary>
    /// <param name="cluster">The cluster's name or id; null when <paramref name="node"/> is an instance of no cluster.</param>
    /// <param name="node">The instance; null for the cluster as a whole.</param>
    /// <param name="group">The configuration group's name or id; null for the cluster's own.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    Task AttachConfigurationAsync(string? cluster, string? node, string? group, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Takes the configuration group off: a single instance leaves its cluster and keeps running.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="node">The instance; null for the cluster as a whole.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    Task DetachConfigurationAsync(string cluster, string? node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Frees a cluster or instance from a task that will never end. For administrators.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="node">The instance; null for the cluster as a whole.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task ResetStatusAsync(string cluster, string? node, CancellationToken cancellationToken);
}
