using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Core.Backends;

/// <summary>
/// The machines that nodes run on, where a person may turn them off and on. A node is meant by name, id, cuk, tag or address, whatever its
/// role.
/// </summary>
[FeatureName("machines of nodes to start and stop")]
public interface INodeMachines
{
    /// <summary>Starts a machine that was stopped.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">How to behave; waits until the machine runs if asked.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    Task StartAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Stops a machine. Its disk and its entry in the role stay.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">How to behave; waits until the machine is off if asked.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    Task StopAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>Restarts a machine; with <see cref="FlowOptions.Force"/> without asking its system to end first.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">How to behave; waits until the machine runs again if asked.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    Task RestartAsync(string cluster, string node, FlowOptions options, CancellationToken cancellationToken);

    /// <summary>The end of what a machine has written on its console. Tokens are masked.</summary>
    /// <param name="cluster">The cluster's name or id.</param>
    /// <param name="node">The node.</param>
    /// <param name="lines">How many lines at most.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The lines; none when the machine has written nothing yet.</returns>
    Task<IReadOnlyList<string>> GetConsoleAsync(string cluster, string node, int lines, CancellationToken cancellationToken);
}
