using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Gets the revisions that Helm keeps of a cluster's release, the newest first. Needs no helm program.</summary>
[Cmdlet(VerbsCommon.Get, "K2hdkcHelmRevision")]
[OutputType(typeof(HelmRevision))]
public sealed class GetK2hdkcHelmRevisionCommand : BackendCmdlet
{
    /// <summary>The clusters, by name or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNullOrEmpty]
    [ClusterArgument]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var cluster in Cluster)
        {
            var releases = FeatureOf<IHelmReleases>(cluster);
            if (TryRun(cluster.Name, (_, token) => releases.GetRevisionsAsync(cluster.Key, token), out var found))
                WriteObject(found, enumerateCollection: true);
        }
    }
}
