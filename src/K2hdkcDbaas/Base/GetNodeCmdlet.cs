using System.Management.Automation;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Clusters;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Base;

/// <summary>A cmdlet that gets nodes of one role.</summary>
public abstract class GetNodeCmdlet : BackendCmdlet
{
    /// <summary>The clusters, by name, id or object; wildcards are allowed; all when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public ClusterReference[] Cluster { get; set; } = [new("*")];

    private protected abstract NodeRole Role { get; }

    /// <summary>Names, ids, cuks, tags or addresses, or patterns for these.</summary>
    private protected abstract string[] Patterns { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Cluster)
        {
            var backend = BackendOf(reference);
            Run(reference.Name, async (output, token) =>
            {
                if (!WildcardPattern.ContainsWildcardCharacters(reference.Key))
                {
                    await WriteNodesAsync(backend, reference.Key, reference.Name, output, token).ConfigureAwait(false);
                    return;
                }

                await foreach (var cluster in backend.GetClustersAsync(reference.Key, token).ConfigureAwait(false))
                    await WriteNodesAsync(backend, cluster.Id ?? cluster.Name, cluster.Name, output, token).ConfigureAwait(false);
            });
        }
    }

    private async Task WriteNodesAsync(IClusterBackend backend, string key, string cluster, CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var pattern in Patterns)
        {
            var any = false;
            await foreach (var node in backend.GetNodesAsync(key, Role, pattern, cancellationToken).ConfigureAwait(false))
            {
                any = true;
                await output.WriteAsync(node, cancellationToken).ConfigureAwait(false);
            }

            if (any || WildcardPattern.ContainsWildcardCharacters(pattern)) continue;
            var fault = new DbaasException(
                ErrorKind.NotFound, ErrorIds.NodeNotFound, $"Cluster '{cluster}' has no {(Role == NodeRole.Server ? "server" : "slave")} node '{pattern}'.",
                $"See its nodes with Get-{(Role == NodeRole.Server ? "K2hdkcNode" : "K2hdkcSlave")} {cluster}.");
            await output.WriteErrorAsync(fault, pattern, cancellationToken).ConfigureAwait(false);
        }
    }
}
