using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Restarts single nodes: the machines of Nova's, the database of Trove's members. Pods are recreated, one after the other, after their
/// data was moved to the others.
/// </summary>
[Cmdlet(VerbsLifecycle.Restart, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class RestartK2hdkcNodeCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The server or slave nodes, by name, id, cuk, tag or address, or by object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument(TakesBoth = true)]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>Returns the name of each node that it was done with.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>
    /// Restarts a machine without asking its system to end first, as with the reset button (Nova: a hard reboot); recreates a pod without
    /// moving its data first.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private readonly List<(ClusterReference Cluster, string Node)> _anew = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (BackendOf(Cluster).Feature<INodeRenewal>() is null) RestartMachines();
        else _anew.AddRange(
            Node.Where(n => ShouldProcess($"{n.Name} of {Cluster.Name}", "Restart node")).Select(n => (Cluster, n.Key)));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // All at once, so that this host stays a member of the ring from the first to the last.
        foreach (var nodes in _anew.GroupBy(a => (a.Cluster.Key, BackendNameOf(a.Cluster))))
            this.Renew(nodes.First().Cluster, [.. nodes.Select(n => n.Node).Distinct()], Force, PassThru);
    }

    private void RestartMachines() => this.OperateOnMachines(
        Cluster, Node, "Restart node", PassThru,
        // Where the service has operations of its own for members, they know better than a reset button what to do.
        (node, output, token) => BackendOf(Cluster).Feature<IServiceOperations>() is { } service
            ? service.RestartAsync(Cluster.Key, node, Flow(output, Force), token)
            : this.MachinesOf(Cluster).RestartAsync(Cluster.Key, node, Flow(output, Force), token));
}
