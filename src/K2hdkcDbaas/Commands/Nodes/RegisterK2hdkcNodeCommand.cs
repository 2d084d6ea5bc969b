using System.Management.Automation;
using K2hdkcDbaas.Base;
using K2hdkcDbaas.Binding;
using K2hdkcDbaas.Completers;
using K2hdkcDbaas.Parts;

namespace K2hdkcDbaas.Commands;

/// <summary>Lets a running Trove instance into a cluster (again): attaches the configuration group that names the cluster.</summary>
[Cmdlet(VerbsLifecycle.Register, "K2hdkcNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(string))]
public sealed class RegisterK2hdkcNodeCommand : FlowCmdlet
{
    /// <summary>The cluster, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ClusterCompleter))]
    [ValidateNotNull]
    [ClusterArgument]
    public ClusterReference Cluster { get; set; } = null!;

    /// <summary>The nodes, by name, id, address or object.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [NodeArgument]
    public NodeReference[] Node { get; set; } = [];

    /// <summary>The configuration group, by name, id or object; the cluster's own when not given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ConfigurationGroupCompleter))]
    [ValidateNotNull]
    [ConfigurationGroupArgument]
    public ConfigurationGroupReference? ConfigurationGroup { get; set; }

    /// <summary>Returns the name of each node that it was done with.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => this.OperateOnMembers(
        Cluster, Node, "Let into the cluster by attaching its configuration group", PassThru,
        (service, node, options, token) => service.AttachConfigurationAsync(Cluster.Key, node, ConfigurationGroup?.Key, options, token));
}
