using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that starts or stops the machines of nodes.</summary>
public abstract class NodeMachineCmdlet : FlowCmdlet
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

    /// <summary>Puts out the name of each node that it was done with.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done, for ShouldProcess.</summary>
    private protected abstract string Action { get; }

    /// <summary>Does it.</summary>
    private protected abstract Task DoAsync(string node, CommandOutput output, CancellationToken cancellationToken);

    /// <summary>The machines of the cluster's back end.</summary>
    private protected INodeMachines Machines => Connection.Feature<INodeMachines>(BackendNameOf(Cluster));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var node in Node)
        {
            if (!ShouldProcess($"{node.Name} of {Cluster.Name}", Action)) continue;
            if (Run(node.Name, (output, token) => DoAsync(node.Key, output, token)) && PassThru) WriteObject(node.Name);
        }
    }
}
