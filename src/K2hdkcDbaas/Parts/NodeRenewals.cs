using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Core.Ring;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Parts;

/// <summary>Nodes that are recreated in place, and what they are recreated for.</summary>
internal static class NodeRenewals
{
    /// <summary>
    /// Asks ShouldProcess and changes what a cluster's nodes are made of. With -Wait they are recreated, one after the other; else
    /// they go on as they are, which is told.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that was called.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="action">What is done, for ShouldProcess.</param>
    /// <param name="parameters">What is said of the nodes.</param>
    /// <param name="isForced">Whether nothing is done for the data.</param>
    /// <param name="passThru">Whether the nodes are written.</param>
    /// <param name="change">Makes the change; it gives the nodes that are to be recreated for it.</param>
    public static void ChangeAndRenew(
        this FlowCmdlet cmdlet, ClusterReference cluster, string action, NodeTemplateParameters parameters, bool isForced, bool passThru,
        Func<INodeRenewal, NodeTemplate, FlowOptions, CancellationToken, Task<IReadOnlyList<ClusterNode>>> change)
    {
        if (!cmdlet.ShouldProcess(cluster.Name, action)) return;
        var session = cmdlet.Connection;
        var name = cmdlet.BackendNameOf(cluster);
        cmdlet.Run(cluster.Name, async (output, token) =>
        {
            var renewal = session.Feature<INodeRenewal>(name);
            var options = cmdlet.Flow(output, isForced);
            var nodes = await change(renewal, parameters.Template(name), options, token).ConfigureAwait(false);
            if (!cmdlet.Wait)
            {
                options.Observer.Warning(
                    $"The nodes of '{cluster.Name}' go on as they are until they are recreated: -Wait does that one after the other, and "
                        + $"so does Restart-K2hdkcNode.");
                if (!passThru) return;
                foreach (var node in nodes) await output.WriteAsync(node, token).ConfigureAwait(false);
                return;
            }

            await RingRenewal.RunAsync(session, session.GetBackend(name), cluster.Key, nodes, options,
                node => passThru ? output.WriteAsync(node, token) : Task.CompletedTask, token).ConfigureAwait(false);
        });
    }

    /// <summary>Recreates nodes, one after the other.</summary>
    /// <param name="cmdlet">The cmdlet that was called.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="names">The nodes, by name or id.</param>
    /// <param name="isForced">Whether nothing is done for the data.</param>
    /// <param name="passThru">Whether the name of each is written.</param>
    public static void Renew(this FlowCmdlet cmdlet, ClusterReference cluster, IReadOnlyList<string> names, bool isForced, bool passThru)
    {
        var backend = cmdlet.BackendOf(cluster);
        cmdlet.Run(cluster.Name, async (output, token) =>
        {
            var nodes = new List<ClusterNode>();
            foreach (var name in names)
            {
                var found = await backend.GetNodesAsync(cluster.Key, null, name, token).Where(n => n.Id is not null)
                    .FirstOrDefaultAsync(token).ConfigureAwait(false);
                nodes.Add(found ?? throw new DbaasException(ErrorKind.NotFound, ErrorIds.NodeNotFound,
                    $"Cluster '{cluster.Name}' has no node '{name}'; nothing was changed.",
                    $"See its nodes with Get-K2hdkcNode {cluster.Name} and Get-K2hdkcSlave {cluster.Name}.")
                { Target = name });
            }

            await RingRenewal.RunAsync(cmdlet.Connection, backend, cluster.Key, nodes, cmdlet.Flow(output, isForced),
                node => passThru ? output.WriteAsync(node.Name, token) : Task.CompletedTask, token).ConfigureAwait(false);
        });
    }
}
