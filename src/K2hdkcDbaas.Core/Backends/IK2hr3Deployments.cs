using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>K2HR3 systems, which clusters need, on what runs the clusters themselves.</summary>
[FeatureName("K2HR3 systems of its own")]
public interface IK2hr3Deployments
{
    /// <summary>Looks for what is known to make <see cref="CreateAsync"/> fail, and changes nothing.</summary>
    /// <param name="request">What would be made.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="Errors.DbaasException">It would fail so.</exception>
    Task CheckAsync(NewK2hr3Deployment request, CancellationToken cancellationToken);

    /// <summary>Makes a system, or what is missing of one.</summary>
    /// <param name="request">The system.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    /// <exception cref="Errors.DbaasException"><c>K2hr3DeploymentExists</c>, and what the service refuses.</exception>
    Task<K2hr3Deployment> CreateAsync(NewK2hr3Deployment request, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>The systems there are, whichever tool has made them.</summary>
    /// <param name="pattern">A name or a pattern.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<IReadOnlyList<K2hr3Deployment>> GetAsync(string pattern, CancellationToken cancellationToken);

    /// <summary>Looks for what is known to make <see cref="RemoveAsync"/> fail, and changes nothing.</summary>
    /// <param name="name">The system's name.</param>
    /// <param name="force">Whether clusters that use it are passed over.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="Errors.DbaasException">It would fail so.</exception>
    Task CheckRemovalAsync(string name, bool force, CancellationToken cancellationToken);

    /// <summary>Removes a system with its data.</summary>
    /// <param name="name">The system's name.</param>
    /// <param name="options">How to behave; <see cref="FlowOptions.Force"/> also where clusters use it.</param>
    /// <param name="cancellationToken">Stops the flow.</param>
    /// <returns>What was removed, in order.</returns>
    /// <exception cref="Errors.DbaasException"><c>K2hr3DeploymentNotFound</c>, <c>K2hr3DeploymentInUse</c>, or another tool runs
    /// it.</exception>
    Task<IReadOnlyList<FlowItem>> RemoveAsync(string name, FlowOptions options, CancellationToken cancellationToken);
}
