using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Flows;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>Waits until all nodes of clusters run and are registered, also those that another console has asked for.</summary>
[Cmdlet(VerbsLifecycle.Wait, "K2hdkcCluster")]
[OutputType(typeof(Cluster))]
public sealed class WaitK2hdkcClusterCommand : BackendCmdlet
{
    /// <summary>The clusters, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [Alias("Name")]
    [ClusterArgument]
    [ValidateNotNullOrEmpty]
    public ClusterReference[] Cluster { get; set; } = [];

    /// <summary>How long to wait: seconds, text such as 90s, 5m or 1h, or a TimeSpan; 900 seconds when not given.</summary>
    [Parameter]
    [Duration(AtMost = 86400)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(900);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in Cluster)
        {
            var (backend, key) = (BackendOf(reference), reference.Key);
            var done = TryRun(
                reference.Name,
                async (output, token) =>
                {
                    // That there is no such cluster is said at once.
                    await backend.GetClusterAsync(key, token).ConfigureAwait(false);
                    await ReadyWait.ForAsync(
                        $"cluster {reference.Name}",
                        async inner =>
                        {
                            var servers = backend.GetNodesAsync(key, NodeRole.Server, null, inner);
                            return await servers.Concat(backend.GetNodesAsync(key, NodeRole.Slave, null, inner))
                                .ToListAsync(inner).ConfigureAwait(false);
                        },
                        Timeout, TimeProvider.System, output.Observer, token).ConfigureAwait(false);
                    return await backend.GetClusterAsync(key, token).ConfigureAwait(false);
                },
                out var cluster);
            if (done) WriteObject(cluster);
        }
    }
}
