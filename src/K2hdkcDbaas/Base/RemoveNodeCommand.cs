using System.Management.Automation;
using K2hdkcDbaas.Core;

namespace K2hdkcDbaas.Commands;

/// <summary>A cmdlet that removes nodes of one role from their cluster.</summary>
public abstract class RemoveNodeCommand : FlowCommand
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>Puts out what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected abstract NodeRole Role { get; }

    /// <summary>Removes one node after the other, so that each one's data can move.</summary>
    private protected void Remove(NodeReference[] nodes, string action, bool force)
    {
        var backend = BackendOf(Cluster);
        foreach (var node in nodes)
        {
            if (!ShouldProcess($"{node.Name} of {Cluster.Name}", action)) continue;
            if (TryRun(node.Name, (output, token) => backend.RemoveNodeAsync(Cluster.Key, Role, node.Key, Flow(output, force), token), out var removed) && PassThru)
                WriteObject(removed, enumerateCollection: true);
        }
    }
}
