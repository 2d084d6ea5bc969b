using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Commands;

/// <summary>A cmdlet that does something with single members of a cluster that Trove runs.</summary>
public abstract class MemberOperationCmdlet : ServiceOperationCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The nodes, by name, id, address or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>Puts out the name of each node that it was done with.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract string Action { get; }

    private protected abstract Task DoAsync(IServiceOperations service, string node, FlowOptions options, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var node in Node)
        {
            if (!ShouldProcess($"{node.Name} of {Cluster.Name}", Action)) continue;
            if (Operate(Cluster, node.Name, (service, output, token) => DoAsync(service, node.Key, Flow(output), token)) && PassThru) WriteObject(node.Name);
        }
    }
}
