using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Parts;

/// <summary>What only a service that manages clusters itself does with them and their members.</summary>
internal static class ServiceOperation
{
    /// <summary>Asks the service, or says that this cluster's back end has none.</summary>
    /// <param name="cmdlet">The cmdlet that was called.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="target">What an error is about.</param>
    /// <param name="work">What to ask.</param>
    /// <returns>False when it failed; the error has been written then.</returns>
    public static bool Operate(this FlowCmdlet cmdlet, ClusterReference cluster, string target,
        Func<IServiceOperations, CommandOutput, CancellationToken, Task> work)
    {
        IServiceOperations service;
        try
        {
            service = cmdlet.Connection.Feature<IServiceOperations>(cmdlet.BackendNameOf(cluster));
        }
        catch (DbaasException fault)
        {
            cmdlet.Fail(fault, target);
            return false;
        }

        return cmdlet.Run(target, (output, token) => work(service, output, token));
    }

    /// <summary>Asks ShouldProcess for each member, and the service for what is to be done with it.</summary>
    /// <param name="cmdlet">The cmdlet that was called.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nodes">The members.</param>
    /// <param name="action">What is done, for ShouldProcess.</param>
    /// <param name="passThru">Whether the name of each member that it was done with is written.</param>
    /// <param name="work">What to ask; it gets the member's id or name.</param>
    public static void OperateOnMembers(
        this FlowCmdlet cmdlet, ClusterReference cluster, IEnumerable<NodeReference> nodes, string action, bool passThru,
        Func<IServiceOperations, string, FlowOptions, CancellationToken, Task> work)
    {
        foreach (var node in nodes)
        {
            if (!cmdlet.ShouldProcess($"{node.Name} of {cluster.Name}", action)) continue;
            if (cmdlet.Operate(cluster, node.Name, (service, output, token) => work(service, node.Key, cmdlet.Flow(output), token))
                && passThru)
                cmdlet.WriteObject(node.Name);
        }
    }
}
