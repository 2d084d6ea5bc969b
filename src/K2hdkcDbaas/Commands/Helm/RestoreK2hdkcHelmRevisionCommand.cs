using System.Globalization;
using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Backends;
using K2hdkcDbaas.Core.Model;

namespace K2hdkcDbaas.Commands;

/// <summary>
/// Goes back to a former revision of a cluster's Helm release, which becomes its newest one. The chart's Jobs do not run for that, and no
/// keys are moved: what would change the number of servers or restart them is refused.
/// </summary>
[Cmdlet(VerbsData.Restore, "K2hdkcHelmRevision", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(HelmRevision))]
public sealed class RestoreK2hdkcHelmRevisionCommand : FlowCmdlet
{
    /// <summary>The cluster, by name or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The revision's number; the one before the newest that was deployed when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(1, int.MaxValue)]
    public int? Revision { get; set; }

    /// <summary>Goes back though data may be hidden or lost by it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var releases = FeatureOf<IHelmReleases>(Cluster);
        var which = Revision is { } number ? string.Create(CultureInfo.InvariantCulture, $"revision {number}") : "the former revision";
        if (!ShouldProcess(Cluster.Name, $"Go back to {which} of the Helm release")) return;
        if (TryRun(Cluster.Name, (output, token) => releases.RestoreAsync(Cluster.Key, Revision, Flow(output, Force), token), out var made))
            WriteObject(made);
    }
}
