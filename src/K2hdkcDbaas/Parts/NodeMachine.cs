using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core.Backends;

namespace K2hdkcDbaas.Parts;

/// <summary>What is done with the machines of nodes.</summary>
internal static class NodeMachine
{
    /// <summary>The machines of a cluster's back end.</summary>
    /// <exception cref="Errors.DbaasException"><c>BackendNotSupported</c>.</exception>
    public static INodeMachines MachinesOf(this FlowCmdlet cmdlet, ClusterReference cluster) =>
        cmdlet.Connection.Feature<INodeMachines>(cmdlet.BackendNameOf(cluster));

    /// <summary>Asks ShouldProcess for each node, and does what is to be done with it.</summary>
    /// <param name="cmdlet">The cmdlet that was called.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="action">What is done, for ShouldProcess.</param>
    /// <param name="passThru">Whether the name of each node that it was done with is written.</param>
    /// <param name="work">What to do; it gets the node's id or name.</param>
    public static void OperateOnMachines(
        this FlowCmdlet cmdlet, ClusterReference cluster, IEnumerable<NodeReference> nodes, string action, bool passThru,
        Func<string, CommandOutput, CancellationToken, Task> work)
    {
        foreach (var node in nodes)
        {
            if (!cmdlet.ShouldProcess($"{node.Name} of {cluster.Name}", action)) continue;
            if (cmdlet.Run(node.Name, (output, token) => work(node.Key, output, token)) && passThru) cmdlet.WriteObject(node.Name);
        }
    }
}
