using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Commands;

/// <summary>Removes a cluster with all its nodes and configuration, also what a broken create or remove has left.</summary>
[Cmdlet(VerbsCommon.Remove, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(FlowItem))]
public sealed class RemoveK2hdkcClusterCommand : FlowCmdlet
{
    /// <summary>The clusters, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ClusterArgument]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <summary>
    /// Removes though a guard would say no: also servers of which only the cluster's security group says that they are its nodes.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns what was removed.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Cluster.SelectMany(Meant))
        {
            if (!ShouldProcess(reference.Name, "Remove K2HDKC cluster with all its nodes and data")) continue;
            var backend = BackendOf(reference);
            if (TryRun(reference.Name, (output, token) => backend.RemoveClusterAsync(reference.Key, Flow(output, Force), token),
                out var removed) && PassThru)
                WriteObject(removed, enumerateCollection: true);
        }
    }

    /// <summary>The clusters that a pattern means, so that the question names each.</summary>
    private IReadOnlyList<ClusterReference> Meant(ClusterReference reference)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(reference.Key)) return [reference];
        var backend = BackendOf(reference);
        return TryRun(reference.Name,
            async (_, token) => await backend.GetClustersAsync(reference.Key, token).ToListAsync(token).ConfigureAwait(false),
            out var found)
            ? [.. found!.Select(c => new ClusterReference(c))]
            : [];
    }
}
