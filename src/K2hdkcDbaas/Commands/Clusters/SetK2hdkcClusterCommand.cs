using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Core.Model;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Gives a cluster that Trove runs as a whole another configuration group, or takes its group off.</summary>
[Cmdlet(VerbsCommon.Set, "K2hdkcCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    DefaultParameterSetName = Attach)]
[OutputType(typeof(Cluster))]
public sealed class SetK2hdkcClusterCommand : FlowCmdlet
{
    private const string Attach = "Attach";
    private const string Detach = "Detach";

    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The configuration group to attach, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = Attach)]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [ValidateNotNull]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference ConfigurationGroup { get; set; } = null!;

    /// <summary>Detaches the configuration group.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Detach)]
    public SwitchParameter NoConfigurationGroup { get; set; }

    /// <summary>Returns the cluster as it is then.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var attach = ParameterSetName == Attach;
        if (!ShouldProcess(Cluster.Name,
            attach ? $"Attach configuration group {ConfigurationGroup.Name}" : "Detach the configuration group")) return;
        var done = this.Operate(Cluster, Cluster.Name, (service, output, token) => attach
            ? service.AttachConfigurationAsync(Cluster.Key, null, ConfigurationGroup.Key, Flow(output), token)
            : service.DetachConfigurationAsync(Cluster.Key, null, Flow(output), token));
        if (done && PassThru && TryRun(Cluster.Name, (_, token) => BackendOf(Cluster).GetClusterAsync(Cluster.Key, token), out var cluster))
            WriteObject(cluster);
    }
}
