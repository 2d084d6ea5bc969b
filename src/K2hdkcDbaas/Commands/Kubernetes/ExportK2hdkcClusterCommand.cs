using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Flows;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Writes the folder by which the command line, k2hr3 database-k8s, shows, scales and deletes a cluster of pods. It holds the authority's
/// key and the role tokens: keep it as safe as a password.
/// </summary>
[Cmdlet(VerbsData.Export, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(DirectoryInfo))]
public sealed class ExportK2hdkcClusterCommand : BackendCmdlet
{
    /// <summary>The clusters, by name or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNullOrEmpty]
    [ClusterArgument]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <summary>
    /// The command line's own folder, which it takes as --dbaas_k8s_config; that of K2HR3CLI_DBAAS_K8S_CONFIG, or ~/.antpickax/dbaas-k8s,
    /// when not given.
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Writes over the folder of a cluster that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns the folder.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var place = Path is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        foreach (var cluster in Cluster)
        {
            var folders = FeatureOf<ICommandLineFolders>(cluster);
            var folder = folders.FolderOf(cluster.Key, place);
            if (!ShouldProcess(folder, $"Write what the command line keeps of cluster {cluster.Name}")) continue;
            if (Run(cluster.Name, (output, token) => folders.ExportAsync(cluster.Key, place,
                new FlowOptions { Force = Force, Observer = output.Observer }, token)) && PassThru)
                WriteObject(InvokeProvider.Item.Get([folder], force: true, literalPath: true), enumerateCollection: true);
        }
    }
}
