using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets clusters, complete or incomplete, with the nodes that are registered.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcCluster")]
[OutputType(typeof(Cluster))]
public sealed class GetK2hdkcClusterCommand : BackendCmdlet
{
    /// <summary>Names or ids; wildcards are allowed. All when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [Alias("Cluster")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ClusterArgument]
    public ClusterReference[] Name { get; set; } = [new("*")];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Name)
        {
            var backend = BackendOf(reference);
            Run(reference.Name, async (output, token) =>
            {
                if (!WildcardPattern.ContainsWildcardCharacters(reference.Key))
                {
                    await output.WriteAsync(await backend.GetClusterAsync(reference.Key, token).ConfigureAwait(false),
                        token).ConfigureAwait(false);
                    return;
                }

                await foreach (var cluster in backend.GetClustersAsync(reference.Key, token).ConfigureAwait(false))
                    await output.WriteAsync(cluster, token).ConfigureAwait(false);
            });
        }
    }
}
