using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Commands;

/// <summary>Waits until nodes run and are registered in their role, also those that another console has asked for.</summary>
[Cmdlet(VerbsLifecycle.Wait, "K2hdkcNode")]
[OutputType(typeof(ClusterNode))]
public sealed class WaitK2hdkcNodeCommand : BackendCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ClusterArgument]
    [ValidateNotNull]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The server or slave nodes, by name, id, cuk, tag or address, or by object; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [SupportsWildcards]
    [NodeArgument(TakesBoth = true)]
    [ValidateNotNullOrEmpty]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>How long to wait: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 900 seconds when not given.</summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(900);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var (backend, key) = (BackendOf(Cluster), Cluster.Key);
        foreach (var reference in Node)
        {
            var done = TryRun(
                reference.Name,
                (output, token) => ReadyWait.ForAsync(
                    $"node {reference.Name} of cluster {Cluster.Name}",
                    async inner =>
                    {
                        var servers = backend.GetNodesAsync(key, NodeRole.Server, reference.Key, inner);
                        var slaves = backend.GetNodesAsync(key, NodeRole.Slave, reference.Key, inner);
                        var all = await servers.Concat(slaves).ToListAsync(inner).ConfigureAwait(false);
                        return all.Count > 0 ? all : throw new DbaasException(
                            ErrorKind.NotFound, ErrorIds.NodeNotFound, $"Cluster '{Cluster.Name}' has no node '{reference.Name}'.",
                            $"See its nodes with Get-K2hdkcNode {Cluster.Name}.")
                        { Target = reference.Name };
                    },
                    Timeout, TimeProvider.System, output.Observer, token),
                out var nodes);
            if (done) WriteObject(nodes, enumerateCollection: true);
        }
    }
}
