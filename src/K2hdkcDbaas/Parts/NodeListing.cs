using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Core;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Errors;

namespace K2hdkcDbaas.Parts;

/// <summary>Writes the nodes of one role of clusters.</summary>
/// <param name="cmdlet">The cmdlet that was called.</param>
/// <param name="role">The nodes' role.</param>
/// <param name="patterns">Names, ids, cuks, tags or addresses, or patterns for these.</param>
internal sealed class NodeListing(BackendCmdlet cmdlet, NodeRole role, string[] patterns)
{
    /// <summary>Writes them.</summary>
    /// <param name="clusters">The clusters, or patterns for them.</param>
    public void Write(IEnumerable<ClusterReference> clusters)
    {
        foreach (var reference in clusters)
        {
            var backend = cmdlet.BackendOf(reference);
            cmdlet.Run(reference.Name, async (output, token) =>
            {
                if (!WildcardPattern.ContainsWildcardCharacters(reference.Key))
                {
                    var missing = await WriteNodesAsync(backend, reference.Key, reference.PipedNode, output, token).ConfigureAwait(false);
                    foreach (var pattern in missing)
                        await output.WriteErrorAsync(NotFound(reference.Name, pattern), pattern, token).ConfigureAwait(false);
                    return;
                }

                // A name over all clusters is missing only when none of them has it.
                HashSet<string>? nowhere = null;
                await foreach (var cluster in backend.GetClustersAsync(reference.Key, token).ConfigureAwait(false))
                {
                    var missing = await WriteNodesAsync(backend, cluster.Id ?? cluster.Name, null, output, token).ConfigureAwait(false);
                    if (nowhere is null) nowhere = [.. missing];
                    else nowhere.IntersectWith(missing);
                }

                foreach (var pattern in nowhere ?? [.. patterns.Where(p => !WildcardPattern.ContainsWildcardCharacters(p))])
                    await output.WriteErrorAsync(NotFound(null, pattern), pattern, token).ConfigureAwait(false);
            });
        }
    }

    private DbaasException NotFound(string? cluster, string pattern)
    {
        var (word, command) = role == NodeRole.Server ? ("server", "Get-K2hdkcNode") : ("slave", "Get-K2hdkcSlave");
        return new DbaasException(
            ErrorKind.NotFound, ErrorIds.NodeNotFound,
            cluster is null ? $"No cluster has a {word} node '{pattern}'." : $"Cluster '{cluster}' has no {word} node '{pattern}'.",
            $"See {(cluster is null ? "all" : "its")} nodes with {command}{(cluster is null ? "" : " " + cluster)}.");
    }

    /// <summary>Writes the nodes of a cluster that are wanted; of a node that was piped, that node alone.</summary>
    /// <returns>The names that fit no node.</returns>
    private async Task<List<string>> WriteNodesAsync(IClusterBackend backend, string key, NodeReference? piped, CommandOutput output,
        CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            var (any, wanted) = (false, new NamePattern(pattern));
            await foreach (var node in backend.GetNodesAsync(key, role, piped?.Key ?? pattern, cancellationToken).ConfigureAwait(false))
            {
                if (piped is not null && !IsSame(piped, node)) continue;
                if (piped is not null && !wanted.Fits(node.Name) && !wanted.Fits(node.Id)) continue;
                any = true;
                // Two patterns may mean one node.
                if (written.Add(node.Id ?? $"{node.Name} {node.IPAddress}"))
                    await output.WriteAsync(node, cancellationToken).ConfigureAwait(false);
            }

            if (any || (piped is null && WildcardPattern.ContainsWildcardCharacters(pattern))) continue;
            missing.Add(piped?.Name ?? pattern);
        }

        return missing;
    }

    // A reference by id means that node, even where another one bears its name or address.
    private static bool IsSame(NodeReference piped, ClusterNode node) => piped.Node?.Id is not { } id || id == node.Id;
}
